"""Suggested mappings for files in three languages."""

import csv

import pytest

from qorgau.exchange.formats.mapping import mapping_from_toml
from qorgau.exchange.formats.mapping.schema import TargetField, TargetSchema
from qorgau.exchange.formats.suggestion import SuggestionVocabulary, suggest_mapping
from qorgau.exchange.formats.suggestion.proposal import SAMPLED_ROWS, sampled_rows
from qorgau.exchange.formats.tables import open_table

SCHEMA = TargetSchema(
    "accidents",
    (
        TargetField("day", "date", "Day", is_required=True),
        TargetField("time", "time", "Time"),
        TargetField("kind", "choice", "Kind", choices=("injury", "near_miss"), is_required=True),
        TargetField("story", "text", "What happened", longest_characters=20_000),
        TargetField("days_away", "integer", "Days away", least=0),
        TargetField("cost", "decimal", "Cost", least=0),
    ),
)
VOCABULARY = SuggestionVocabulary(
    fields={
        "day": ("date", "дата происшествия", "оқиға күні"),
        "time": ("time", "время", "уақыты"),
        "kind": ("kind", "вид", "түрі"),
        "story": ("narrative", "описание", "сипаттама"),
        "days_away": ("days lost", "дни нетрудоспособности", "жоғалған күндер"),
        "cost": ("cost", "ущерб", "шығын"),
    },
    values={"kind": {"injury": ("травма", "жарақат"), "near_miss": ("предпосылка", "алғышарт")}},
    units=("company", "unit", "рота", "подразделение", "бөлімше"),
    keys=("number", "номер", "нөмірі"),
    nulls=frozenset(("?", "н/д", "белгісіз")),
    otherwise={"kind": "injury"},
)
STORY = "fell from the ladder while unloading the store, hurt the left knee and could not walk on"
FILES = {
    "en": (
        ["ACCIDENT_NO", "ACCIDENT_DT", "ACCIDENT_TIME", "KIND", "NARRATIVE", "DAYS_LOST", "COST"],
        ["2012-03-14", "0945", "Near miss", STORY, "3", "12.50"],
    ),
    "ru": (
        [
            "Номер",
            "Дата происшествия",
            "Время",
            "Вид",
            "Описание",
            "Дни нетрудоспособности",
            "Ущерб",
        ],
        ["14.03.2012", "09:45", "Предпосылка", STORY, "3", "12,50"],
    ),
    "kk": (
        ["Нөмірі", "Оқиға күні", "Уақыты", "Түрі", "Сипаттама", "Жоғалған күндер", "Шығын"],
        ["14.03.2012", "09:45", "Алғышарт", STORY, "3", "12,50"],
    ),
}


def write(tmp_path, header, rows, delimiter=","):
    path = tmp_path / "unknown.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return open_table(path)


@pytest.mark.parametrize("language", FILES)
def test_columns_are_recognised_by_name_and_content_in_three_languages(tmp_path, language):
    header, cells = FILES[language]
    rows = [[str(number), *cells] for number in range(1, 40)]
    found = suggest_mapping(write(tmp_path, header, rows), SCHEMA, VOCABULARY, source="test")
    fields = [column.field for column in found.columns]
    assert fields == ["key", "day", "time", "kind", "story", "days_away", "cost"]
    assert all(column.confidence > 0.6 and column.reasons for column in found.columns)
    rules = dict(found.mapping.fields)
    assert rules["kind"].values[0][1] == "near_miss"
    assert rules["cost"].decimal_mark == ("." if language == "en" else ",")
    assert mapping_from_toml(found.to_toml(), SCHEMA) == found.mapping


def test_date_and_narrative_are_recognised_by_content_alone(tmp_path):
    table = write(tmp_path, ["a", "b"], [["14.03.2012", STORY], ["15.03.2012", STORY]])
    found = suggest_mapping(table, SCHEMA, VOCABULARY, source="test")
    assert [column.field for column in found.columns] == ["day", "story"]
    assert all(column.confidence <= 0.5 for column in found.columns)
    assert found.mapping.key.with_row_hash


def test_file_without_a_date_is_still_suggested_for_a_person_to_correct(tmp_path):
    found = suggest_mapping(
        write(tmp_path, ["x", "y"], [["1", "2"], ["3", "4"]]), SCHEMA, VOCABULARY, source="test"
    )
    assert [column.field for column in found.columns] == [None, None]
    assert "Columns that are not read: x, y" in found.to_toml()


def test_units_are_sorted_and_codes_contain_those_above(tmp_path):
    header = ["UNIT_ID", "UNIT_NAME", "COMPANY_ID", "COMPANY_NAME", "date"]
    rows = [
        [str(n % 12), f"Platoon {n % 12}", str(n % 3), f"Company {n % 3}", "2012-03-14"]
        for n in range(60)
    ]
    found = suggest_mapping(write(tmp_path, header, rows), SCHEMA, VOCABULARY, source="my-army")
    top, upper, lower = found.mapping.units.levels
    assert top.code.source.text == "MY-ARMY"
    assert upper.code.source.text == "MY-ARMY-{COMPANY_ID}"
    assert lower.code.source.text == "MY-ARMY-{COMPANY_ID}-{UNIT_ID}"
    assert lower.name.source.columns == ("UNIT_NAME",)
    assert found.mapping.units.opened_on == "1900-01-01"


def test_texts_that_mean_empty_are_named(tmp_path):
    table = write(tmp_path, ["date", "days lost"], [["14.03.2012", "н/д"], ["15.03.2012", "2"]])
    assert suggest_mapping(table, SCHEMA, VOCABULARY, source="t").mapping.nulls == {"н/д"}


def test_common_label_of_all_texts_is_left_out(tmp_path):
    rows = [["2012-03-14", "Kind: near miss"], ["2012-03-15", "Kind: injury"]]
    found = suggest_mapping(write(tmp_path, ["date", "kind"], rows), SCHEMA, VOCABULARY, source="t")
    rule = dict(found.mapping.fields)["kind"]
    assert rule.strip_prefix == "Kind: "
    assert dict(rule.values) == {"near miss": "near_miss", "injury": "injury"}


def test_sample_reaches_below_the_top_and_is_the_same_every_time(tmp_path):
    table = write(tmp_path, ["n"], [[str(number)] for number in range(SAMPLED_ROWS * 3)])
    sample = sampled_rows(table)
    assert len(sample) == SAMPLED_ROWS
    assert sample == sampled_rows(table)
    assert max(row.number for row in sample) > SAMPLED_ROWS * 2


def test_every_field_of_a_suggestion_reads_the_columns_it_names(tmp_path):
    header, cells = FILES["en"]
    table = write(tmp_path, header, [["1", *cells], ["2", *cells]])
    found = suggest_mapping(table, SCHEMA, VOCABULARY, source="test")
    assert {column for _, column in found.mapping.columns()} <= set(table.columns)
