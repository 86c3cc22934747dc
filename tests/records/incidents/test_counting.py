"""What counts for a unit: as the tree stood on the day, as the register stood at a moment."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability, Role
from qorgau.records.incidents.counted import counted_incidents, injured_people
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import (
    IncidentDraft,
    InvolvedDraft,
    edit_incident,
    merge_incidents,
    record_incidents,
    undo_merge,
)
from qorgau.records.people.models import Unit
from qorgau.records.people.rules import Span
from qorgau.records.people.services import grant_role, revise_unit
from tests.world import World

pytestmark = pytest.mark.django_db

YEAR = Span(dt.date(2024, 1, 1), dt.date(2025, 1, 1))
MOVED = dt.date(2024, 7, 1)


def noon(month: int, day: int = 1, year: int = 2024) -> dt.datetime:
    return dt.datetime(year, month, day, 7, tzinfo=dt.UTC)


@pytest.fixture
def chief(world: World) -> User:
    user = User.objects.create(username="chief")
    grant_role(user=user, role=Role.ANALYST, unit=world.brigade, acting_user=None)
    return user


def record(
    unit: Unit, at: dt.datetime, recorded_at: dt.datetime | None = None, level: str = "plain"
) -> Incident:
    draft = IncidentDraft("near_miss", unit, at, fields={"confidentiality": level})
    (made,) = record_incidents(drafts=[draft], acting_user=None, recorded_at=recorded_at)
    return made


def counted(user: User, unit: Unit, as_of: dt.datetime | None = None) -> set[Incident]:
    found = counted_incidents(user, unit, YEAR, as_of=as_of).incident_ids()
    assert len(set(found)) == len(found)
    return set(Incident.objects.filter(pk__in=found))


def test_an_incident_counts_where_its_unit_was_on_the_day(world: World, chief: User) -> None:
    before, after = record(world.company, noon(6, 30)), record(world.company, noon(7, 1))
    revise_unit(unit=world.company, on=MOVED, parent=world.other_battalion, acting_user=None)
    assert counted(chief, world.battalion) == {world.incident, before}
    assert counted(chief, world.other_battalion) == {after}
    assert counted(chief, world.company) == {world.incident, before, after}
    assert counted(chief, world.brigade) == {world.incident, before, after}


def test_the_first_day_of_a_span_counts_and_the_day_after_it_does_not(
    world: World, chief: User
) -> None:
    first = record(world.company, noon(1, 1))
    last = record(world.company, noon(12, 31))
    record(world.company, noon(1, 1, 2025))
    record(world.company, noon(12, 31, 2023))
    assert counted(chief, world.brigade) == {first, last, world.incident}


@pytest.mark.parametrize("level", ["identity", "medical"])
def test_a_confidential_incident_counts_for_those_who_may_not_open_it(
    world: World, level: str
) -> None:
    closed = record(world.company, noon(3), level=level)
    commander = world.inside[Role.COMMANDER]
    assert closed in counted(commander, world.battalion)


def test_only_units_within_reach_count(world: World) -> None:
    elsewhere = record(world.other_battalion, noon(3))
    assert counted(world.inside[Role.ANALYST], world.brigade) == {world.incident}
    assert counted(world.outside[Role.ANALYST], world.brigade) == {elsewhere}
    assert counted(world.inside[Role.REPORTER], world.brigade) == set()
    signals = counted_incidents(
        world.inside[Role.PLANNER], world.brigade, YEAR, capability=Capability.SEE_SIGNALS
    )
    assert not signals.incident_ids()


def test_as_of_a_past_moment_later_records_do_not_count_yet(world: World, chief: User) -> None:
    early = record(world.company, noon(3), recorded_at=noon(4))
    late = record(world.company, noon(3), recorded_at=noon(9))
    assert counted(chief, world.brigade, as_of=noon(4)) == {early}
    assert counted(chief, world.brigade, as_of=noon(9)) == {early, late}
    assert counted(chief, world.brigade) == {early, late, world.incident}


def test_as_of_a_past_moment_what_was_merged_later_still_counts(world: World, chief: User) -> None:
    """A figure published then comes out again; today the duplicate is not counted twice."""
    early = record(world.company, noon(3), recorded_at=noon(4))
    again = record(world.company, noon(3), recorded_at=noon(4))
    merged = merge_incidents(incident=again, into=early, acting_user=None)
    assert counted(chief, world.brigade, as_of=noon(5)) == {early, again}
    assert counted(chief, world.brigade, as_of=merged.merged_at) == {early, world.incident}
    assert counted(chief, world.brigade) == {early, world.incident}


def test_as_of_a_past_moment_an_incident_counts_as_the_register_said_then(
    world: World, chief: User
) -> None:
    made = record(world.company, noon(3), recorded_at=noon(4))
    edit_incident(
        incident=made,
        changes={"unit": world.other_battalion, "occurred_at": noon(2), "kind": "illness"},
        acting_user=None,
    )
    then = counted_incidents(chief, world.brigade, YEAR, as_of=noon(5))
    assert list(then.grouped("unit_id", "occurred_on", "kind")) == [
        (world.company.pk, noon(3).date(), "near_miss", 1, 0)
    ]
    assert made not in counted(chief, world.battalion)
    assert made in counted(chief, world.other_battalion)
    assert made in counted(chief, world.battalion, as_of=noon(5))
    assert made not in counted(chief, world.other_battalion, as_of=noon(5))


def test_an_undone_merge_counts_again_and_did_not_count_in_between(
    world: World, chief: User
) -> None:
    early = record(world.company, noon(3), recorded_at=noon(4))
    again = record(world.company, noon(3), recorded_at=noon(4))
    merged = merge_incidents(incident=again, into=early, acting_user=None)
    undone = undo_merge(incident=merged, reason="Two falls.", acting_user=None)
    assert (undone.state, undone.merged_into) == ("triaged", None)
    assert counted(chief, world.brigade, as_of=noon(5)) == {early, again}
    assert counted(chief, world.brigade, as_of=merged.merged_at) == {early, world.incident}
    assert counted(chief, world.brigade) == {early, again, world.incident}


def test_injured_people_are_those_hurt_in_injuries_and_for_who_sees_medical_detail(
    world: World,
) -> None:
    medic = world.inside[Role.MEDICAL_OFFICER]
    draft = IncidentDraft("illness", world.company, noon(8), involved=(InvolvedDraft(),))
    witness = InvolvedDraft(role="witness")
    hurt = IncidentDraft(
        "injury", world.company, noon(9), involved=(InvolvedDraft(), InvolvedDraft(), witness)
    )
    _ill, injury = record_incidents(drafts=[draft, hurt], acting_user=None)
    found = injured_people(medic, world.battalion, YEAR)
    assert sorted(one.incident_id for one in found) == sorted(
        [world.incident.pk, injury.pk, injury.pk]
    )
    assert not injured_people(world.inside[Role.ANALYST], world.battalion, YEAR)
    assert not injured_people(medic, world.other_battalion, YEAR)
    merge_incidents(
        incident=injury, into=world.incident, acting_user=world.inside[Role.SAFETY_OFFICER]
    )
    assert len(injured_people(medic, world.battalion, YEAR)) == 1
