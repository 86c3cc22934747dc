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
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.signals.choices import SignalState

LETTERS_OF_A_VALUE = 60


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, who did it, what, and what was said of it."""

    at: dt.datetime
    actor: str
    sentence: str
    note: str = ""


def history_of(entries: Iterable[JournalEntry]) -> list[Line]:
    return [_line(entry) for entry in entries]


def _line(entry: JournalEntry) -> Line:
    details = json.loads(entry.details)
    tell = _SENTENCES.get(entry.action)
    sentence, note = tell(details) if tell else (entry.action, "")
    return Line(entry.at, entry.actor, sentence, note)


def _recorded(details: dict[str, Any]) -> tuple[str, str]:
    if details.get("source"):
        return _("Imported from %(source)s") % {"source": details["source"]}, ""
    return _("Recorded"), ""


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
    values = "; ".join(f"{_shown(before)} → {_shown(after)}" for before, after in changed.values())
    return _("Changed: %(fields)s") % {"fields": names}, values


def _name_of(field: str) -> str:
    try:
        return str(Incident._meta.get_field(field).verbose_name)
    except FieldDoesNotExist:
        return field


def _shown(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return Truncator(text).chars(LETTERS_OF_A_VALUE)


_Teller = Callable[[dict[str, Any]], tuple[str, str]]
_SENTENCES: dict[str, _Teller] = {
    "incidents.incident_recorded": _recorded,
    "incidents.incident_moved": _moved,
    "incidents.incident_edited": _edited,
    "incidents.person_added": lambda _details: (_("A person involved was added"), ""),
    "incidents.injury_added": lambda _details: (_("An injury was added"), ""),
    "signals.signal_triaged": _signal_triaged,
}
