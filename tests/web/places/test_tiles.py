"""The tile map of the country."""

from __future__ import annotations

import itertools

import pytest
from django.utils import translation

from qorgau.records.places.models import Area
from qorgau.web.places.tiles import short_labels, tiles_of

pytestmark = pytest.mark.django_db

# Pairs of regions with a common border, to check that neighbours are close to each other.
NEIGHBOURS = [
    ("27", "15"), ("27", "23"), ("23", "47"), ("39", "11"), ("59", "11"), ("11", "71"),
    ("11", "35"), ("55", "71"), ("62", "35"), ("62", "43"), ("35", "31"), ("35", "10"),
    ("10", "63"), ("10", "33"), ("43", "61"), ("61", "79"), ("31", "79"), ("33", "19"),
    ("19", "75"), ("15", "62"), ("39", "62"), ("31", "19"),
]  # fmt: skip


@pytest.fixture
def regions() -> list[Area]:
    return list(Area.objects.filter(country="KZ", level="region"))


def test_every_region_has_its_own_tile(regions):
    tiles = tiles_of(regions)
    assert {tile.area.code for tile in tiles} == {area.code for area in regions}
    assert len({(tile.column, tile.row) for tile in tiles}) == 20


def test_neighbours_touch(regions):
    at = {tile.area.code[:2]: (tile.column, tile.row) for tile in tiles_of(regions)}
    for one, other in NEIGHBOURS:
        across = abs(at[one][0] - at[other][0])
        down = abs(at[one][1] - at[other][1])
        assert max(across, down) == 1, (one, other)


def test_north_is_above_south_and_west_is_left_of_east(regions):
    at = {tile.area.code[:2]: tile for tile in tiles_of(regions)}
    for upper, lower in itertools.pairwise(["59", "11", "35", "31", "79"]):
        assert at[upper].row < at[lower].row
    for left, right in itertools.pairwise(["27", "15", "62", "35", "10", "63"]):
        assert at[left].column < at[right].column


def test_two_areas_with_one_short_name_keep_their_full_names(regions):
    with translation.override("kk"):
        labels = short_labels(regions)
    assert labels["190000000"] == "Алматы облысы"
    assert labels["750000000"] == "Алматы қаласы"
    assert labels["350000000"] == "Қарағанды"


def test_long_names_may_be_broken_between_syllables(regions):
    with translation.override("ru"):
        labels = {tile.area.code[:2]: tile.label for tile in tiles_of(regions)}
    assert labels["39"].split("\u00ad") == ["Кос", "та", "найс", "кая"]
    assert labels["62"] == "Ұлы\u00adтау"


def test_areas_of_another_country_have_no_tile():
    assert tiles_of([Area(country="KG", code="10", name_en="Somewhere")]) == []
