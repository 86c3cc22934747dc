"""What the journal says of a record, in sentences a person reads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import SYSTEM
from qorgau.records.incidents.choices import IncidentState, source_label
from qorgau.records.incidents.models import Incident, InvolvedPerson
from qorgau.records.signals.choices import SignalState

LETTERS_OF_A_VALUE = 60


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened: when, who did it, what, and what was said of it."""

    at: dt.datetime
    actor: str
    sentence: str
    note: str = ""


def history_of(entries: Iterable[JournalEntry]) -> list[HistoryLine]:
    return [_line(entry) for entry in entries]


def _line(entry: JournalEntry) -> HistoryLine:
    sentence, note = _read(entry)
    actor = _("The system") if entry.actor == SYSTEM else entry.actor
    return HistoryLine(entry.at, actor, sentence, note)


def _read(entry: JournalEntry) -> tuple[str, str]:
    """What an entry says; one in a shape that nobody knows any longer still is a sentence."""
    read = _SENTENCES.get(entry.action)
    try:
        details = json.loads(entry.details)
        sentence, note = read(details) if read else (_unreadable(), "")
        return sentence, str(note or "")
    except (AttributeError, KeyError, TypeError, ValueError):
        return _unreadable(), ""


def _unreadable() -> str:
    return _("Changed. The details of this entry cannot be read.")


def _recorded(details: dict[str, Any]) -> tuple[str, str]:
    if details.get("source"):
        return _("Imported. Source: %(source)s") % {"source": _source(details)}, ""
    return _("Recorded"), ""


def _revised(details: dict[str, Any]) -> tuple[str, str]:
    names = ", ".join(_name_of(field) for field in details["changed"])
    return _("Updated by its source: %(source)s") % {"source": _source(details)}, names


def _source(details: dict[str, Any]) -> str:
    return str(source_label(details["source"]))


def _moved(details: dict[str, Any]) -> tuple[str, str]:
    to = IncidentState(details["to"]).label
    if details.get("into"):
        return _("Merged into %(number)s") % {"number": details["into"]}, ""
    return capfirst(str(to)), details.get("reason", "")


def _signal_triaged(details: dict[str, Any]) -> tuple[str, str]:
    return capfirst(str(SignalState(details["to"]).label)), details.get("reason", "")


def _edited(details: dict[str, Any]) -> tuple[str, str]:
    changed = details.get("changed", {})
    if not changed:
        return _("Saved without a change"), ""
    names = ", ".join(_name_of(field) for field in changed)
    # Of a free text the journal holds only that it was changed.
    pairs = [pair for pair in changed.values() if isinstance(pair, list)]
    values = "; ".join(f"{_shown(before)} → {_shown(after)}" for before, after in pairs)
    return _("Changed: %(fields)s") % {"fields": names}, values


def _name_of(field: str) -> str:
    if field == "involved":
        return str(InvolvedPerson._meta.verbose_name_plural)
    try:
        return str(Incident._meta.get_field(field).verbose_name)
    except FieldDoesNotExist:
        return field


def _shown(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return Truncator(text).chars(LETTERS_OF_A_VALUE)


_Reading = Callable[[dict[str, Any]], tuple[str, str]]
_SENTENCES: dict[str, _Reading] = {
    "incidents.incident_recorded": _recorded,
    "incidents.incident_moved": _moved,
    "incidents.incident_edited": _edited,
    "incidents.incident_revised": _revised,
    "incidents.person_added": lambda _details: (_("A person involved was added"), ""),
    "incidents.injury_added": lambda _details: (_("An injury was added"), ""),
    "signals.signal_triaged": _signal_triaged,
}
