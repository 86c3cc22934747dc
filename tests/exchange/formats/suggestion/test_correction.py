"""What a person changes in a mapping, and what does not change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.suggestion import (
    KEY,
    UNITS,
    Corrections,
    Sample,
    UnitChoice,
    corrected,
    sampled_rows,
    suggest_mapping,
    uses_of,
)
from tests.exchange.formats.suggestion.test_proposal import SCHEMA, STORY, VOCABULARY, write

HEADER = ["number", "date", "kind", "text", "unit", "more"]
ROWS = [[str(n), "14.03.2012", "Near miss", STORY, f"U{n % 3}", "x"] for n in range(9)]


@pytest.fixture
def file(tmp_path):
    table = write(tmp_path, HEADER, ROWS)
    found = suggest_mapping(table, SCHEMA, VOCABULARY, source="test")
    return found.mapping, Sample(table.columns, found.profiles, tuple(sampled_rows(table)))


def decided(mapping, sample, *, units=None, values=None, constants=None, **uses):
    """The corrections of a person who changes only these."""
    before = dict(zip(sample.columns, uses_of(mapping, sample.columns), strict=True))
    return Corrections(
        source="test",
        uses=tuple((before | uses).values()),
        values=values or {},
        constants=constants or {},
        units=units or UnitChoice("made", "TOP"),
    )


def change(file, **decisions):
    mapping, sample = file
    return corrected(mapping, decided(mapping, sample, **decisions), sample, SCHEMA, VOCABULARY)


def test_without_corrections_the_mapping_stays_the_same(file):
    mapping, _ = file
    after = change(file)
    assert after == replace(mapping, units=replace(mapping.units, under="TOP"))


def test_uses_are_those_of_the_mapping(file):
    mapping, sample = file
    assert uses_of(mapping, sample.columns) == (KEY, "day", "kind", "story", UNITS, "")


def test_column_with_another_field_is_read_again(file):
    after = change(file, text="", more="story")
    assert dict(after.fields)["story"].source.columns == ("more",)


def test_field_without_a_column_is_removed_or_gets_its_default(file):
    after = dict(change(file, text="", kind="").fields)
    assert "story" not in after
    assert after["kind"].source.text == "injury"


def test_default_is_chosen(file):
    after = change(file, kind="", constants={"kind": "near_miss"})
    assert dict(after.fields)["kind"].source.text == "near_miss"


def test_value_is_chosen_and_the_others_stay(file):
    mapping, _ = file
    known = dict(dict(mapping.fields)["kind"].values)
    assert known == {"Near miss": "near_miss"}
    after = change(file, values={"kind": {"near miss": "injury", "Fall": "injury"}})
    rule = dict(after.fields)["kind"]
    assert dict(rule.values) == {"near miss": "injury", "Fall": "injury"}


def test_without_a_column_that_numbers_the_rows_the_whole_row_does(file):
    assert change(file, number="").key.with_row_hash


def test_one_unit_for_all(file):
    units = change(file, units=UnitChoice("one", "BDE")).units
    assert not units.may_create
    assert units.levels[0].code.source.text == "BDE"


def test_column_of_known_codes(file):
    units = change(file, units=UnitChoice("known")).units
    assert not units.may_create
    assert units.levels[0].code.source.columns == ("unit",)


def test_other_columns_make_other_units(file):
    units = change(file, unit="", more=UNITS, units=UnitChoice("made", "TOP", "kk")).units
    assert units.may_create
    assert (units.under, units.language) == ("TOP", "kk")
    assert units.levels[-1].name.source.columns == ("more",)


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ({"text": "day"}, "fill the same field"),
        ({"unit": ""}, "No column gives the unit"),
        ({"more": UNITS, "units": UnitChoice("known")}, "Leave only that one"),
    ],
)
def test_contradictions_are_reported(file, decisions, sentence):
    with pytest.raises(FormatError, match=sentence):
        change(file, **decisions)
