"""Probable duplicates are shown beside a report, the most likely first."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.incidents.queries import probable_duplicates
from qorgau.records.incidents.services import (
    IncidentDraft,
    merge_incidents,
    record_incidents,
    report_incident,
)
from qorgau.records.people.models import Unit
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
TOLD = "A lorry rolled back a metre by the north gate."


@pytest.fixture
def officer(world: World) -> User:
    return world.inside[Role.SAFETY_OFFICER]


@pytest.fixture
def report(world: World) -> Report:
    told, _code = report_incident(
        submission_key=new_submission_key(), kind="near_miss", occurred_at=OCCURRED, narrative=TOLD,
        unit=world.company, acting_user=world.inside[Role.REPORTER],
    )  # fmt: skip
    return told


def record(unit: Unit, hours: float, narrative: str, kind: str = "near_miss") -> Incident:
    at = OCCURRED + hours * HOUR
    draft = IncidentDraft(kind, unit, at, fields={"narrative": narrative})
    return record_incidents(drafts=[draft], acting_user=None)[0]


def found(user: User, report: Report) -> list[Incident]:
    return [candidate.incident for candidate in probable_duplicates(user, report)]


def test_the_same_event_reported_twice_is_found_and_an_unlike_one_is_not(
    world: World, officer: User, report: Report
) -> None:
    same = record(world.company, 1, "Lorry rolled back near the north gate, nobody hurt")
    record(world.battalion, 40, "A soldier twisted an ankle on the range", "injury")
    assert found(officer, report)[0] == same
    assert all(incident.unit == world.company for incident in found(officer, report))


def test_the_most_likely_come_first_and_only_three(
    world: World, officer: User, report: Report
) -> None:
    for hours in (30, 2, 20, 10):
        record(world.company, hours, TOLD)
    candidates = probable_duplicates(officer, report)
    assert len(candidates) == 3
    assert [(c.incident.occurred_at - OCCURRED) / HOUR for c in candidates] == [2, 10, 20]
    assert [c.likeness for c in candidates] == sorted(c.likeness for c in candidates)[::-1]


@pytest.mark.parametrize("hours", [48, -48])
def test_what_happened_just_two_days_apart_may_be_the_same_event(
    world: World, officer: User, report: Report, hours: float
) -> None:
    same = record(world.company, hours, TOLD)
    assert same in found(officer, report)


@pytest.mark.parametrize("hours", [49, -49])
def test_what_happened_days_apart_is_another_event(
    world: World, officer: User, report: Report, hours: float
) -> None:
    far = record(world.company, hours, TOLD)
    assert far not in found(officer, report)


def test_nobody_is_shown_what_they_may_not_read(
    world: World, officer: User, report: Report
) -> None:
    record(world.other_battalion, 1, TOLD)
    hidden = record(world.company, 1, TOLD)
    Incident.objects.filter(pk=hidden.pk).update(confidentiality="medical")
    assert {incident.unit for incident in found(officer, report)} <= {world.company}
    assert hidden not in found(officer, report)


def test_a_merged_incident_is_not_offered(world: World, officer: User, report: Report) -> None:
    again = record(world.company, 1, TOLD)
    merge_incidents(incident=again, into=world.incident, acting_user=None)
    assert again not in found(officer, report)


def test_in_a_busy_force_the_duplicate_is_found_among_hundreds(
    world: World, officer: User, report: Report
) -> None:
    fillers = [
        IncidentDraft("injury", world.battalion, OCCURRED + n * dt.timedelta(minutes=4),
                      fields={"narrative": f"Cut finger number {n}"})
        for n in range(-300, 300)
    ]  # fmt: skip
    record_incidents(drafts=fillers, acting_user=None)
    of_the_unit = record(world.company, 30, TOLD)
    of_another = record(world.battalion, 0.5, TOLD)
    assert set(found(officer, report)) >= {of_the_unit, of_another}
