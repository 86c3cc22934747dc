"""Dates and times of day in the forms that files use."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.clock_times import TimeReader
from qorgau.exchange.formats.dates import DateReader
from qorgau.exchange.formats.format_errors import FormatError


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("iso", "2012-03-14", "2012-03-14"),
        ("iso", "2012-03-14T09:45:00Z", "2012-03-14"),
        ("excel", "40982", "2012-03-14"),
        ("excel", "40982.40625", "2012-03-14"),
        ("excel-1904", "39520", "2012-03-14"),
        ("excel-swapped", "39326", "2007-01-09"),
        ("compact", "20120314", "2012-03-14"),
        ("m/d/Y", "03/14/2012", "2012-03-14"),
        ("m/d/Y", "3/4/2012 9:45 AM", "2012-03-04"),
        ("d.m.Y", "04.03.2012", "2012-03-04"),
        ("d-m-y", "4-3-99", "1999-03-04"),
        ("d-m-y", "4-3-12", "2012-03-04"),
        ("d-m-y", "4-3-68", "2068-03-04"),
        ("d-m-y", "4-3-69", "1969-03-04"),
        ("EOW: %A, %B %d, %Y", "EOW: Monday, January 3, 1791", "1791-01-03"),
        ("%d %B %Y", "14 марта 2012", "2012-03-14"),
        ("%d %B %Y", "14 наурыз 2012", "2012-03-14"),
        ("%Y ж. %d %B", "2012 ж. 14 желтоқсан", "2012-12-14"),
        ("%d %b %y", "14 Mar. 12", "2012-03-14"),
    ],
)
def test_form_reads_its_text(form, text, day):
    assert DateReader([form]).read(text) == dt.date.fromisoformat(day)


def test_declared_order_decides_between_two_meanings():
    assert DateReader(["m/d/Y", "d/m/Y"]).read("03/04/2012") == dt.date(2012, 3, 4)
    assert DateReader(["d/m/Y", "m/d/Y"]).read("03/04/2012") == dt.date(2012, 4, 3)
    assert DateReader(["d/m/Y", "m/d/Y"]).read("03/14/2012") == dt.date(2012, 3, 14)


def test_several_forms_in_one_column():
    reader = DateReader(["excel", "m/d/Y"])
    assert {reader.read(text) for text in ("40982", "03/14/2012", " 2012-03-14 ")} == {
        dt.date(2012, 3, 14)
    }


def test_weekday_that_contradicts_the_date_is_refused():
    with pytest.raises(FormatError, match="not a date"):
        DateReader(["EOW: %A, %B %d, %Y"]).read("EOW: Tuesday, January 3, 1791")


@pytest.mark.parametrize("text", ["", "31/02/2012", "0", "99999999", "yesterday", "2012-13-01"])
def test_what_is_not_a_date_is_reported(text):
    with pytest.raises(FormatError, match="is not a date in any of these formats"):
        DateReader(["excel", "d/m/Y"]).read(text)


@pytest.mark.parametrize("form", ["exel", "d/d/Y", "%Y-%m", "%q", "%Y %Y %m %d", "m.Y"])
def test_unknown_form_is_reported(form):
    with pytest.raises(FormatError, match="date form"):
        DateReader([form])


def test_unknown_form_names_the_nearest():
    with pytest.raises(FormatError, match='the nearest is "excel"'):
        DateReader(["exel"])


@given(st.dates())
def test_every_day_is_read_back(day):
    assert DateReader([]).read(day.isoformat()) == day
    written = f"{day.month}/{day.day}/{day.year:04d}"
    assert DateReader(["m/d/Y"]).read(written) == day


@given(st.dates(dt.date(1900, 1, 1)))
def test_every_serial_is_read_back(day):
    assert DateReader(["excel"]).read(str((day - dt.date(1899, 12, 30)).days)) == day


@given(st.text())
def test_any_text_is_a_date_or_a_sentence(sentence_of, text):
    reader = DateReader(["excel", "m/d/Y", "%d %B %Y"])
    assert sentence_of(lambda: reader.read(text)).endswith(".")


@given(st.text(max_size=12))
def test_any_form_is_known_or_a_sentence(sentence_of, form):
    assert sentence_of(lambda: DateReader([form])).endswith(".")


@pytest.mark.parametrize(
    ("forms", "text", "minutes"),
    [
        ([], "09:45", 585),
        ([], "9:45 PM", 1305),
        ([], "12:05 am", 5),
        ([], "24:00", 1440),
        ([], "2012-03-14 09:45:30", 585),
        ([], "9.45", 585),
        (["figures"], "945", 585),
        (["figures"], "5", 5),
        (["figures"], "2400", 1440),
        (["day-fraction"], "0.40625", 585),
        (["day-fraction"], "40982.40625", 585),
    ],
)
def test_times(forms, text, minutes):
    assert TimeReader(forms).read(text) == minutes


@pytest.mark.parametrize("text", ["9999", "9998", "2401", "1261", "13:00 pm", "25:00", "noon"])
def test_what_is_not_a_time_is_reported(text):
    with pytest.raises(FormatError, match="not a time of day"):
        TimeReader(["figures", "clock"]).read(text)


def test_unknown_time_form():
    with pytest.raises(FormatError, match='the nearest is "figures"'):
        TimeReader(["figure"])


@given(st.text())
def test_any_text_is_a_time_or_a_sentence(sentence_of, text):
    found = []
    reader = TimeReader(["figures", "clock", "day-fraction"])
    assert sentence_of(lambda: found.append(reader.read(text))).endswith(".")
    assert all(0 <= minutes <= 1440 for minutes in found)
