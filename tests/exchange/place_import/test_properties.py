"""Which property contains which field, in files from several sources."""

from __future__ import annotations

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.place_import import PlaceImportOptions
from qorgau.exchange.place_import.properties import recognise

GEOKZ = [
    "KATO", "ADM0_EN", "ADM0_KK", "ADM0_RU", "ADM0_PCODE", "ADM1_EN", "ADM1_KK", "ADM1_RU",
    "ADM1_PCODE", "ADM2_EN", "ADM2_KK", "ADM2_RU", "ADM2_PCODE", "ISO_3166_2", "Year",
]  # fmt: skip


def test_geokz() -> None:
    reading = recognise(GEOKZ, PlaceImportOptions())
    assert (reading.level, reading.code, reading.has_kato) == ("district", "KATO", True)
    assert reading.names == {"en": "ADM2_EN", "kk": "ADM2_KK", "ru": "ADM2_RU"}
    assert (reading.parent, reading.p_code) == ("ADM1_PCODE", "ADM2_PCODE")
    assert list(reading.upper) == ["republic", "region"]
    assert reading.iso_3166_2 == "ISO_3166_2"


@pytest.mark.parametrize(
    ("properties", "code", "names", "parent"),
    [
        (
            ["ADM0_PCODE", "ADM1_PCODE", "ADM1_EN", "ADM1_RU", "validOn"],
            "ADM1_PCODE",
            {"en": "ADM1_EN", "ru": "ADM1_RU"},
            "ADM0_PCODE",
        ),
        (
            ["admin1Pcode", "admin1Name_en", "admin1Name_ru", "admin0Pcode"],
            "admin1Pcode",
            {"en": "admin1Name_en", "ru": "admin1Name_ru"},
            "admin0Pcode",
        ),
        (["adm1_name", "adm1_pcode"], "adm1_pcode", {"en": "adm1_name"}, None),
    ],
)
def test_common_operational_datasets(
    properties: list[str], code: str, names: dict[str, str], parent: str | None
) -> None:
    reading = recognise(properties, PlaceImportOptions(country="KG"))
    assert (reading.level, reading.code, reading.parent) == ("region", code, parent)
    assert reading.names == names
    assert not reading.has_kato


def test_properties_of_an_unknown_file_are_named_by_the_user() -> None:
    options = PlaceImportOptions(
        country="UZ",
        level="district",
        property_map={"code": "GID_2", "parent": "GID_1", "name_en": "NAME_2"},
    )
    reading = recognise(["GID_1", "GID_2", "NAME_2"], options)
    assert (reading.code, reading.parent, reading.names) == ("GID_2", "GID_1", {"en": "NAME_2"})
    assert reading.level == "district"


def test_a_file_without_codes_is_refused_with_its_property_names() -> None:
    with pytest.raises(FormatError, match=r"It has: shapeName, shapeID\. Say which"):
        recognise(["shapeName", "shapeID"], PlaceImportOptions())


def test_a_missing_property_is_refused_with_the_most_similar_name() -> None:
    with pytest.raises(FormatError, match=r'no "GID_3"\. Did you mean "GID_2"'):
        recognise(["GID_2"], PlaceImportOptions(property_map={"code": "GID_3"}))
