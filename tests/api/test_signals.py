"""Signals: read with their run, and decided once, by the right users."""

from __future__ import annotations

from typing import Any

import pytest

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.services import grant_role
from qorgau.records.signals.models import Signal
from tests.api.calling import Program, fields, problem
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Program:
    return Program(world.inside[Role.SAFETY_OFFICER])


def decide(program: Program, world: World, **body: Any) -> Any:
    return program.post(f"/signals/{world.signal.uuid}/decision", body)


def test_a_signal_is_read_with_how_it_was_found(world: World, officer: Program) -> None:
    (line,) = officer.get("/signals").json()["items"]
    assert (line["unit"], line["measure"], line["observed"]) == ("BDE-1", "injury", 9)
    assert line["sentence"].startswith("Unit BDE-1, week of ")
    answer = officer.get(f"/signals/{line['uuid']}").json()
    assert answer["run"]["method"] == "farrington_flexible"
    assert answer["run"]["series_tested"] == 12


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "new"}, 1),
        ({"state": ["explained", "dismissed"]}, 0),
        ({"unit": "BDE-1"}, 1),
        ({"unit": "BDE-1-1"}, 0),
    ],
)
def test_conditions_filter_the_list(officer: Program, query: dict[str, Any], count: int) -> None:
    assert len(officer.get("/signals", **query).json()["items"]) == count


def test_a_decision_is_saved_with_its_reason_and_its_author(world: World, officer: Program) -> None:
    answer = decide(officer, world, to="explained", reason="The winter march.").json()
    assert (answer["state"], answer["reason"]) == ("explained", "The winter march.")
    assert Signal.objects.get().triaged_by == world.inside[Role.SAFETY_OFFICER]


def test_the_second_of_two_deciding_users_gets_a_message(world: World, officer: Program) -> None:
    seen = officer.get(f"/signals/{world.signal.uuid}").json()["version"]
    decide(officer, world, to="under_investigation", seen_version=seen)
    late = decide(officer, world, to="dismissed", reason="Chance.", seen_version=seen)
    assert "Someone else changed this record" in problem(late, 409)["detail"]


def test_a_decision_without_a_reason_or_out_of_order_is_refused(
    world: World, officer: Program
) -> None:
    assert set(fields(decide(officer, world, to="dismissed"))) == {"reason"}
    assert set(fields(decide(officer, world, reason="x"))) == {"to"}
    detail = problem(decide(officer, world, to="new", reason="x"), 422)["detail"]
    assert "so you can no longer do this" in detail


def test_a_user_who_only_reads_this_unit_does_not_decide_here(world: World) -> None:
    user = User.objects.create(username="visitor")
    grant_role(user=user, role=Role.COMMANDER, unit=world.battalion, acting_user=None)
    grant_role(user=user, role=Role.ANALYST, unit=world.other_battalion, acting_user=None)
    problem(decide(Program(user), world, to="explained", reason="x"), 404)
    grant_role(user=user, role=Role.MEDICAL_OFFICER, unit=world.battalion, acting_user=None)
    problem(decide(Program(user), world, to="explained", reason="x"), 403)
    assert Signal.objects.get().state == "new"
