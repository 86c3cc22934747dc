"""Areas: search by level, code, name and area above; outlines as GeoJSON."""

from __future__ import annotations

from typing import Any

import pytest

from qorgau.foundation.identity.roles import Role
from qorgau.records.places.models import Area
from tests.api.calling import Program, problem
from tests.api.operations import an_outline
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.REPORTER], language="ru")


@pytest.fixture
def akmola() -> Area:
    return Area.objects.get(country="KZ", code="110000000")


def codes(program: Program, **query: Any) -> list[str]:
    return [area["code"] for area in program.get("/areas", **query).json()["items"]]


def test_each_parameter_finds_areas(program: Program, akmola: Area) -> None:
    assert len(codes(program, level="region", size=200)) == 20
    assert codes(program, code="110000000") == ["110000000"]
    assert codes(program, name="Акмол") == ["110000000"]
    assert codes(program, within=akmola.uuid) == ["110000000"]
    republic = akmola.parent
    assert len(codes(program, within=republic.uuid)) == 21
    assert codes(program, country="KG") == []


def test_an_area_has_its_name_in_the_requested_language_and_in_all(
    program: Program, akmola: Area
) -> None:
    answer = program.get(f"/areas/{akmola.uuid}")
    assert "Ақмола облысы" in answer.content.decode()
    body = answer.json()
    assert body["name"] == body["name_ru"] == "Акмолинская область"
    assert body["name_kk"] == "Ақмола облысы"
    assert body["parent"] == str(akmola.parent.uuid)
    assert [above["level"] for above in body["above"]] == ["republic"]


def test_an_outline_is_a_feature_if_there_is_one(program: Program, world: World) -> None:
    akmola = an_outline(world)
    feature = program.get(f"/areas/{akmola.uuid}/outline").json()
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["code"] == "110000000"
    problem(program.get(f"/areas/{akmola.parent.uuid}/outline"), 404)
