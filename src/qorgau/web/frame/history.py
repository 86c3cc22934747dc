"""What the journal holds of a record, in sentences that a person reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.foundation.identity import history as identity
from qorgau.foundation.journal.actions import JournalReader
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import ANONYMOUS, SYSTEM
from qorgau.records.incidents import history as incidents
from qorgau.records.people import history as people
from qorgau.records.places import history as places
from qorgau.records.signals import history as signals

READER = JournalReader(
    action for app in (identity, places, people, incidents, signals) for action in app.ACTIONS
)


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened: when, who did it, what, and what was said of it."""

    at: dt.datetime
    actor: str
    sentence: str
    note: str = ""


def history_of(entries: Iterable[JournalEntry]) -> list[HistoryLine]:
    """The entries as a person reads them who may read their details."""
    return [history_line(entry) for entry in entries]


def history_line(entry: JournalEntry) -> HistoryLine:
    said = READER.read(entry.action, entry.details)
    return HistoryLine(entry.at, actor_label(entry.actor), said.sentence, said.note)


def actor_label(actor: str) -> str:
    """Who did it: a user by name, the system and the unknown in the active language."""
    labels = {SYSTEM: _("The system"), ANONYMOUS: _("Anonymous")}
    return labels.get(actor, actor)
