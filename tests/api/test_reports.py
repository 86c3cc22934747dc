"""Reports: recorded once, refused at the field, found by code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from qorgau.foundation import clock
from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import Report
from qorgau.records.incidents.services import accept_report, close_report
from qorgau.records.places.models import Area
from tests.api.calling import Program, fields, problem
from tests.world import World

pytestmark = pytest.mark.django_db


def body(**changes: Any) -> dict[str, Any]:
    fields = {
        "submission_key": new_submission_key(),
        "kind": "near_miss",
        "occurred_at": "2024-05-06T14:30:00+05:00",
        "narrative": "A lorry rolled back a metre.",
        "unit": "BDE-1-1",
    }
    return {name: value for name, value in (fields | changes).items() if value is not ...}


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.REPORTER])


def look_up(code: str) -> Any:
    return Program().get("/receipt", headers={"Receipt-Code": code})


def test_four_fields_are_enough_for_a_report(world: World, program: Program) -> None:
    receipt = program.post("/reports", body()).json()
    report = Report.objects.get(uuid=receipt["uuid"])
    assert report.occurred_at == dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC)
    assert (report.unit, report.reporter) == (world.company, world.inside[Role.REPORTER])
    assert receipt["state"] == "received"


def test_everything_that_may_be_sent_arrives(world: World, program: Program) -> None:
    area = Area.objects.get(country="KZ", code="110000000")
    further = {
        "precision": "day",
        "place": "Gate 2",
        "latitude": 51.1,
        "longitude": 71.4,
        "injured_count": 2,
        "immediate_action": "The gate was closed.",
    }
    receipt = program.post("/reports", body(area=str(area.uuid), **further)).json()
    report = Report.objects.get(uuid=receipt["uuid"])
    assert {name: getattr(report, name) for name in further} == further
    assert report.area == area


def test_the_same_report_sent_again_is_the_same_receipt(world: World, program: Program) -> None:
    answer = body()
    first = program.post("/reports", answer)
    rows, reports = JournalEntry.objects.count(), Report.objects.count()
    again = program.post("/reports", answer | {"narrative": "Sent again."})
    assert (again.status_code, again.json()) == (200, first.json())
    assert (JournalEntry.objects.count(), Report.objects.count()) == (rows, reports)


def test_an_anonymous_report_needs_no_unit_and_leaves_no_name(
    world: World, program: Program, end_the_hour: Callable[[], None]
) -> None:
    rows = JournalEntry.objects.count()
    receipt = program.post("/reports", body(is_anonymous=True, unit=...)).json()
    report = Report.objects.get(uuid=receipt["uuid"])
    assert (report.reporter, report.unit) == (None, None)
    end_the_hour()
    written = JournalEntry.objects.order_by("sequence")[rows:]
    assert [(row.actor_kind, row.actor) for row in written] == [("anonymous", "")]


@pytest.mark.parametrize(
    ("changes", "field", "answer"),
    [
        ({"narrative": ...}, "narrative", "This field is required."),
        ({"narrative": ""}, "narrative", "This field is required."),
        ({"narrative": " "}, "narrative", "Describe what happened in a few words."),
        ({"unit": ...}, "unit", "Choose the unit"),
        ({"unit": "BDE-2"}, "unit", "None of your units has the code BDE-2."),
        ({"kind": "party"}, "kind", "Enter one of: 'injury'"),
        ({"submission_key": "1"}, "submission_key", "Send a key of 32 hexadecimal digits"),
        ({"occurred_at": "noon"}, "occurred_at", "Enter a valid date/time."),
        (
            {"occurred_at": "2024-05-06T14:30:00"},
            "occurred_at",
            "Enter the time with its time zone",
        ),
        ({"area": str(uuid.uuid4())}, "area", "There is no such area."),
        ({"latitude": 91}, "latitude", "less than or equal to 90"),
        ({"latitude": "NaN"}, "latitude", "Enter a number."),
        ({"injured_count": -1}, "injured_count", "greater than or equal to 0"),
        ({"injured_count": 1.5}, "injured_count", "Enter a whole number."),
        ({"is_anonymous": "perhaps"}, "is_anonymous", "Enter true or false."),
        ({"place": "x" * 201}, "place", "at most 200 characters"),
        ({"narative": "x"}, "narative", "There is no field with this name."),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    program: Program, changes: dict[str, Any], field: str, answer: str
) -> None:
    rows = JournalEntry.objects.count()
    found = fields(program.post("/reports", body(**changes)))
    assert set(found) == {field}
    assert answer in found[field]
    assert JournalEntry.objects.count() == rows


def test_the_future_is_refused_in_the_sentence_of_the_pages(program: Program) -> None:
    tomorrow = (clock.now() + dt.timedelta(days=1)).isoformat()
    found = fields(program.post("/reports", body(occurred_at=tomorrow)))
    assert "This time is in the future." in found["occurred_at"]


def test_the_code_shows_what_happened_to_the_report(world: World, program: Program) -> None:
    answer = program.post("/reports", body()).json()
    code = answer["receipt_code"]
    assert look_up(code).json()["state"] == "received"
    report = Report.objects.get(uuid=answer["uuid"])
    incident = accept_report(report=report, acting_user=None)
    outcome = look_up(code.lower().replace("-", "")).json()
    assert (outcome["incident"], outcome["incident_state"]) == (incident.number, "triaged")
    assert "narrative" not in outcome


def test_the_code_shows_why_a_report_was_closed(world: World, program: Program) -> None:
    answer = program.post("/reports", body()).json()
    report = Report.objects.get(uuid=answer["uuid"])
    close_report(report=report, reason="not_ours", note="Passed on.", acting_user=None)
    outcome = look_up(answer["receipt_code"]).json()
    assert (outcome["closing_reason"], outcome["closing_note"]) == ("not_ours", "Passed on.")
    assert outcome["incident"] is None


def test_a_wrong_code_shows_nothing(world: World) -> None:
    problem(look_up("0000-0000-0000"), 404)
    assert set(fields(Program().get("/receipt"))) == {"Receipt-Code"}
