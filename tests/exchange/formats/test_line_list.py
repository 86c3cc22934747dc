"""A line list of cases: counted by day of occurrence and report, with faults named by row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.line_list import read_line_list

DAY, LATER = dt.date(2026, 1, 5), dt.date(2026, 1, 9)


def written(path: Path, text: str) -> Path:
    file = path / "in.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_cases_are_counted_by_day_of_occurrence_and_report(tmp_path):
    text = "id;Reported;Occurred\n1;2026-01-09;2026-01-05\n2;2026-01-09;2026-01-05\n\n"
    assert read_line_list(written(tmp_path, text)).cases == {(DAY, LATER): 2}


def test_rows_without_information_about_delays_are_counted(tmp_path):
    text = "occurred,reported\n2026-01-05,\nNA,2026-01-05\n2026-01-05,2026-01-09\n"
    found = read_line_list(written(tmp_path, text + "2026-01-09,2026-01-05\n"))
    assert (found.without_a_day, found.reported_before, found.first_reported_before) == (2, 1, 5)
    assert sum(found.cases.values()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("day,reported\n", "no column “occurred”"),
        ("occurred,when\n", "no column “reported”"),
        ("occurred,reported\n", "no rows"),
        ("occurred,reported\n2026-01-05,soon\n", "Row 2: “soon” is not a date"),
        ("occurred,reported\n2026-01-05\n", "Row 2 has too few cells"),
        ('occurred,reported\n"2026-01-05,2026-01-06\n', "quotation mark"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(tmp_path, text, words):
    with pytest.raises(FormatError, match=words):
        read_line_list(written(tmp_path, text))


def test_a_missing_file(tmp_path):
    with pytest.raises(FormatError, match="There is no file"):
        read_line_list(tmp_path / "none.csv")
