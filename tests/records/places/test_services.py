"""Writes to places, and reads of the resulting subtrees."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.people.services import create_organisation, grant_role
from qorgau.records.places import queries, services
from qorgau.records.places.choices import NameSource
from qorgau.records.places.models import Area, AreaBoundary, Site
from qorgau.records.places.rules import AreaOutline, AreaRecord
from qorgau.records.places.services import AreaChanges
from tests.world import make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    user = User.objects.create_user("officer", password="a long pass phrase")
    force = create_organisation(code="FORCE", names={"en": "A force"}, acting_user=None)
    brigade = make_units(force)["BDE"]
    grant_role(user=user, role=Role.ADMINISTRATOR, unit=brigade, acting_user=None)
    return user


@pytest.fixture
def akmola() -> Area:
    return Area.objects.get(code="110000000")


@pytest.fixture
def district(akmola: Area, officer: User) -> Area:
    return services.create_area(
        code="113400000",
        level="district",
        names={"ru": "Аршалынский район"},
        parent=akmola,
        acting_user=officer,
    )


def test_a_new_area_is_below_its_parent_and_is_journalled(
    district: Area, akmola: Area, officer: User
) -> None:
    assert district.path == f"{akmola.path}{district.pk:08d}"
    assert district in queries.subtree_of(akmola)
    assert list(queries.ancestors_of(district)) == [akmola.parent, akmola]
    entry = JournalEntry.objects.get(action="places.area_created")
    assert (entry.actor, entry.subject_uuid) == (str(officer.uuid), district.uuid)


def test_a_second_area_with_the_same_code_is_refused(district: Area, officer: User) -> None:
    with pytest.raises(ValidationError, match="already"):
        services.create_area(
            code=district.code, level="district", names={"ru": "Другой"}, acting_user=officer
        )
    assert JournalEntry.objects.filter(action="places.area_created").count() == 1


def test_everything_in_a_moved_area_moves_too(district: Area, akmola: Area, officer: User) -> None:
    village = services.create_area(
        code="113430100", level="settlement", names={}, parent=district, acting_user=officer
    )
    pavlodar = Area.objects.get(code="550000000")
    services.update_area(area=district, changes={"parent": pavlodar}, acting_user=officer)
    assert set(queries.subtree_of(pavlodar)) == {pavlodar, district, village}
    assert list(queries.subtree_of(akmola)) == [akmola]


def test_a_region_cannot_be_put_below_its_own_district(
    district: Area, akmola: Area, officer: User
) -> None:
    with pytest.raises(ValidationError, match="part of itself"):
        services.update_area(area=akmola, changes={"parent": district}, acting_user=officer)
    akmola.refresh_from_db()
    assert akmola.parent is not None
    assert akmola.parent.code == "KZ"


def test_a_district_cannot_hold_a_region(district: Area, officer: User) -> None:
    with pytest.raises(ValidationError, match="higher level"):
        services.create_area(
            code="X", level="region", names={}, parent=district, acting_user=officer
        )


def test_a_name_given_by_hand_is_the_strongest(akmola: Area, officer: User) -> None:
    area = services.update_area(area=akmola, changes={"name_en": "Aqmola"}, acting_user=officer)
    assert area.name_source == NameSource.ENTERED
    entry = JournalEntry.objects.get(action="places.area_updated")
    assert json.loads(entry.details)["before"] == {"name_en": "Akmola Region"}


def test_the_code_of_an_area_is_not_changed(akmola: Area, officer: User) -> None:
    with pytest.raises(ValidationError, match="code"):
        services.update_area(area=akmola, changes={"code": "1"}, acting_user=officer)


def test_a_site_has_both_coordinates_or_none(akmola: Area, officer: User) -> None:
    with pytest.raises(ValidationError, match="both the latitude"):
        services.create_site(name="Range 3", area=akmola, latitude=51.1, acting_user=officer)
    with pytest.raises(ValidationError, match="90"):
        services.create_site(
            name="Range 3", area=akmola, latitude=151.1, longitude=71.4, acting_user=officer
        )
    assert not Site.objects.exists()
    site = services.create_site(
        name="Range 3", area=akmola, latitude=51.1, longitude=71.4, acting_user=officer
    )
    services.update_site(site=site, changes={"name": "Range 4"}, acting_user=officer)
    assert list(queries.sites_within(officer, akmola).values_list("name", flat=True)) == ["Range 4"]
    entries = JournalEntry.objects.filter(actor=officer.uuid).order_by("sequence")
    actions = entries.values_list("action", flat=True)
    assert list(actions) == ["places.site_created", "places.site_updated"]


def test_places_are_for_everyone_signed_in(akmola: Area, officer: User) -> None:
    assert queries.areas_visible_to(officer).count() == 21
    assert not queries.areas_visible_to(AnonymousUser()).exists()
    assert not queries.sites_visible_to(AnonymousUser()).exists()
    assert not queries.boundaries_visible_to(AnonymousUser()).exists()
    officer.is_active = False
    assert not queries.areas_visible_to(officer).exists()


def outline(note: str = "first") -> AreaOutline:
    return AreaOutline("{}", "{}", (70.0, 50.0, 72.0, 52.0), 51.0, 71.0, note, False)


def test_areas_of_a_file_are_stored_in_any_order(akmola: Area, officer: User) -> None:
    services.store_areas(
        changes=AreaChanges(
            country="KZ",
            source=NameSource.CODE_LIST,
            new=[
                AreaRecord("113430100", "settlement", "113430000", {"ru": "п.Аршалы"}),
                AreaRecord("113400000", "district", "110000000", {"ru": "Аршалынский район"}),
                AreaRecord("113430000", "settlement", "113400000", {"ru": "Аршалы п.а."}),
            ],
            changed={"100000000": {"name_en": "Abay Region"}},
            outlines={"113400000": outline()},
        ),
        acting_user=officer,
    )
    below = queries.subtree_of(akmola).order_by("path").values_list("code", flat=True)
    assert list(below) == ["110000000", "113400000", "113430000", "113430100"]
    village = Area.objects.get(code="113430100")
    assert village.path == f"{village.parent.path}{village.pk:08d}"
    assert Area.objects.get(code="100000000").name_en == "Abay Region"
    assert Area.objects.get(code="113400000").latitude == 51.0
    assert JournalEntry.objects.filter(action="places.areas_imported").count() == 1


def test_a_new_outline_replaces_the_old_one(akmola: Area) -> None:
    for note in ("first", "second"):
        services.store_areas(
            changes=AreaChanges(
                country="KZ",
                source=NameSource.BOUNDARIES,
                outlines={"110000000": outline(note)},
            ),
            acting_user=None,
        )
    assert AreaBoundary.objects.get().source_digest == "second"


def test_nothing_is_stored_when_one_area_has_no_parent() -> None:
    with pytest.raises(ValidationError, match="areas that do not exist"):
        services.store_areas(
            changes=AreaChanges(
                country="KZ",
                source=NameSource.CODE_LIST,
                new=[
                    AreaRecord("113400000", "district", "110000000"),
                    AreaRecord("999", "district", "998"),
                ],
            ),
            acting_user=None,
        )
    assert Area.objects.count() == 21
    assert not JournalEntry.objects.exists()


def test_an_empty_change_leaves_no_trace() -> None:
    changes = AreaChanges(country="KZ", source=NameSource.CODE_LIST)
    services.store_areas(changes=changes, acting_user=None)
    assert not JournalEntry.objects.exists()


def test_a_file_may_move_an_area_and_what_is_in_it(district: Area) -> None:
    village = services.create_area(
        code="113430100", level="settlement", names={}, parent=district, acting_user=None
    )
    services.store_areas(
        changes=AreaChanges(
            country="KZ",
            source=NameSource.CODE_LIST,
            changed={
                "113400000": {"parent_code": "550000000"},
                "113430100": {"parent_code": "590000000", "name_ru": "с.Новое"},
            },
        ),
        acting_user=None,
    )
    assert district in queries.subtree_of(Area.objects.get(code="550000000"))
    assert set(queries.subtree_of(Area.objects.get(code="590000000")).values_list("code")) == {
        ("590000000",),
        ("113430100",),
    }
    village.refresh_from_db()
    assert village.name_ru == "с.Новое"
