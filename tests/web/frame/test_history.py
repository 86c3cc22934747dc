"""Entries of the journal as sentences: old ones, unusual ones, and their authors."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.utils import translation

from qorgau.foundation.journal.models import JournalEntry
from qorgau.web.frame.history import HistoryLine, history_of


def line_of(action: str, details: object, actor: str = "officer") -> HistoryLine:
    entry = JournalEntry(
        sequence=1,
        at=dt.datetime(2024, 5, 6, tzinfo=dt.UTC),
        actor=actor,
        action=action,
        subject_kind="incident",
        subject_uuid=uuid.uuid4(),
        details=details if isinstance(details, str) else json.dumps(details),
    )
    return history_of([entry])[0]


def test_a_changed_text_is_named_and_not_quoted() -> None:
    line = line_of("incidents.incident_edited", {"changed": {"finding": "changed"}})
    assert (line.sentence, line.note) == ("Changed: finding", "")


def test_a_revision_by_the_source_is_a_sentence() -> None:
    details = {"number": "2024-000001", "source": "hospital", "changed": ["cause", "involved"]}
    line = line_of("incidents.incident_revised", details)
    assert line.sentence == "Updated by its source: hospital"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "The system"), ("ru", "Система"), ("kk", "Жүйе")]
)
def test_the_system_has_a_name_in_each_language(language: str, text: str) -> None:
    with translation.override(language):
        assert line_of("incidents.incident_moved", {"to": "closed"}, "system").actor == text


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_source_of_the_synthetic_brigade_has_a_name(language: str) -> None:
    with translation.override(language):
        line = line_of("incidents.incident_recorded", {"source": "demonstration"})
    assert "demonstration" not in line.sentence


@pytest.mark.parametrize(
    "details",
    [
        "not JSON",
        "[]",
        {},
        {"to": "a state of long ago"},
        {"to": None, "reason": 3},
        {"changed": "everything"},
        {"changed": {"narrative": "changed", "an old field": ["a", "b", "c"]}},
        {"changed": [1, 2]},
    ],
)
@pytest.mark.parametrize(
    "action",
    [
        "incidents.incident_recorded",
        "incidents.incident_edited",
        "incidents.incident_moved",
        "incidents.incident_revised",
        "signals.signal_triaged",
        "incidents.done_long_ago",
    ],
)
def test_an_entry_in_an_unknown_shape_is_still_a_sentence(action: str, details: object) -> None:
    line = line_of(action, details)
    assert line.sentence
    assert action not in line.sentence
    assert isinstance(line.note, str)
