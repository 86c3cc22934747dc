"""A mapping converts rows to values, or to faults in sentences."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.format_errors import FormatError, errors_of
from qorgau.exchange.formats.mapping import MappingEngine
from qorgau.exchange.formats.tables import Row

HASH_HEAD = '[mapping]\nsource = "test"\n[key]\nrow_hash = true\n[fields]\nday = "day"\n'


@pytest.mark.parametrize(
    ("rule", "cell", "value"),
    [
        ('story = "a"', "  fell  ", "fell"),
        ('story = "a"', "", None),
        ('story = { constant = "all" }', "", "all"),
        ('story = { template = "{a}: {{{id}}}" }', "fell", "fell: {1}"),
        ('story = { join = ["a", "b"], separator = "; " }', "fell", "fell; bee"),
        ('story = { join = ["a", "b"] }', "", "bee"),
        ('story = { first_of = ["a", "b"] }', "", "bee"),
        ('story = { column = "a", strip_prefix = "Cause: " }', "Cause: fire", "fire"),
        ('story = { column = "a", part = { separator = ", ", place = -1 } }', "X, Y, NY", "NY"),
        ('story = { column = "a", part = { separator = ", ", place = 0 } }', "X, Y, NY", "X"),
        ('story = { column = "a", part = { separator = ", ", place = 1 } }', "X, Y, NY", "Y, NY"),
        ('story = { column = "a", part = { separator = ", ", place = 1 } }', "X", None),
        ('story = { column = "a", add_prefix = "US-" }', "NY", "US-NY"),
        ('story = { column = "a", add_prefix = "US-" }', "", None),
        ('story = { column = "a", nulls = ["NONE"] }', "none", None),
        ('story = { column = "a", default = "x" }', "", "x"),
        ('story = { column = "a", default = "x" }', "y", "y"),
        ('kind = { column = "a", values = { 3 = "injury", 7 = "illness" } }', "7", "illness"),
        ('kind = { column = "a", values = { x = "injury" } }', "Near_Miss", "near_miss"),
        ('kind = { column = "a", values = { x = "injury" }, default = "illness" }', "?", "illness"),
        ('kind = { column = "a", values = { "" = "" }, default = "illness" }', "", None),
        ('days_away = "a"', "1,234", 1234),
        ('days_away = "a"', "8.0", 8),
        ('years = "a"', "1,234.5", Decimal("1234.5")),
        ('years = { column = "a", decimal_mark = "," }', "1 234,5", Decimal("1234.5")),
        ('is_on_duty = "a"', "да", True),
        ('is_on_duty = "a"', "No", False),
        ('review = { column = "a", forms = ["excel"] }', "60000", dt.date(2064, 4, 8)),
        ('time = { column = "a", forms = ["figures"], nulls = ["9999"] }', "9999", None),
        ('time = { column = "a", forms = ["figures"], nulls = ["9999"] }', "945", 585),
    ],
)  # fmt: skip
def test_value(map_cells, rule, cell, value):
    row = map_cells(rule + "\n", a=cell, b="bee")
    assert row.faults == ()
    assert row.values[rule.split(" ")[0]] == value


@pytest.mark.parametrize(
    ("rule", "cell", "sentence"),
    [
        ('kind = "a"', "injry", '"injry" has no value in the register; the nearest is "injury"'),
        ('days_away = "a"', "a few", "not a whole number"),
        ('days_away = "a"', "2.5", "not a whole number"),
        ('days_away = "a"', "NaN", "not a whole number"),
        ('days_away = "a"', "-1", "is below 0"),
        ('days_away = "a"', "10000", "is above 9999"),
        ('years = "a"', "1,5", "is not a number"),
        ('years = "a"', "1e400000", "is not a number"),
        ('is_on_duty = "a"', "maybe", "neither yes nor no"),
        ('story = "a"', "x" * 41, "41 characters; the maximum is 40"),
        ('time = "a"', "noon", "not a time of day"),
    ],
)
def test_fault_names_what_is_wrong(map_cells, rule, cell, sentence):
    row = map_cells(rule + "\n", a=cell)
    (fault,) = row.faults
    assert fault.column == "a"
    with pytest.raises(FormatError, match=sentence):
        raise fault


def test_day_after_today_is_refused_and_today_is_not(map_cells):
    assert map_cells("", day="2020-06-01").faults == ()
    (fault,) = map_cells("", day="2020-06-02").faults
    assert "is later than today (2020-06-01)" in fault.sentence


def test_all_faults_of_a_row_are_reported(map_cells):
    row = map_cells('days_away = "a"\nkind = "a"\n', a="x", day="x")
    assert len(row.faults) == 3


def test_required_field_that_is_empty(map_cells):
    (fault,) = map_cells("", day=" ").faults
    assert fault.sentence == "Day is empty, and every record needs it. Fill it in."


def test_unknown_columns_are_reported_with_the_most_similar_names(read, schema):
    mapping = read('story = "narative"\nkind = "degree"\n')
    with pytest.raises(FormatError) as caught:
        MappingEngine(mapping, schema, ("id", "day", "narrative", "other"), dt.date(2020, 6, 1))
    first, second = errors_of(caught.value)
    assert 'no column "narative"' in first.sentence
    assert '(fields.story); the nearest is "narrative"' in first.sentence
    assert 'no column "degree"' in second.sentence


UNITS = """
[units]
create = true
organisation = "org"
opened_on = "1990-01-31"
[[units.levels]]
code = { template = "C-{co}" }
name = "company"
kind = "company"
[[units.levels]]
code = { hash = ["co", "platoon"] }
name = "platoon"
"""


def test_units_from_the_top_down(map_cells):
    row = map_cells(UNITS, co="7", company="Seventh", platoon="First")
    assert [(unit.name, unit.kind) for unit in row.units] == [("Seventh", "company"), ("First", "")]
    assert row.units[0].code == "C-7"
    assert len(row.units[1].code) == 12


def test_level_without_a_code_is_skipped(map_cells):
    row = map_cells(UNITS, co="", company="", platoon="First")
    assert [unit.name for unit in row.units] == ["First"]


def test_row_without_a_unit_is_refused(map_cells):
    (fault,) = map_cells(UNITS, co="", company="", platoon="").faults
    assert "has no unit" in fault.sentence


def test_key_of_one_column_is_its_text_and_of_several_a_digest(map_cells):
    two = '[mapping]\nsource = "test"\n[key]\ncolumns = ["id", "a"]\n[fields]\nday = "day"\n'
    assert map_cells("", id=" 42 ").key == "42"
    assert len(map_cells("", id="x" * 65).key) == 32
    assert len(map_cells("", head=two, a="x").key) == 32


def test_key_that_is_empty_is_refused(map_cells):
    (fault,) = map_cells("", id=" ").faults
    assert "(id) are empty" in fault.sentence


def test_row_hash_distinguishes_rows_and_ignores_the_reason(map_cells):
    plain = map_cells("", head=HASH_HEAD, a="x")
    assert plain.key == map_cells("", head=HASH_HEAD, a="x", qorgau_reason="Mend it.").key
    assert plain.key != map_cells("", head=HASH_HEAD, a="y").key


def test_fingerprint_depends_only_on_mapped_columns(map_cells):
    rule = 'story = "a"\n'
    one = map_cells(rule, a="x", b="1")
    assert one.fingerprint == map_cells(rule, a=" x ", b="2").fingerprint
    assert one.fingerprint != map_cells(rule, a="y", b="1").fingerprint


def test_boundaries_of_cells_count_in_keys(map_cells):
    two = '[mapping]\nsource = "test"\n[key]\ncolumns = ["id", "a"]\n[fields]\nday = "day"\n'
    one, other = (map_cells("", head=two, id=i, a=a) for i, a in (("12", "3"), ("1", "23")))
    assert one.key != other.key


def test_fault_of_the_table_is_the_fault_of_the_row(read, schema):
    engine = MappingEngine(read(""), schema, ("id", "day"), dt.date(2020, 6, 1))
    fault = FormatError("The row is broken.")
    assert engine.map_row(Row(5, ("x",), fault)).faults == (fault,)


ALL_FIELDS = """
time = { column = "a", forms = ["figures", "day-fraction"] }
kind = "a"
story = { template = "{a} {b}" }
days_away = "a"
years = "b"
is_on_duty = "b"
review = { column = "b", forms = ["excel", "m/d/Y", "%d %B %Y"] }
"""


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_cells_give_values_or_sentences(map_cells, one, other):
    row = map_cells(ALL_FIELDS, a=one, b=other)
    assert all(fault.sentence.endswith(".") for fault in row.faults)
