"""How many incidents happened in each part of an area, as a user."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.analysis.incidents_by_area.answer import IncidentsByArea, incidents_by_area
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.choices import Confidentiality, Kind
from qorgau.records.incidents.services import IncidentDraft, merge_incidents, record_incidents
from qorgau.records.people.models import Unit
from qorgau.records.places.models import Area
from qorgau.records.places.services import create_area
from tests.world import World

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2024, 3, 1, 7, 0, tzinfo=dt.UTC)
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 3, 31)


def area(code: str) -> Area:
    return Area.objects.get(country="KZ", code=code)


@pytest.fixture
def village() -> Area:
    district = create_area(
        code="354000000", level="district", names={}, parent=area("350000000"), acting_user=None
    )
    return create_area(
        code="354030100", level="settlement", names={}, parent=district, acting_user=None
    )


def record(unit: Unit, where: Area | None, *, days_later: int = 0, **fields: object) -> object:
    draft = IncidentDraft(
        Kind.NEAR_MISS, unit, NOON + dt.timedelta(days=days_later), fields={"area": where, **fields}
    )
    return record_incidents(drafts=[draft], acting_user=None)[0]


def counted(world: World, whole: Area, role: Role = Role.ANALYST) -> IncidentsByArea:
    return incidents_by_area(world.inside[role], area=whole, first_day=FIRST, last_day=LAST)


def test_an_incident_counts_for_every_area_above_it(world: World, village: Area) -> None:
    record(world.company, village)
    record(world.company, area("350000000"))
    record(world.company, area("110000000"))
    record(world.company, None)
    country = counted(world, area("KZ"))
    assert country.by_code["350000000"] == 2
    assert country.by_code["110000000"] == 1
    assert country.by_code["100000000"] == 0
    assert (country.without_area, country.elsewhere_in_area, country.total) == (1, 0, 4)
    region = counted(world, area("350000000"))
    assert region.by_code == {"354000000": 1}
    assert (region.without_area, region.elsewhere_in_area, region.total) == (0, 1, 2)
    place = counted(world, village)
    assert (place.by_code, place.elsewhere_in_area, place.total) == ({}, 1, 1)


def test_the_period_holds_both_its_days(world: World) -> None:
    whole = area("110000000")
    for days_later in (0, 1, 30, 31):
        record(world.company, whole, days_later=days_later)
    asked = incidents_by_area(
        world.inside[Role.ANALYST],
        area=whole,
        first_day=dt.date(2024, 3, 2),
        last_day=dt.date(2024, 3, 31),
    )
    assert asked.total == 2


def test_only_what_the_user_may_open_is_counted(world: World) -> None:
    whole = area("110000000")
    record(world.company, whole)
    record(world.other_battalion, whole)
    record(world.company, whole, confidentiality=Confidentiality.MEDICAL)
    assert counted(world, whole).total == 1
    assert counted(world, whole, Role.MEDICAL_OFFICER).total == 2
    assert counted(world, whole, Role.REPORTER).total == 0


def test_a_merged_incident_counts_once(world: World) -> None:
    whole = area("110000000")
    kept, again = record(world.company, whole), record(world.company, whole)
    officer = world.inside[Role.SAFETY_OFFICER]
    merge_incidents(incident=again, into=kept, acting_user=officer)
    assert counted(world, whole).total == 1


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        incidents_by_area(
            world.inside[Role.ANALYST], area=area("KZ"), first_day=LAST, last_day=FIRST
        )
