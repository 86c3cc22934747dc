"""Changes of places by an administrator go through the services, so they are journalled."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.places.models import Area, Site

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.records.places.admin_addresses")]


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("keeper", password="a long pass phrase"))
    return client


def actions() -> list[tuple[str, str]]:
    who = {str(user.uuid): user.username for user in User.objects.all()}
    rows = JournalEntry.objects.order_by("sequence").values_list("action", "actor")
    return [(action, who[actor]) for action, actor in rows]


def fields_of(area: Area) -> dict[str, object]:
    names = ["level", "name_kk", "name_ru", "name_en", "iso_3166_2"]
    return {name: getattr(area, name) for name in names} | {"parent": area.parent_id or ""}


def test_an_area_is_added_and_renamed(keeper: Client) -> None:
    akmola = Area.objects.get(code="110000000")
    new = {"country": "KZ", "code": "113400000", "level": "district", "parent": akmola.pk}
    keeper.post(reverse("admin:places_area_add"), new | {"name_ru": "Аршалынский"})
    area = Area.objects.get(code="113400000")
    assert area.path.startswith(akmola.path)
    changed = fields_of(area) | {"name_kk": "Аршалы"}
    keeper.post(reverse("admin:places_area_change", args=[area.pk]), changed)
    area.refresh_from_db()
    assert area.name_kk == "Аршалы"
    assert actions() == [("places.area_created", "keeper"), ("places.area_updated", "keeper")]


def test_an_area_is_not_put_below_one_that_cannot_hold_it(keeper: Client) -> None:
    republic = Area.objects.get(code="KZ")
    wrong = fields_of(republic) | {"parent": Area.objects.get(code="110000000").pk}
    answer = keeper.post(reverse("admin:places_area_change", args=[republic.pk]), wrong)
    assert "An area cannot be part of itself" in answer.content.decode()
    assert actions() == []


def test_a_site_is_added_and_moved(keeper: Client) -> None:
    akmola = Area.objects.get(code="110000000")
    fields = {"name": "Range 3", "area": akmola.pk, "kind": "training_ground"}
    keeper.post(reverse("admin:places_site_add"), fields)
    site = Site.objects.get()
    keeper.post(
        reverse("admin:places_site_change", args=[site.pk]),
        fields | {"latitude": "51.2", "longitude": "71.4"},
    )
    site.refresh_from_db()
    assert (site.latitude, site.longitude) == (51.2, 71.4)
    assert actions() == [("places.site_created", "keeper"), ("places.site_updated", "keeper")]
