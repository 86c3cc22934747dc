"""What was done to an account and its roles, for who manages it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qorgau.foundation.identity.history import UserCreated
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.queries import entries_about
from qorgau.records.people.history import ACCESS_ACTIONS
from qorgau.records.people.queries import units_visible_to
from qorgau.web.frame.history import HistoryLine, history_of

# Signing in, tokens and what was opened are for auditors.
_SHOWN = [UserCreated.key, *(action.key for action in ACCESS_ACTIONS)]
MOST_LINES = 40


def history_of_account(account: User, user: User) -> list[HistoryLine]:
    """Newest first; what is about a unit that the reader does not manage is left out."""
    newest = entries_about([account.uuid]).filter(action__in=_SHOWN).order_by("-sequence")
    return history_of(_readable(list(newest[:MOST_LINES]), user))


def _readable(entries: list[JournalEntry], user: User) -> Iterator[JournalEntry]:
    codes = {entry.sequence: json.loads(entry.details).get("unit") for entry in entries}
    wanted = {code for code in codes.values() if code}
    units = units_visible_to(user, Capability.MANAGE_ACCESS).filter(code__in=wanted)
    managed = set(units.values_list("code", flat=True)) if wanted else set()
    for entry in entries:
        if codes[entry.sequence] is None or codes[entry.sequence] in managed:
            yield entry
