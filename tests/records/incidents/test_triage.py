"""A person decides what a report is: every decision, once, with what the reporter will read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation import clock
from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.outbox.models import OutboxMessage
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.incidents.services import (
    accept_report,
    close_report,
    merge_incidents,
    merge_report,
    reopen_report,
    report_incident,
)
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db


def accept(world: World, report: Report) -> None:
    accept_report(report=report, acting_user=world.inside[Role.SAFETY_OFFICER])


def merge(world: World, report: Report) -> None:
    merge_report(report=report, incident=world.incident, acting_user=None)


def close(world: World, report: Report) -> None:
    close_report(report=report, reason="not_ours", note="Passed to the harbour.", acting_user=None)


def reopen(world: World, report: Report) -> None:
    reopen_report(report=report, acting_user=None)


Step = Callable[[World, Report], None]
TO: dict[str, Step] = {"accepted": accept, "merged": merge, "closed": close, "received": reopen}
ALLOWED = {
    ("received", "accepted"), ("received", "merged"), ("received", "closed"),
    ("closed", "received"),
}  # fmt: skip


def state(report: Report) -> str:
    return Report.objects.get(pk=report.pk).state


@pytest.mark.parametrize("to", TO)
@pytest.mark.parametrize("start", TO)
def test_every_decision_on_every_state(world: World, start: str, to: str) -> None:
    if start != "received":
        TO[start](world, world.report)
    incidents, rows = Incident.objects.count(), JournalEntry.objects.count()
    if (start, to) in ALLOWED:
        TO[to](world, world.report)
        assert state(world.report) == to
    else:
        with pytest.raises(ValidationError, match="already been made") as refusal:
            TO[to](world, world.report)
        assert "Someone else may have made it" in refusal.value.messages[0]
        assert state(world.report) == start
        assert (Incident.objects.count(), JournalEntry.objects.count()) == (incidents, rows)


@pytest.mark.parametrize("to", ["accepted", "merged", "closed"])
def test_the_reporter_is_to_be_informed(world: World, to: str) -> None:
    TO[to](world, world.report)
    message = OutboxMessage.objects.get()
    assert message.topic == "report_settled"
    assert message.payload == {"report": str(world.report.uuid), "state": to}


def full_report(world: World) -> Report:
    report, _code = report_incident(
        submission_key=new_submission_key(),
        kind="injury",
        occurred_at=OCCURRED,
        narrative="Two fell from the ladder.",
        unit=world.company,
        acting_user=world.inside[Role.REPORTER],
        injured_count=2,
        place="Tower 3",
        immediate_action="Ladder taken away.",
        latitude=51.1,
        longitude=71.4,
    )
    return report


def test_what_was_reported_becomes_the_incident(world: World) -> None:
    report = full_report(world)
    incident = accept_report(report=report, acting_user=None)
    report.refresh_from_db()
    assert report.incident == incident
    for name in ("kind", "occurred_at", "unit", "narrative", "place", "immediate_action",
                 "latitude", "longitude", "reported_at"):  # fmt: skip
        assert getattr(incident, name) == getattr(report, name)
    assert incident.state == "triaged"
    assert incident.involved.filter(role="injured").count() == 2


def test_who_decides_may_correct_what_was_reported(world: World) -> None:
    corrections = {"kind": "near_miss", "unit": world.other_battalion, "cause": "fall.height"}
    incident = accept_report(report=full_report(world), corrections=corrections, acting_user=None)
    assert (incident.kind, incident.unit, incident.cause) == tuple(corrections.values())


@pytest.mark.parametrize(
    ("corrections", "field"),
    [
        ({"occurred_at": clock.now() + dt.timedelta(days=2)}, "occurred_at"),
        ({"cause": "gremlins"}, "cause"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_wrong_corrections_are_refused_and_the_report_waits_on(
    world: World, corrections: dict[str, Any], field: str
) -> None:
    incidents = Incident.objects.count()
    with pytest.raises(ValidationError) as refusal:
        accept_report(report=world.report, corrections=corrections, acting_user=None)
    assert set(refusal.value.message_dict) == {field}
    assert state(world.report) == "received"
    assert Incident.objects.count() == incidents


def test_a_report_without_a_unit_gets_one_or_stays(world: World) -> None:
    report, _code = report_incident(
        submission_key=new_submission_key(), kind="hazard", occurred_at=OCCURRED,
        narrative="A hole.", unit=None, acting_user=None,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Choose the unit"):
        accept_report(report=report, acting_user=None)
    incident = accept_report(report=report, corrections={"unit": world.company}, acting_user=None)
    assert incident.unit == world.company


def test_a_merged_report_stays_readable_beside_its_incident(world: World) -> None:
    merge(world, world.report)
    assert list(world.incident.reports.all()) == [world.report]
    assert Incident.objects.count() == 1


def test_a_report_is_not_merged_into_an_incident_that_is_itself_merged(world: World) -> None:
    again = world.incident_again()
    as_the_page_showed_it = Incident.objects.get(pk=again.pk)
    merge_incidents(incident=again, into=world.incident, acting_user=None)
    with pytest.raises(ValidationError, match="was itself merged into") as refusal:
        merge_report(report=world.report, incident=as_the_page_showed_it, acting_user=None)
    assert world.incident.number in refusal.value.messages[0]
    assert state(world.report) == "received"


@pytest.mark.parametrize("reason", ["", "because"])
def test_closing_needs_one_of_the_reasons(world: World, reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        close_report(report=world.report, reason=reason, acting_user=None)
    assert set(refusal.value.message_dict) == {"closing_reason"}
    assert state(world.report) == "received"


def test_a_reopened_report_no_longer_carries_the_old_answer(world: World) -> None:
    close(world, world.report)
    reopen(world, world.report)
    report = Report.objects.get(pk=world.report.pk)
    assert (report.closing_reason, report.closing_note) == ("", "")
