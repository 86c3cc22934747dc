"""Importing a file of places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.place_import import PlaceImportOptions, PlaceImportReport, import_places
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.places.models import Area, AreaBoundary
from tests.exchange.place_import.conftest import BOW_TIE, feature, square

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]
HEADER = "id;parent_id;code;name"


def run(file: Path, **options: object) -> PlaceImportReport:
    report = import_places(file, options=PlaceImportOptions(**options), acting_user=None)
    counts = report.counts()
    assert counts["read"] == sum(
        counts[name] for name in ("created", "updated", "unchanged", "rejected")
    )
    return report


def counts_of(report: PlaceImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def arshaly(**more: object) -> dict[str, object]:
    names = {"ADM2_KK": "Аршалы", "ADM2_RU": "Аршалынский", "ADM2_EN": "Arshaly"}
    return feature(KATO="113400000", ADM2_PCODE="KZ113400", ADM1_PCODE="KZ11", **names, **more)


def test_boundaries_are_imported_once_and_a_second_import_changes_nothing(write: Write) -> None:
    file = write(arshaly())
    assert counts_of(run(file)) == (1, 0, 0, 0)
    area = Area.objects.get(code="113400000")
    assert (area.level, area.parent.code, area.name_kk) == ("district", "110000000", "Аршалы")
    assert (area.latitude, area.longitude) == (50.5, 70.5)
    assert (area.boundary.west, area.boundary.north) == (70, 51)
    assert counts_of(run(file)) == (0, 0, 1, 0)
    assert JournalEntry.objects.count() == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(write: Write) -> None:
    file = write(arshaly())
    report = run(file, is_dry_run=True)
    assert counts_of(report) == (1, 0, 0, 0)
    assert report.is_dry_run
    assert not Area.objects.filter(code="113400000").exists()
    assert not JournalEntry.objects.exists()
    assert run(file).counts() == report.counts()


def test_a_changed_outline_is_an_update(write: Write) -> None:
    run(write(arshaly()))
    other = arshaly()
    other["geometry"] = {"type": "Polygon", "coordinates": [square(side=2)]}
    assert counts_of(run(write(other))) == (0, 1, 0, 0)
    assert AreaBoundary.objects.get().east == 72


def test_an_outline_that_crosses_itself_is_repaired_and_named(write: Write) -> None:
    bad = arshaly()
    bad["geometry"] = {"type": "Polygon", "coordinates": [BOW_TIE]}
    file = write(bad)
    for _ in range(2):
        (repaired,) = run(file).repaired
        assert (repaired.code, repaired.name) == ("113400000", "Аршалы")
        assert "Self-intersection" in repaired.problem
    assert AreaBoundary.objects.get().is_repaired


def test_a_bad_feature_is_rejected_and_the_others_are_imported(write: Write) -> None:
    no_code = feature(KATO="", ADM2_EN="Nowhere", ADM2_PCODE="")
    no_name = feature(KATO="113600000", ADM2_PCODE="KZ113600")
    no_outline = {**feature(KATO="113800000", ADM2_EN="Atbasar"), "geometry": None}
    in_metres = feature(square(west=500_000), KATO="114000000", ADM2_EN="Bulandy")
    stranger = feature(KATO="993400000", ADM2_EN="Atlantis")
    again = arshaly()
    report = run(write(arshaly(), no_code, no_name, no_outline, in_metres, stranger, again))
    assert counts_of(report) == (1, 0, 0, 6)
    reasons = {rejection.number: rejection.fault.sentence for rejection in report.rejections}
    assert "no code" in reasons[2]
    assert "no name" in reasons[3]
    assert "no outline" in reasons[4]
    assert "not on the globe" in reasons[5]
    assert "neither in the register nor in the file" in reasons[6]
    assert "Number 1 of the file has the same code" in reasons[7]


def test_a_name_that_mixes_alphabets_is_corrected_and_reported(write: Write) -> None:
    report = run(write(feature(KATO="113400000", ADM2_RU="\u0041ршалынский", ADM2_KK="Qала")))
    (corrected,), (mixed,) = report.corrected_names, report.mixed_names
    assert (corrected.language, corrected.after) == ("ru", "\u0410ршалынский")
    assert (mixed.language, mixed.before) == ("kk", "Qала")
    assert Area.objects.get(code="113400000").name_ru == "\u0410ршалынский"


def test_a_town_s_code_is_replaced_by_the_code_of_its_district_or_the_p_code(write: Write) -> None:
    semey = feature(KATO="101000000", ADM2_RU="Семей", ADM2_PCODE="KZ101000")
    new = feature(KATO="101010000", ADM2_RU="Жанасемейский", ADM2_PCODE="KZ101010")
    satpaev = feature(KATO="622010000", ADM2_RU="Сатпаев", ADM2_PCODE="KZ622010")
    report = run(write(semey, new, satpaev))
    assert [(note.code_in_file, note.code_kept) for note in report.recoded] == [
        ("101010000", "KZ101010"),
        ("622010000", "622000000"),
    ]
    assert Area.objects.get(code="KZ101010").parent.code == "100000000"
    assert not Area.objects.filter(code="101010000").exists()


CODES = (
    HEADER,
    "1;0;110000000;Акмолинская область",
    "4;3;113430100;п.Аршалы",
    "2;1;113400000;Аршалынский район",
    "3;2;113430000;Аршалы п.а.",
)


def test_a_code_list_is_imported_in_any_order_of_rows(write: Write) -> None:
    file = write(*CODES)
    assert counts_of(run(file)) == (3, 0, 1, 0)
    village = Area.objects.get(code="113430100")
    assert (village.level, village.parent.code) == ("settlement", "113430000")
    assert village.name_ru == "п.Аршалы"
    assert Area.objects.get(code="110000000").name_ru == "Акмолинская область"
    assert counts_of(run(file)) == (0, 0, 4, 0)


@pytest.mark.parametrize("boundaries_first", [True, False])
def test_the_order_of_the_files_makes_no_difference(write: Write, boundaries_first: bool) -> None:
    files = [write(arshaly()), write(*CODES)]
    for file in files if boundaries_first else reversed(files):
        run(file)
    area = Area.objects.get(code="113400000")
    assert (area.name_ru, area.name_kk) == ("Аршалынский", "Аршалы")
    assert area.boundary.west == 70
    assert [run(file).unchanged for file in files] == [1, 4]


def test_what_only_one_of_two_editions_has_is_listed(write: Write) -> None:
    run(write(*CODES, "5;1;113600000;Астраханский район"))
    nura = feature(KATO="711510000", ADM2_RU="Нуринский", ADM2_PCODE="KZ711510")
    report = run(write(arshaly(), nura))
    assert report.only_in_file == {"711510000": "Нуринский"}
    assert report.only_in_register == {"113600000": "Астраханский район"}
    assert Area.objects.filter(code="113600000").exists()


def test_rows_without_a_parent_are_rejected_with_their_children(write: Write) -> None:
    report = run(
        write(
            HEADER,
            "1;99;113400000;Аршалынский район",
            "2;1;113430000;Аршалы п.а.",
            "3;4;113630000;А",
            "4;3;113630100;Б",
            "5;0;;Без кода",
            "6;0;110000000;Акмолинская область;лишнее",
        )
    )
    assert counts_of(report) == (0, 0, 0, 6)
    reasons = [rejection.fault.sentence for rejection in report.rejections]
    assert "id 99, which is not in the file" in reasons[0]
    assert "belongs to 113400000" in reasons[1]
    assert "belongs to this one" in reasons[2]
    assert "no code" in reasons[4]
    assert "Cells in the row: 5; in the header: 4" in reasons[5]


def test_a_file_that_was_cut_off_leaves_nothing_half_written(write: Write) -> None:
    file = write(*CODES)
    file.write_bytes(file.read_bytes()[:-12].rsplit(b";", 1)[0])
    with pytest.raises(FormatError, match="cut short"):
        run(file)
    boundaries = write(arshaly())
    boundaries.write_bytes(boundaries.read_bytes()[:-20])
    with pytest.raises(FormatError, match="cut short"):
        run(boundaries)
    assert Area.objects.count() == 21


def test_a_failure_while_writing_leaves_nothing_half_written(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("qorgau.records.places.services.append_entry", refuse)
    with pytest.raises(OSError, match="disk full"):
        run(write(arshaly()))
    assert Area.objects.count() == 21
    assert not AreaBoundary.objects.exists()


def test_another_country_is_imported_with_the_areas_above(write: Write) -> None:
    above = {"ADM0_EN": "Kyrgyzstan", "ADM0_PCODE": "KG", "ADM1_EN": "Osh", "ADM1_PCODE": "KG06"}
    district = feature(ADM2_EN="Alay", ADM2_RU="Алайский", ADM2_PCODE="KG06207", **above)
    file = write(district)
    report = run(file, country="KG")
    assert counts_of(report) == (1, 0, 0, 0)
    assert report.created_above == 2
    area = Area.objects.get(country="KG", code="KG06207")
    assert (area.parent.name_en, area.parent.level) == ("Osh", "region")
    assert area.parent.parent.name_en == "Kyrgyzstan"
    assert area.path.startswith(area.parent.path)
    assert counts_of(run(file, country="KG")) == (0, 0, 1, 0)


def test_an_unknown_file_is_imported_when_its_properties_are_named(write: Write) -> None:
    mapped = {"code": "GID_1", "name_en": "NAME_1"}
    report = run(
        write(feature(GID_1="UZB.1_1", NAME_1="Andijan")),
        country="UZ",
        level="region",
        property_map=mapped,
    )
    assert (report.created, report.created_above) == (1, 1)
    assert Area.objects.get(country="UZ", code="UZB.1_1").parent.code == "UZ"


def test_an_unknown_code_list_takes_its_levels_from_its_depth(write: Write) -> None:
    file = write(
        "code,parent_code,name",
        "B,A,Beta",
        "A,,Alpha",
        "C,B,Gamma",
        "D,C,Delta",
        name="uz.csv",
    )
    assert run(file, country="UZ").created == 4
    levels = dict(Area.objects.filter(country="UZ").values_list("code", "level"))
    assert levels == {
        "UZ": "republic",
        "A": "region",
        "B": "district",
        "C": "settlement",
        "D": "settlement",
    }


def test_the_file_of_another_country_is_refused(write: Write) -> None:
    with pytest.raises(FormatError, match="for the country KG, not KZ"):
        run(write(feature(ADM0_PCODE="KG", ADM1_PCODE="KG06", ADM1_EN="Osh")))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"property_map": {"nmae_ru": "name"}}, 'Did you mean "name_ru"'),
        ({"level": "oblast"}, "republic, region, district, settlement"),
        ({"country": "Kazakhstan"}, "two capital letters"),
        ({"property_map": {"name_ru": "nmae"}}, 'Did you mean "name"'),
    ],
)
def test_options_with_unknown_names_are_refused(
    write: Write, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(FormatError, match=sentence):
        run(write(*CODES), **options)


def test_a_table_that_is_not_a_code_list_is_refused(write: Write) -> None:
    with pytest.raises(FormatError, match=r"The file has: a, b\."):
        run(write("a;b", "1;2"))
