"""The forms of a column's dates, found from its texts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.dates import DateReader
from qorgau.exchange.formats.suggestion.date_forms import find_date_forms


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["2012-03-14", "2012-12-01"], ("iso",)),
        (["03/14/2012", "12/01/2012"], ("m/d/Y",)),
        (["14/03/2012", "12/01/2012"], ("d/m/Y",)),
        (["14.03.2012", "1.1.2012"], ("d.m.Y",)),
        (["40982", "39090"], ("excel",)),
        (["20120314", "20121201"], ("compact",)),
        (["EOW: Monday, January 3, 1791"] * 2, ("EOW: %A, %B %d, %Y",)),
        (["14 марта 2012", "1 мая 2012"], ("%d %B %Y",)),
        (["2012 жылғы 14 наурыз", "2012 жылғы 1 мамыр"], ("%Y жылғы %d %B",)),
        (["hello", "world"], ()),
        (["1", "2", "3"], ()),
        ([], ()),
    ],
)
def test_forms_of_a_column(texts, forms):
    assert find_date_forms(texts).forms == forms


def test_mixed_column_gets_both_forms_and_all_texts_are_read():
    texts = ["40982", "39090", "40001", "03/14/2012", "12/25/2012", "01/31/2012", "1/1/2012"]
    found = find_date_forms(texts)
    assert set(found.forms) == {"excel", "m/d/Y"}
    assert found.share == 1
    assert found.earliest == dt.date(2007, 1, 8)


def test_column_with_indistinguishable_day_and_month_is_ambiguous():
    assert find_date_forms(["01/02/2012", "03/04/2012"]).is_ambiguous
    assert not find_date_forms(["01/02/2012", "03/14/2012"]).is_ambiguous


def test_damage_by_another_countrys_settings_is_detected():
    # What the other country's settings could read became a wrong number; the rest stayed text.
    true_days = [dt.date(2007, month, day) for month in range(1, 13) for day in (3, 9, 14, 25)]
    texts = [
        str((dt.date(2007, day.day, day.month) - dt.date(1899, 12, 30)).days)
        if day.day <= 12
        else f"{day.month:02d}/{day.day:02d}/{day.year}"
        for day in true_days
    ]
    found = find_date_forms(texts)
    assert found.is_swapped
    reader = DateReader(found.forms)
    assert [reader.read(text) for text in texts] == true_days


def test_column_of_numbers_only_is_not_damage():
    texts = [str(39000 + step) for step in range(40)]
    assert not find_date_forms(texts).is_swapped


@given(st.lists(st.text(max_size=20), max_size=10))
def test_share_counts_the_texts_that_the_forms_read(texts):
    found = find_date_forms(texts)
    if not found.forms:
        return
    reader = DateReader(found.forms)
    assert found.share >= 0.5
    assert found.earliest is not None
    assert reader.forms == found.forms
