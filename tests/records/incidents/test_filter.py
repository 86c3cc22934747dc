"""Conditions of a list of incidents, one by one and together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import IncidentFilter
from qorgau.records.incidents.rules import OPEN_STATES
from qorgau.records.incidents.services import IncidentDraft, close_incident, record_incidents
from qorgau.records.people.services import close_unit
from qorgau.records.places.models import Area
from qorgau.records.places.services import create_area
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def incidents(world: World) -> dict[str, Incident]:
    def draft(day: int, kind: str, unit: str, cause: str, **fields: str) -> IncidentDraft:
        at = dt.datetime(2024, 6, day, 7, tzinfo=dt.UTC)
        return IncidentDraft(kind, world.units[unit], at, fields={"cause": cause, **fields})

    drafts = {
        "ladder": draft(1, "near_miss", "BDE-1", "fall.height", narrative="A ladder slipped"),
        "edge": draft(2, "hazard", "BDE-2", "fall", place="edge of the roof"),
        "lorry": draft(3, "near_miss", "BDE-2", "transport.road"),
    }
    made = record_incidents(drafts=list(drafts.values()), acting_user=None)
    close_incident(incident=made[2], finding="Brakes.", acting_user=None)
    return dict(zip(drafts, made, strict=True)) | {"gate": world.incident}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"ladder", "edge", "lorry", "gate"}),
        ({"kind": "near_miss"}, {"ladder", "lorry"}),
        ({"cause": "fall"}, {"ladder", "edge", "gate"}),
        ({"cause": "fall.height"}, {"ladder"}),
        ({"severity_class": "C"}, {"gate"}),
        ({"states": ("closed",)}, {"lorry"}),
        ({"states": OPEN_STATES}, {"ladder", "edge", "gate"}),
        ({"since": dt.date(2024, 6, 2)}, {"edge", "lorry"}),
        ({"until": dt.date(2024, 6, 1)}, {"ladder", "gate"}),
        ({"words": "ladder"}, {"ladder"}),
        ({"words": " ROOF "}, {"edge"}),
        ({"words": "%"}, set()),
        ({"cause": "fall", "kind": "hazard", "until": dt.date(2024, 6, 30)}, {"edge"}),
        ({"kind": "illness"}, set()),
    ],
)
def test_what_is_let_through(
    incidents: dict[str, Incident], wanted: dict[str, Any], found: set[str]
) -> None:
    rows = Incident.objects.filter(IncidentFilter(**wanted).conditions())
    assert set(rows) == {incidents[name] for name in found}


def test_a_number_finds_the_one_incident(incidents: dict[str, Incident]) -> None:
    wanted = IncidentFilter(words=incidents["edge"].number)
    assert Incident.objects.get(wanted.conditions()) == incidents["edge"]


def test_a_unit_lets_through_what_is_below_it_and_was(
    world: World, incidents: dict[str, Incident]
) -> None:
    close_unit(unit=world.company, on=dt.date(2024, 9, 1), acting_user=None)
    wanted = IncidentFilter(unit=world.battalion)
    assert set(Incident.objects.filter(wanted.conditions())) == {
        incidents["ladder"],
        incidents["gate"],
    }


def test_an_area_lets_through_what_happened_inside_it(world: World) -> None:
    region, other = Area.objects.filter(level="region")[:2]
    district = create_area(code="X", level="district", names={}, parent=region, acting_user=None)
    at = dt.datetime(2024, 6, 5, 7, tzinfo=dt.UTC)
    inside, around, _elsewhere = record_incidents(
        drafts=[
            IncidentDraft("near_miss", world.company, at, fields={"area": area})
            for area in (district, region, other)
        ],
        acting_user=None,
    )
    wanted = IncidentFilter(area=region)
    assert set(Incident.objects.filter(wanted.conditions())) == {inside, around}
