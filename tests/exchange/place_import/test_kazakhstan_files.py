"""The boundaries of 2024 and the code list of 2022, with the changes between them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qorgau.exchange.place_import import PlaceImportOptions, PlaceImportReport, import_places
from qorgau.records.places.models import Area, AreaBoundary
from qorgau.records.places.queries import subtree_of
from tests.how_long import how_many

pytestmark = pytest.mark.django_db

REGIONS = "kaz_geokz/kaz_adm1_2024.geojson"
DISTRICTS = "kaz_geokz/kaz_adm2_2024.geojson"
CODES = "kaz_kato/KATO_17.10.2022_ru.csv"
# Every run reads all villages of one region; with --long those of all regions.
WHOLE_REGION = "10"


@pytest.fixture
def files(shared_data: Path, tmp_path: Path) -> dict[str, Path]:
    """The boundaries, and all or a share of the code list."""
    cut = tmp_path / "codes.csv"
    with (shared_data / CODES).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    regions = {row[0] for row in rows if row[1] == "0"}
    kept = [row for row in rows if row[1] in regions | {"0"} or row[2].startswith(WHOLE_REGION)]
    with cut.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *kept])
    codes = how_many(cut, shared_data / CODES)
    return {REGIONS: shared_data / REGIONS, DISTRICTS: shared_data / DISTRICTS, CODES: codes}


def rows_in(codes: Path) -> int:
    return len(codes.read_text(encoding="utf-8-sig").splitlines()) - 1


def take(file: Path) -> PlaceImportReport:
    return import_places(file, options=PlaceImportOptions(), acting_user=None)


def everything_held() -> list[tuple[object, ...]]:
    return sorted(
        Area.objects.values_list(
            "code", "level", "parent__code", "name_kk", "name_ru", "name_en", "name_source",
            "latitude", "longitude", "boundary__source_digest",
        ),
        key=lambda row: row[0],
    )  # fmt: skip


def test_code_list_then_boundaries(files: dict[str, Path]) -> None:
    codes = take(files[CODES])
    rows = rows_in(files[CODES])
    assert rows == how_many(1_832, 16_264)
    assert (codes.read, codes.created, codes.unchanged) == (rows, rows - 20, 20)
    regions = take(files[REGIONS])
    assert (regions.read, regions.updated) == (20, 20)
    assert len(regions.repaired) == 7
    districts = take(files[DISTRICTS])
    assert (districts.read, districts.created, districts.updated) == (224, 5, 219)

    assert {outline.name for outline in districts.repaired} == {"Жаңасемей", "Қонаев", "Ұлытау"}
    assert all(abs(outline.area_change_percent) < 1e-5 for outline in districts.repaired)
    assert set(districts.only_in_file) == {"104500000", "191800000", "711510000", "791910000"}
    assert districts.only_in_register == {"615500000": "район Сауран"}
    assert {note.code_kept for note in districts.recoded} == {"KZ101010", "622000000"}
    assert [note.after for note in districts.corrected_names] == ["Аршалинский"]

    assert AreaBoundary.objects.filter(area__level="region").count() == 20
    assert AreaBoundary.objects.filter(area__level="district").count() == 224
    assert subtree_of(Area.objects.get(code="KZ")).count() == Area.objects.count() == rows + 6
    assert Area.objects.get(code="590000000").name_kk == "Солтүстік Қазақстан облысы"
    assert Area.objects.get(code="101000000").name_kk == "Семей"


def test_the_other_order_gives_the_same_and_a_repetition_changes_nothing(
    files: dict[str, Path],
) -> None:
    for name in (DISTRICTS, REGIONS, CODES):
        assert take(files[name]).rejected == 0
    held = everything_held()
    rows = rows_in(files[CODES])
    assert len(held) == rows + 6
    assert held[0][:3] == ("100000000", "region", "KZ")
    assert Area.objects.filter(level="district", boundary__isnull=True).count() == 1
    for name, count in ((CODES, rows), (REGIONS, 20), (DISTRICTS, 224)):
        assert take(files[name]).unchanged == count
    assert everything_held() == held
