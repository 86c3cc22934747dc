"""The included regions: all present, with names in three languages, each in one alphabet."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from django.utils import translation

from qorgau.records.places.models import Area

pytestmark = pytest.mark.django_db

# As in the project's table of codes.
ENGLISH_NAMES = {
    "10": "Abai", "11": "Akmola", "15": "Aktobe", "19": "Almaty", "23": "Atyrau",
    "27": "West Kazakhstan", "31": "Zhambyl", "33": "Zhetisu", "35": "Karaganda",
    "39": "Kostanay", "43": "Kyzylorda", "47": "Mangystau", "55": "Pavlodar",
    "59": "North Kazakhstan", "61": "Turkistan", "62": "Ulytau", "63": "East Kazakhstan",
    "71": "Astana", "75": "Almaty", "79": "Shymkent",
}  # fmt: skip


def shipped_regions() -> list[Area]:
    return list(Area.objects.filter(country="KZ", level="region"))


def test_the_republic_and_its_twenty_units_are_there() -> None:
    republic = Area.objects.get(country="KZ", level="republic")
    regions = shipped_regions()
    assert {area.code: area.name_en.rsplit(" ", 1)[0] for area in regions} == {
        f"{key}0000000": name for key, name in ENGLISH_NAMES.items()
    }
    assert all(area.parent_id == republic.pk for area in regions)
    assert all(area.path == republic.path + f"{area.pk:08d}" for area in regions)
    assert all(area.iso_3166_2 == f"KZ-{area.code[:2]}" for area in regions)


def alphabets_of(text: str) -> set[str]:
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


def test_no_name_mixes_alphabets() -> None:
    for area in Area.objects.filter(country="KZ", level__in=["republic", "region"]):
        assert alphabets_of(area.name_kk) == {"CYRILLIC"}, area.name_kk
        assert alphabets_of(area.name_ru) == {"CYRILLIC"}, area.name_ru
        assert alphabets_of(area.name_en) == {"LATIN"}, area.name_en


def test_shymkent_and_the_north_are_spelled_as_they_are_today() -> None:
    assert Area.objects.get(code="790000000").name_ru == "город Шымкент"
    assert Area.objects.get(code="590000000").name_kk == "Солтүстік Қазақстан облысы"


def test_the_name_follows_the_language_of_the_reader() -> None:
    area = Area.objects.get(code="110000000")
    names = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            names[language] = area.name
    assert names == {"kk": "Ақмола облысы", "ru": "Акмолинская область", "en": "Akmola Region"}


def test_the_shipped_names_are_those_of_the_boundary_file(shared_data: Path) -> None:
    """Two spellings in the file are outdated and one mixes alphabets; all others agree."""
    file = shared_data / "kaz_geokz" / "kaz_adm1_2024.geojson"
    shipped = {area.code: area for area in shipped_regions()}
    differing = set()
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        properties = feature["properties"]
        area = shipped.pop(properties["KATO"])
        for language in ("kk", "ru"):
            if properties[f"ADM1_{language.upper()}"].split(" (")[0] not in getattr(
                area, f"name_{language}"
            ):
                differing.add((area.code[:2], language))
    assert not shipped
    # Official Russian names since 2022: область Абай, область Жетісу, область Ұлытау.
    assert differing == {("10", "ru"), ("33", "ru"), ("62", "ru"), ("59", "kk"), ("79", "ru")}
