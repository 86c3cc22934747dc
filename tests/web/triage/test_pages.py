"""Triage: a report with possible duplicates, and the three decisions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation import clock
from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.incidents.services import close_report, report_incident
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    client = Client()
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    return client


def page_of(client: Client, report: Report) -> str:
    return client.get(reverse("triage_report", args=[report.uuid])).content.decode()


def decide(client: Client, report: Report, name: str, **fields: str) -> str:
    address = reverse(f"{name}_report", args=[report.uuid])
    return client.post(address, fields, follow=True).content.decode()


def state_of(report: Report) -> str:
    return Report.objects.get(pk=report.pk).state


@pytest.fixture
def again(world: World) -> Report:
    """The incident of the small register, reported by another person half an hour later."""
    report, _code = report_incident(
        submission_key=new_submission_key(),
        kind="injury",
        occurred_at=OCCURRED + dt.timedelta(minutes=30),
        narrative="Slipped on the ice by the gate, hurt the knee.",
        unit=world.company,
        acting_user=world.inside[Role.REPORTER],
    )
    return report


def test_the_queue_is_oldest_first(officer: Client, world: World, again: Report) -> None:
    page = officer.get(reverse("triage")).content.decode()
    assert page.index(str(world.report.uuid)) < page.index(str(again.uuid))


def test_a_report_that_waits_too_long_is_overdue(officer: Client, world: World) -> None:
    assert "Overdue" not in officer.get(reverse("triage")).content.decode()
    world.report.reported_at = clock.now() - dt.timedelta(hours=49)
    world.report.save()
    assert "Overdue" in officer.get(reverse("triage")).content.decode()


def test_a_probable_duplicate_is_beside_the_report(
    officer: Client, world: World, again: Report
) -> None:
    page = page_of(officer, again)
    assert f"The same event: join to {world.incident.number}" in page
    assert world.incident.narrative in page


def test_no_similar_incident_is_reported_too(officer: Client, world: World) -> None:
    world.incident.occurred_at -= dt.timedelta(days=30)
    world.incident.save()
    assert "No similar incident in your units within 2 days before or after." in page_of(
        officer, world.report
    )


def test_accepted_with_corrections(officer: Client, world: World) -> None:
    page = decide(
        officer,
        world.report,
        "accept",
        kind="hazard",
        cause="transport.road",
        unit=world.battalion.code,
        occurred_at="2024-05-06T15:00",
        place="Ramp",
    )
    made = Incident.objects.get(reports=world.report)
    assert f"Accepted as incident {made.number}." in page
    assert (made.kind, made.cause, made.unit, made.place) == (
        "hazard",
        "transport.road",
        world.battalion,
        "Ramp",
    )


def test_joined_to_the_incident_it_is_about(officer: Client, world: World, again: Report) -> None:
    decide(officer, again, "join", incident=world.incident.number)
    assert state_of(again) == "merged"
    assert list(world.incident.reports.all()) == [again]


def test_closed_with_a_reason_that_the_reporter_reads(officer: Client, world: World) -> None:
    decide(officer, world.report, "close", reason="too_little", note="Which gate was it?")
    reporter = Client()
    reporter.force_login(world.inside[Role.REPORTER])
    assert "Which gate was it?" in reporter.get(reverse("my_reports")).content.decode()


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("close", {}, "This field is required."),
        ("join", {"incident": "2099-000001"}, "There is no incident 2099-000001 in your units."),
        ("accept", {"kind": "hazard", "cause": "unknown"}, "This field is required."),
    ],
)
def test_what_is_missing_is_reported_and_nothing_is_decided(
    name: str, fields: dict[str, str], sentence: str, officer: Client, world: World
) -> None:
    assert sentence in decide(officer, world.report, name, **fields)
    assert state_of(world.report) == "received"


def test_of_two_officers_the_slower_is_refused(officer: Client, world: World) -> None:
    close_report(report=world.report, reason="test", acting_user=None)
    page = decide(officer, world.report, "join", incident=world.incident.number)
    assert "A decision on this report has already been made" in page
    assert state_of(world.report) == "closed"


def test_after_a_decision_comes_the_next_report(
    officer: Client, world: World, again: Report
) -> None:
    address = reverse("close_report", args=[world.report.uuid])
    answer = officer.post(address, {"reason": "test"})
    assert answer.headers["Location"] == reverse("triage_report", args=[again.uuid])


def test_the_last_decision_leads_to_the_empty_queue(officer: Client, world: World) -> None:
    assert "No reports to triage" in decide(officer, world.report, "close", reason="test")


def test_a_closed_report_can_be_decided_again(officer: Client, world: World) -> None:
    close_report(report=world.report, reason="test", acting_user=None)
    officer.post(reverse("reopen_report", args=[world.report.uuid]))
    assert state_of(world.report) == "received"


def test_an_open_report_cannot_be_opened_again(officer: Client, world: World) -> None:
    page = officer.post(reverse("reopen_report", args=[world.report.uuid]), follow=True)
    assert "already been made" in page.content.decode()
