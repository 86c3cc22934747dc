"""Places: the map of areas, one area, and search by name."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.urls import reverse

from qorgau.exchange.place_import import PlaceImportOptions, import_places
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.services import IncidentDraft, record_incidents
from qorgau.records.places.models import Area
from qorgau.records.places.services import create_area, create_site

CODE = "350000000"


@pytest.fixture
def karaganda(db) -> Area:
    return Area.objects.get(code=CODE)


@pytest.fixture
def officer(client, world):
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def boundary(tmp_path, db):
    """A square for Karaganda Region, as in a file of boundaries."""
    ring = [[72, 46], [76, 46], [76, 50], [72, 50], [72, 46]]
    feature = {
        "type": "Feature",
        "properties": {"KATO": CODE, "ADM1_EN": "Karagandy", "ADM1_PCODE": "KZ35"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file = tmp_path / "regions.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return import_places(
        file, options=PlaceImportOptions(credit="A survey (CC BY)"), acting_user=None
    )


def happened(world, area, *, days_ago=10):
    moment = clock.now() - dt.timedelta(days=days_ago)
    draft = IncidentDraft(Kind.NEAR_MISS, world.company, moment, fields={"area": area})
    record_incidents(drafts=[draft], acting_user=None)


def test_without_boundaries_the_country_is_tiles_and_a_list(officer, world, karaganda):
    happened(world, karaganda)
    happened(world, None)
    page = officer.get(reverse("places"))
    text = page.content.decode()
    assert text.count('class="tile shade-') == 20
    assert "Karaganda Region" in text
    assert "maplibre" not in text
    counts = {part.code: count for part, count in page.context["parts"]}
    assert (counts[CODE], counts["110000000"]) == (1, 0)
    assert page.context["counted"].without_area == 1
    assert "These are counts, not rates" in text


def test_the_period_is_chosen_in_the_address(officer, world, karaganda):
    happened(world, karaganda, days_ago=500)
    assert officer.get(reverse("places")).context["counted"].by_code[CODE] == 0
    longer = officer.get(reverse("places"), {"years": "3"})
    assert longer.context["counted"].by_code[CODE] == 1
    assert officer.get(reverse("places"), {"years": "999"}).context["years"] == 1


def test_a_year_ends_today_and_begins_the_day_after_this_day_a_year_ago(officer, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2024, 2, 29))
    counted = officer.get(reverse("places")).context["counted"]
    assert (counted.first_day, counted.last_day) == (dt.date(2023, 3, 1), dt.date(2024, 2, 29))


def test_a_count_leads_to_its_incidents(officer, world, karaganda):
    for days_ago in (10, 20, 500):
        happened(world, karaganda, days_ago=days_ago)
    text = officer.get(reverse("places")).content.decode()
    (link,) = re.findall(r'href="([^"]*area=[^"]*)"', text)
    rows = officer.get(html.unescape(link)).context["page"].rows
    assert [row.area for row in rows] == [karaganda, karaganda]


@pytest.mark.parametrize("area", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_missing_area_does_not_filter_a_list(officer, area):
    page = officer.get(reverse("incidents"), {"area": area})
    assert page.status_code == 200
    assert list(page.context["filters"].errors) == ["area"]


def test_a_user_who_may_not_see_incidents_gets_the_places_without_counts(client, world, karaganda):
    happened(world, karaganda)
    client.force_login(world.inside[Role.REPORTER])
    page = client.get(reverse("places"))
    assert page.context["counted"] is None
    assert 'class="tile-count"' not in page.content.decode()


def test_with_boundaries_the_map_is_loaded_last(officer, boundary, karaganda):
    text = officer.get(reverse("places")).content.decode()
    assert 'data-bounds="72.0,46.0,76.0,50.0"' in text
    assert reverse("place_outlines", args=[karaganda.parent.uuid]) in text
    assert text.index("maplibre-gl-csp.js") > text.index("</main>")
    assert "A survey (CC BY)" in text


def test_outlines_have_counts_for_the_map(officer, world, boundary, karaganda):
    happened(world, karaganda)
    create_site(name="Range 3", area=karaganda, latitude=48.0, longitude=73.0, acting_user=None)
    create_site(name="Unplaced", area=karaganda, acting_user=None)
    answer = officer.get(reverse("place_outlines", args=[karaganda.parent.uuid]))
    assert answer["Content-Type"] == "application/geo+json"
    outline, site = json.loads(answer.content)["features"]
    assert outline["properties"] == {
        "id": str(karaganda.uuid),
        "label": "Karaganda",
        "count": 1,
        "shade": 4,
        "address": reverse("place", args=[karaganda.uuid]),
        "at": [74.0, 48.0],
    }
    assert outline["geometry"]["type"] == "Polygon"
    assert site["properties"] == {"label": "Range 3"}


def test_an_area_without_parts_on_the_map_shows_its_own_outline(officer, boundary, karaganda):
    answer = officer.get(reverse("place_outlines", args=[karaganda.uuid]))
    (outline,) = json.loads(answer.content)["features"]
    assert outline["properties"]["id"] == str(karaganda.uuid)
    assert outline["properties"]["count"] is None


def test_an_area_shows_its_names_codes_parts_and_sites(officer, karaganda):
    district = create_area(
        code="354000000",
        level="district",
        names={"kk": "Бұқар жырау", "ru": "Бухар-Жырауский", "en": "Bukhar-Zhyrau"},
        parent=karaganda,
        acting_user=None,
    )
    create_site(name="Range 3", area=district, is_synthetic=True, acting_user=None)
    text = officer.get(reverse("place", args=[karaganda.uuid])).content.decode()
    for word in ("Қарағанды облысы", "Карагандинская область", "KZ-35", CODE):
        assert word in text
    assert reverse("place", args=[district.uuid]) in text
    assert "Range 3" in text
    assert "synthetic" in text
    inner = officer.get(reverse("place", args=[district.uuid])).content.decode()
    assert reverse("place", args=[karaganda.uuid]) in inner


def test_a_missing_area_is_not_found(officer):
    address = reverse("place", args=["00000000-0000-4000-8000-000000000000"])
    assert officer.get(address).status_code == 404


@pytest.mark.parametrize("text", ["Қарағанды", "қарағ", "карагандинская", "Karaganda", "35000"])
def test_a_place_is_found_by_name_in_any_language_or_by_code(officer, text):
    page = officer.get(reverse("places"), {"q": text})
    assert [area.code for area in page.context["areas"]] == [CODE]


def test_a_long_list_of_places_is_shortened_and_says_so(officer, karaganda):
    for number in range(60):
        create_area(
            code=f"351{number:06d}",
            level="settlement",
            names={"ru": f"Зимовка {number}"},
            parent=karaganda,
            acting_user=None,
        )
    text = officer.get(reverse("places"), {"q": "зимовка"}).content.decode()
    assert "Showing the first 50" in text
    nothing = officer.get(reverse("places"), {"q": "<b>Атлантида"}).content.decode()
    assert "No area is called" in nothing
    assert "&lt;b&gt;Атлантида" in nothing
