"""Imports that wait for each other: one is ended by PostgreSQL, and done again without a trace."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from qorgau.exchange.incidents.importing import IncidentImport, IncidentImportReport
from qorgau.foundation.journal.verification import verify_journal
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import (
    IncidentDraft,
    edit_incident,
    importing,
    investigation,
    record_incidents,
    recording,
)
from tests.exchange.incidents.conftest import cells
from tests.world import OCCURRED, World
from tests.writers import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def postgres_alone() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writer waits for the whole transaction of another")


class Meeting:
    """Where the first tries of two writers wait for each other, once each."""

    def __init__(self) -> None:
        self._gate = threading.Barrier(2, timeout=20)
        self._been = threading.local()

    def wait(self) -> None:
        if not getattr(self._been, "here", False):
            self._been.here = True
            self._gate.wait()


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[int]], None]:
    """What numbers a writer draws, in this order; and both have their first row before the rest."""
    drawn, meeting = threading.local(), Meeting()
    insert_many = recording.insert_many

    def insert_meeting(rows: Sequence[Any], **options: Any) -> None:
        if hasattr(drawn, "numbers") and rows and isinstance(rows[0], Incident):
            insert_many(rows[:1], **options)
            meeting.wait()
            insert_many(rows[1:], **options)
        else:
            insert_many(rows, **options)

    def choose(wanted: Sequence[int]) -> None:
        drawn.numbers = iter(wanted)

    monkeypatch.setattr(recording, "insert_many", insert_meeting)
    draw = recording.secrets.randbelow
    monkeypatch.setattr(
        recording.secrets,
        "randbelow",
        lambda most: next(getattr(drawn, "numbers", iter([draw(most)]))),
    )
    return choose


def test_equal_numbers_drawn_in_opposite_order(
    world: World, numbers: Callable[[Sequence[int]], None]
) -> None:
    def record(*drawn: int) -> list[Incident]:
        numbers(drawn)
        draft = IncidentDraft(kind="near_miss", unit=world.company, occurred_at=OCCURRED)
        return record_incidents(drafts=[draft] * 2, acting_user=None)

    first, second = at_once(lambda: record(1, 2, 5, 6), lambda: record(2, 1, 7, 8))
    found = {incident.number for incident in [*first, *second]}
    assert len(found) == 4
    assert Incident.objects.filter(number__in=found).count() == 4
    assert verify_journal().is_intact


def test_imports_of_the_same_rows_in_opposite_order(
    world: World,
    numbers: Callable[[Sequence[int]], None],
    mapping: Any,
    now: Any,
    file_of: Callable[..., Path],
) -> None:
    """Equal numbers and equal keys: one file is taken, and the other then finds its rows known."""
    units = file_of([cells(4), cells(5)])
    files = [file_of([cells(n) for n in order], name=f"{order}.csv") for order in ([1, 2], [2, 1])]
    IncidentImport(units, mapping, acting_user=None, now=now).run()

    def take(file: Path, *drawn: int) -> IncidentImportReport:
        numbers(drawn)
        return IncidentImport(file, mapping, acting_user=None, now=now).run()

    reports = at_once(lambda: take(files[0], 1, 2, 5, 6), lambda: take(files[1], 2, 1, 7, 8))
    assert all(report.is_finished for report in reports)
    assert sorted(report.imported for report in reports) == [0, 2]
    assert sorted(report.unchanged for report in reports) == [0, 2]
    assert Incident.objects.filter(source="their-system").count() == 4
    assert verify_journal().is_intact


def test_an_import_and_an_edit_of_an_incident_that_it_revises(
    world: World,
    mapping: Any,
    now: Any,
    file_of: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The import holds the journal and wants the incident, the edit the other way round."""

    def take(*rows: list[str]) -> IncidentImportReport:
        return IncidentImport(file_of(rows), mapping, acting_user=None, now=now).run()

    take(cells(1))
    incident = Incident.objects.get(source_key="1")
    meeting = Meeting()
    for module, name in ((importing, "_revise_known"), (investigation, "append_entry")):
        monkeypatch.setattr(module, name, _after(meeting, getattr(module, name)))
    report, edited = at_once(
        lambda: take(cells(1, story="Told otherwise."), cells(2)),
        lambda: edit_incident(incident=incident, changes={"weather": "Ice"}, acting_user=None),
    )
    assert edited.weather == "Ice"
    assert report.imported == 1
    assert report.updated + report.rejected == 1
    assert verify_journal().is_intact


def _after(meeting: Meeting, work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        meeting.wait()
        return work(*arguments, **named)

    return run
