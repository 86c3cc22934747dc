"""A record's entries in the journal, as sentences for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.foundation.entrance import history as entrance
from qorgau.foundation.identity import history as identity
from qorgau.foundation.identity.queries import names_of_accounts
from qorgau.foundation.journal import history as journal
from qorgau.foundation.journal.actions import JournalReader
from qorgau.foundation.journal.actors import WITH_ACCOUNT, ActorKind
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents import history as incidents
from qorgau.records.people import history as people
from qorgau.records.places import history as places
from qorgau.records.publication import history as publication
from qorgau.records.reporting import history as reporting
from qorgau.records.signals import history as signals

READER = JournalReader(
    action
    for app in (
        *(journal, identity, entrance, places, people, incidents),
        *(reporting, publication, signals),
    )
    for action in app.ACTIONS
)


@dataclass(frozen=True)
class HistoryLine:
    """One event: when, who, what, and a remark."""

    at: dt.datetime
    actor: str
    sentence: str
    note: str = ""


class ActorLabels:
    """Who wrote each of these entries, in the active language; accounts are looked up once."""

    def __init__(self, entries: Iterable[JournalEntry]) -> None:
        self._names = names_of_accounts(
            entry.actor for entry in entries if entry.actor_kind in WITH_ACCOUNT
        )

    def of(self, entry: JournalEntry) -> str:
        if entry.actor_kind in WITH_ACCOUNT:
            name = self._names.get(entry.actor) or _("An account that no longer exists")
            is_program = entry.actor_kind == ActorKind.PROGRAM
            return _("%(name)s (program)") % {"name": name} if is_program else name
        if entry.actor_kind == ActorKind.SYSTEM and entry.actor:
            return _("The system, command of %(name)s") % {"name": entry.actor}
        # Rows of before have no kind: the word itself said it.
        kind = entry.actor_kind or entry.actor
        labels = {ActorKind.SYSTEM: _("The system"), ActorKind.ANONYMOUS: _("Anonymous")}
        return labels.get(kind, entry.actor)


def history_of(entries: Iterable[JournalEntry]) -> list[HistoryLine]:
    """The entries for a person who may read their details."""
    shown = list(entries)
    actors = ActorLabels(shown)
    return [_line(entry, actors) for entry in shown]


def _line(entry: JournalEntry, actors: ActorLabels) -> HistoryLine:
    text = READER.read(entry.action, entry.details)
    return HistoryLine(entry.at, actors.of(entry), text.sentence, text.note)
