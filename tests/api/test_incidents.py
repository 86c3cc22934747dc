"""Incidents: filters, pages without gaps or repetitions, and the details that each role sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import IncidentDraft, merge_incidents, record_incidents
from tests.api.calling import Program, fields, problem
from tests.world import FAMILY_NAME, MEDICAL_CODE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.ANALYST])


def record(world: World, count: int, *, hour: int = 7, **fields: Any) -> list[Incident]:
    """Incidents of the company with the same time, so that only their ids differ."""
    at = dt.datetime(2024, 6, 1, hour, tzinfo=dt.UTC)
    draft = IncidentDraft("near_miss", world.company, at, fields=fields)
    return record_incidents(drafts=[draft] * count, acting_user=None)


def numbers(answer: Any) -> list[str]:
    return [line["number"] for line in answer.json()["items"]]


def walk(program: Program, between: Any = lambda: None, **query: Any) -> list[str]:
    """Every page from the first to the last; ``between`` is called before each next page."""
    seen: list[str] = []
    answer = program.get("/incidents", **query)
    for _page in range(50):
        seen += numbers(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            return seen
        between()
        answer = program.get("/incidents", **query, after=cursor)
    raise AssertionError("The pages do not end.")


@pytest.mark.parametrize("size", [1, 3, 4, 12, 13, 200])
def test_the_pages_together_are_the_whole_newest_first(
    world: World, program: Program, size: int
) -> None:
    record(world, 6)
    record(world, 5, hour=9)
    wanted = Incident.objects.order_by("-occurred_at", "-id").values_list("number", flat=True)
    assert walk(program, size=size) == list(wanted)


def test_rows_that_come_in_meanwhile_shift_nothing(world: World, program: Program) -> None:
    """Newer ones belong to earlier pages, older ones to later pages; none is seen twice."""
    known = [incident.number for incident in record(world, 9)]
    newer: list[str] = []
    older: list[str] = []

    def two_more() -> None:
        newer.extend(incident.number for incident in record(world, 1, hour=20))
        older.extend(incident.number for incident in record(world, 1, hour=1))

    seen = walk(program, two_more, size=2)
    assert len(seen) == len(set(seen))
    assert set(known) <= set(seen)
    assert not set(newer) & set(seen)
    assert older[0] in seen


def test_one_can_go_back(world: World, program: Program) -> None:
    record(world, 5)
    first = program.get("/incidents", size=2).json()
    second = program.get("/incidents", size=2, after=first["next"]).json()
    back = program.get("/incidents", size=2, before=second["previous"]).json()
    assert back["items"] == first["items"]
    assert (first["previous"], back["previous"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"kind": "near_miss"}, 2),
        ({"kind": "illness"}, 0),
        ({"severity_class": "C"}, 1),
        ({"severity_class": "С"}, 1),  # a Cyrillic letter
        ({"severity_class": "а"}, 0),
        ({"cause": "fall"}, 1),
        ({"cause": "transport"}, 2),
        ({"state": "triaged"}, 3),
        ({"state": ["closed", "merged"]}, 0),
        ({"since": "2024-06-01"}, 2),
        ({"until": "2024-05-31"}, 1),
        ({"unit": "BDE-1"}, 3),
        ({"words": "ICE"}, 1),
        ({"words": "2024-0481903"}, 1),
        ({"cause": "transport", "since": "2024-06-02"}, 0),
    ],
)
def test_conditions_filter_the_list(
    world: World, program: Program, query: dict[str, Any], count: int
) -> None:
    record(world, 2, cause="transport.road")
    assert len(numbers(program.get("/incidents", **query))) == count


def test_a_line_has_the_number_of_injured_and_names_nobody(world: World, program: Program) -> None:
    (line,) = program.get("/incidents").json()["items"]
    assert (line["hurt"], line["unit"], line["severity_class"]) == (1, "BDE-1-1", "C")
    assert "involved" not in line


def detail(world: World, role: str) -> dict[str, Any]:
    program = Program(world.inside[role])
    return program.get(f"/incidents/{world.incident.number}").json()


def test_the_medical_officer_reads_who_and_how(world: World) -> None:
    (somebody,) = detail(world, Role.MEDICAL_OFFICER)["involved"]
    assert somebody["person"] == "P-1"
    assert somebody["identity"]["family_name"] == FAMILY_NAME
    (injury,) = somebody["injuries"]
    assert (injury["icd_code"], injury["days_away"]) == (MEDICAL_CODE, 4)


def test_the_safety_officer_reads_who_and_not_how(world: World) -> None:
    (somebody,) = detail(world, Role.SAFETY_OFFICER)["involved"]
    assert somebody["identity"]["family_name"] == FAMILY_NAME
    assert somebody["injuries"] is None


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMMANDER, Role.DUTY_OFFICER, Role.AUDITOR])
def test_others_read_that_somebody_was_hurt(world: World, role: str) -> None:
    body = detail(world, role)
    assert (body["involved"], body["hurt"]) == (None, 1)
    assert body["narrative"] == world.incident.narrative


def test_a_confidential_incident_is_not_there_for_who_may_not_open_it(
    world: World, program: Program
) -> None:
    Incident.objects.update(confidentiality="medical")
    assert numbers(program.get("/incidents")) == []
    problem(program.get(f"/incidents/{world.incident.number}"), 404)
    medical = Program(world.inside[Role.MEDICAL_OFFICER])
    assert numbers(medical.get("/incidents")) == [world.incident.number]


def test_a_merged_incident_names_the_one_that_stays(world: World, program: Program) -> None:
    again = world.incident_again()
    merge_incidents(incident=again, into=world.incident, acting_user=None)
    body = program.get(f"/incidents/{again.number}").json()
    assert (body["state"], body["merged_into"]) == ("merged", world.incident.number)


def test_a_unit_that_is_not_yours_is_no_condition(world: World) -> None:
    outside = Program(world.outside[Role.ANALYST])
    assert set(fields(outside.get("/incidents", unit="BDE-1"))) == {"unit"}
