"""Outlines repaired and simplified."""

from __future__ import annotations

import json

import pytest
import shapely

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.place_import.outlines import outlines_of, polygons_only, sound_shape
from tests.exchange.place_import.conftest import BOW_TIE, square


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_valid_outline_is_not_changed() -> None:
    sound = sound_shape(polygon(square()))
    assert (sound.repair, sound.area_change_percent) == (None, 0.0)
    assert sound.shape.area == 1.0


def test_an_outline_that_crosses_itself_is_repaired_and_its_place_reported() -> None:
    sound = sound_shape(polygon(BOW_TIE))
    assert sound.repair == "Self-intersection[70.5 50.5]"
    assert sound.shape.is_valid
    assert sound.shape.geom_type == "MultiPolygon"
    assert sound.shape.area == pytest.approx(0.5)


def test_a_spike_is_removed_and_no_line_remains() -> None:
    spiked = square()
    spiked[2:2] = [[71, 50.5], [73, 50.5], [71, 50.5]]
    sound = sound_shape(polygon(spiked))
    assert sound.repair is not None
    assert sound.shape.geom_type == "Polygon"
    assert sound.shape.bounds == (70, 50, 71, 51)


def test_only_polygons_of_a_mixture_are_kept() -> None:
    mixture = shapely.from_wkt(
        "GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 1 1),"
        " MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5))))"
    )
    assert polygons_only(mixture).geom_type == "MultiPolygon"
    assert polygons_only(mixture).area == 1.0


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        ({"type": "Point", "coordinates": [70, 50]}, "is a Point"),
        (polygon([[70, 50], [71, 50], [72, 50], [70, 50]]), "encloses nothing"),
    ],
)
def test_an_outline_without_an_area_is_refused(geometry: dict[str, object], sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        sound_shape(geometry)


def test_the_digest_shows_whether_the_file_changed() -> None:
    first, same = sound_shape(polygon(square())), sound_shape(polygon(square()))
    other = sound_shape(polygon(square(side=2)))
    assert first.source_digest == same.source_digest != other.source_digest


def wavy_border() -> list[list[float]]:
    return [[71 + (0.00005 if step % 2 else 0), 50 + step / 100] for step in range(1, 100)]


def test_neighbours_keep_one_common_border_when_they_are_simplified() -> None:
    border = wavy_border()
    left = [[70, 50], [71, 50], *border, [71, 51], [70, 51], [70, 50]]
    right = [[72, 50], [72, 51], [71, 51], *reversed(border), [71, 50], [72, 50]]
    outlines = outlines_of({"l": sound_shape(polygon(left)), "r": sound_shape(polygon(right))})
    west, east = (shapely.from_geojson(outlines[key].simplified_geometry) for key in "lr")
    assert len(json.loads(outlines["l"].simplified_geometry)["coordinates"][0]) < 20
    assert west.intersection(east).area == pytest.approx(0, abs=1e-9)
    assert west.union(east).area == pytest.approx(2.0, abs=0.01)
    assert shapely.from_geojson(outlines["l"].geometry).area == pytest.approx(
        shapely.Polygon(left).area
    )


def test_an_area_smaller_than_a_pixel_keeps_an_outline() -> None:
    shapes = {
        "large": sound_shape(polygon(square(side=20))),
        "small": sound_shape(polygon(square(west=100, side=0.0004))),
    }
    small = outlines_of(shapes)["small"]
    assert not shapely.from_geojson(small.simplified_geometry).is_empty


def test_the_point_of_a_ring_shaped_area_is_inside_it() -> None:
    ring = polygon(square(side=3), square(west=71, south=51, side=1))
    outline = outlines_of({"ring": sound_shape(ring)})["ring"]
    inside = shapely.Point(outline.longitude, outline.latitude)
    assert shapely.from_geojson(outline.geometry).contains(inside)
    assert outline.bounds == (70, 50, 73, 53)
