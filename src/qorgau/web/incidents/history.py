"""What happened to an incident, as its page tells it to one reader."""

from __future__ import annotations

import json
from typing import Any

from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.queries import entries_about
from qorgau.records.incidents.history import IncidentMoved
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import numbers_visible_to
from qorgau.web.frame.history import HistoryLine, history_of


def history_shown_to(user: User, incident: Incident) -> list[HistoryLine]:
    """The history, which names no incident that the reader may not open."""
    entries = list(entries_about([incident.uuid]))
    merges = [(entry, _details(entry)) for entry in entries if entry.action == IncidentMoved.key]
    merges = [(entry, details) for entry, details in merges if details.get("into")]
    shown = numbers_visible_to(user, {details["into"] for _entry, details in merges})
    for entry, details in merges:
        if details["into"] not in shown:
            entry.details = json.dumps(details | {"into": None})
    return history_of(entries)


def _details(entry: JournalEntry) -> dict[str, Any]:
    details = json.loads(entry.details)
    return details if isinstance(details, dict) else {}
