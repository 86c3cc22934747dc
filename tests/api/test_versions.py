"""Earlier versions over the API: what the register said before each change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.services import edit_incident, merge_incidents
from tests.api.calling import Program
from tests.world import MEDICAL_CODE, World

pytestmark = pytest.mark.django_db


def items(world: World, role: Role, **query: Any) -> list[dict[str, Any]]:
    program = Program(world.inside[role])
    answer = program.get(f"/incidents/{world.incident.number}/versions", **query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def edit(world: World, **changes: object) -> None:
    edit_incident(incident=world.incident, changes=changes, acting_user=None)


def test_an_unchanged_incident_has_no_earlier_version(world: World) -> None:
    assert items(world, Role.ANALYST) == []


def test_free_texts_and_counted_fields_as_they_were(world: World) -> None:
    edit(world, narrative="Nothing happened.", unit=world.battalion, cost_amount=Decimal("12.50"))
    merge_incidents(incident=world.incident, into=world.incident_again(), acting_user=None)
    second, first = items(world, Role.ANALYST)
    assert (first["version"], first["unit"]) == (1, "BDE-1-1")
    assert (second["version"], second["unit"], second["cost_amount"]) == (2, "BDE-1", "12.50")
    assert first["narrative"] == world.incident.narrative
    assert first["valid_until"] == second["valid_from"]
    assert (second["state"], second["merged_into"]) == ("triaged", None)


def test_people_and_injuries_as_far_as_the_role_opens(world: World) -> None:
    edit(world, place="The gate")
    told = {
        role: items(world, role)[0]["involved"]
        for role in (Role.COMMANDER, Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER)
    }
    assert told[Role.COMMANDER] is None
    assert told[Role.SAFETY_OFFICER][0]["person"] == "P-1"
    assert told[Role.SAFETY_OFFICER][0]["injuries"] is None
    assert told[Role.MEDICAL_OFFICER][0]["injuries"][0]["icd_code"] == MEDICAL_CODE
    assert items(world, Role.COMMANDER)[0]["hurt"] == 1


def test_a_version_that_the_role_does_not_open_is_left_out(world: World) -> None:
    edit(world, confidentiality="medical", narrative="A heart attack.")
    edit(world, confidentiality="plain", narrative="He fell ill.")
    assert [one["version"] for one in items(world, Role.COMMANDER)] == [1]
    assert [one["version"] for one in items(world, Role.MEDICAL_OFFICER)] == [2, 1]


def test_pages(world: World) -> None:
    for place in ("A", "B", "C"):
        edit(world, place=place)
    program = Program(world.inside[Role.ANALYST])
    address = f"/incidents/{world.incident.number}/versions"
    first = program.get(address, size=2).json()
    second = program.get(address, size=2, after=first["next"]).json()
    assert [one["version"] for one in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next"] is None
