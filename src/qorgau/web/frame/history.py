"""A record's entries in the journal, as sentences for people."""

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
from qorgau.records.publication import history as publication
from qorgau.records.reporting import history as reporting
from qorgau.records.signals import history as signals

READER = JournalReader(
    action
    for app in (identity, places, people, incidents, reporting, publication, signals)
    for action in app.ACTIONS
)


@dataclass(frozen=True)
class HistoryLine:
    """One event: when, who, what, and a remark."""

    at: dt.datetime
    actor: str
    sentence: str
    note: str = ""


def history_of(entries: Iterable[JournalEntry]) -> list[HistoryLine]:
    """The entries for a person who may read their details."""
    return [history_line(entry) for entry in entries]


def history_line(entry: JournalEntry) -> HistoryLine:
    text = READER.read(entry.action, entry.details)
    return HistoryLine(entry.at, actor_label(entry.actor), text.sentence, text.note)


def actor_label(actor: str) -> str:
    """Who did it: the name of a user, or a word in the active language."""
    labels = {SYSTEM: _("The system"), ANONYMOUS: _("Anonymous")}
    return labels.get(actor, actor)
