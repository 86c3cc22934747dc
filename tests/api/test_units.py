"""Units: the tree on a given day, as far as a role may see it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.services import close_unit, grant_role, revise_unit
from tests.api.calling import Program, fields, problem
from tests.world import World

pytestmark = pytest.mark.django_db

MOVED = dt.date(2024, 9, 1)


@pytest.fixture
def chief(world: World) -> Program:
    user = User.objects.create(username="chief")
    grant_role(user=user, role=Role.PLANNER, unit=world.brigade, acting_user=None)
    return Program(user)


def tree(program: Program, **query: Any) -> dict[str, str | None]:
    lines = program.get("/units", **query).json()["items"]
    return {line["code"]: line["parent"] for line in lines}


def test_parents_make_a_tree_as_of_a_day(world: World, chief: Program) -> None:
    revise_unit(unit=world.company, on=MOVED, parent=world.other_battalion, acting_user=None)
    before = {"BDE": None, "BDE-1": "BDE", "BDE-2": "BDE", "BDE-1-1": "BDE-1"}
    assert tree(chief, on="2024-08-31") == before
    assert tree(chief, on="2024-09-01") == before | {"BDE-1-1": "BDE-2"}
    assert tree(chief, on="2024-08-31", below="BDE-1") == {"BDE-1": "BDE", "BDE-1-1": "BDE-1"}
    assert tree(chief, below="BDE-2") == {"BDE-2": "BDE", "BDE-1-1": "BDE-2"}
    assert tree(chief, on="2021-12-31") == {}


def test_a_parent_of_others_is_not_named(world: World) -> None:
    inside = Program(world.inside[Role.LIAISON])
    assert tree(inside) == {"BDE-1": None, "BDE-1-1": "BDE-1"}
    assert set(fields(inside.get("/units", below="BDE"))) == {"below"}
    problem(inside.get("/units/BDE"), 404)


def test_a_closed_unit_is_found_on_its_days(world: World, chief: Program) -> None:
    close_unit(unit=world.company, on=MOVED, acting_user=None)
    answer = chief.get("/units/BDE-1-1", on="2024-08-31").json()
    assert (answer["closed_on"], answer["valid_until"]) == ("2024-09-01", "2024-09-01")
    problem(chief.get("/units/BDE-1-1", on="2024-09-01"), 404)
    assert chief.get("/units/BDE").json()["closed_on"] is None
