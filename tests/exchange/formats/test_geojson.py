"""Reading and writing GeoJSON; a sentence says what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.geojson import Feature, parse_features, serialise_features

SQUARE = {"type": "Polygon", "coordinates": [[[70, 50], [71, 50], [71, 51], [70, 51], [70, 50]]]}


def collection(*geometries: object, **members: object) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": "Ақмола"}, "geometry": geometry}
        for geometry in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def test_features_have_numbers_properties_and_geometry() -> None:
    first, second = parse_features(b"\xef\xbb\xbf" + collection(SQUARE, None))
    assert (first.number, first.properties, first.geometry) == (1, {"name": "Ақмола"}, SQUARE)
    assert first.fault is None
    assert (second.number, second.geometry) == (2, None)


def test_a_single_feature_is_a_collection_of_one() -> None:
    alone = {"type": "Feature", "properties": None, "geometry": SQUARE}
    (feature,) = parse_features(json.dumps(alone).encode())
    assert feature.geometry == SQUARE
    assert feature.properties == {}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (collection(SQUARE)[:-40], "cut short"),
        (b'{"type": "FeatureColl', "cut short"),
        (b"code;name\n1;Abai", "not JSON: line 1, character 1"),
        ('{"type": "Ақмола"}'.encode("cp1251", "replace"), "not UTF-8: byte"),
        (b"[1, 2]", "this one is a list"),
        (b'{"type": "Topology"}', "TopoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN, which is not a number"),
        (b"[" * 200_000, "nests its brackets too deeply"),
        (
            collection(SQUARE, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32642"}}),
            "EPSG::32642. Export the file in degrees",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        parse_features(data)


def test_the_old_note_that_coordinates_are_in_degrees_is_accepted() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(parse_features(collection(SQUARE, crs=crs))) == 1


def polygon(*ring: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(ring)]}


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (polygon([500000, 5600000], [1, 1], [2, 2], [500000, 5600000]), "not on the globe"),
        (polygon([70, 50], [71, 50], [70, 50]), "too few positions (3)"),
        (polygon([70, 50], [71, 50], [71, 51], [70, 51]), "does not end where it begins"),
        (polygon([70], [71, 50], [71, 51], [70]), "not two numbers"),
        (polygon(["70", "50"], [71, 50], [71, 51], ["70", "50"]), "not two numbers"),
        ({"type": "Polygon", "coordinates": []}, "no coordinates"),
        ({"type": "Circle", "coordinates": [70, 50]}, "Circle"),
        ("POLYGON((0 0))", "which cannot be used"),
    ],
)
def test_a_bad_geometry_is_a_fault_of_its_feature_only(geometry: object, sentence: str) -> None:
    good, bad = parse_features(collection(SQUARE, geometry))
    assert good.fault is None
    assert bad.fault is not None
    assert sentence in bad.fault.sentence
    assert bad.properties == {"name": "Ақмола"}


def test_an_entry_that_is_not_a_feature_is_named() -> None:
    (only,) = parse_features(b'{"type": "FeatureCollection", "features": ["x"]}')
    assert only.fault is not None


coordinate = st.tuples(
    st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False)
).map(list)


@given(
    properties=st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()),
    points=st.lists(coordinate, min_size=1),
)
def test_what_is_written_is_read_back(
    properties: dict[str, Any], points: list[list[float]]
) -> None:
    geometry = {"type": "MultiPoint", "coordinates": points}
    written = serialise_features([Feature(1, properties, geometry), Feature(2, properties)])
    first, second = parse_features(written)
    assert (first.properties, first.geometry, first.fault) == (properties, geometry, None)
    assert second.geometry is None


def test_kazakh_letters_are_written_as_they_are() -> None:
    assert "Ақмола".encode() in serialise_features([Feature(1, {"name": "Ақмола"})])


@pytest.mark.parametrize(("name", "count"), [("kaz_adm1_2024", 20), ("kaz_adm2_2024", 224)])
def test_the_boundaries_of_kazakhstan(shared_data: Path, name: str, count: int) -> None:
    data = (shared_data / "kaz_geokz" / f"{name}.geojson").read_bytes()
    features = parse_features(data)
    assert len(features) == count
    assert all(feature.fault is None and feature.geometry for feature in features)
    assert parse_features(serialise_features(features)) == features
