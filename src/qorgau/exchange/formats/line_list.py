"""Line lists: a row for each case, with the day it occurred and the day it was reported.

``occurred,reported`` as ISO dates. Files may be larger than memory, so rows are counted while they
are read.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from qorgau.exchange.formats.delimited import iterate_delimited, sniff_delimiter
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.text_encoding import detect_encoding

NEEDED = ("occurred", "reported")
_MISSING = frozenset({"", "na", "nan", "null", "none"})


@dataclass(frozen=True)
class LineList:
    """Cases by day of occurrence and day of report.

    Attributes
    ----------
    cases : dict of (date, date) to int
        Number of cases by (day occurred, day reported).
    without_a_day : int
        Rows in which one of the days is missing.
    reported_before : int
        Rows in which the report is earlier than the case.
    first_reported_before : int
        Row number of the first of them; 0 if there are none.
    """

    cases: dict[tuple[dt.date, dt.date], int]
    without_a_day: int
    reported_before: int
    first_reported_before: int


def read_line_list(path: Path) -> LineList:
    """Count the cases of a file by day of occurrence and day of report.

    Parameters
    ----------
    path : Path
        CSV; encoding and delimiter are detected.

    Returns
    -------
    LineList

    Raises
    ------
    FormatError
        When the file is unreadable or empty, lacks a column, or a cell is not a date.
    """
    if not path.is_file():
        raise FormatError(gettext_noop("There is no file %(path)s."), path=str(path))
    encoding = detect_encoding(path).name
    delimiter = sniff_delimiter(path, encoding)
    cases: Counter[tuple[dt.date, dt.date]] = Counter()
    without_a_day = reported_before = first_before = 0
    places: list[int] = []
    for number, cells, fault in iterate_delimited(path, encoding=encoding, delimiter=delimiter):
        if fault:
            raise fault
        if not places:
            places = _places_of([cell.strip().lower() for cell in cells])
        elif any(cell.strip() for cell in cells):
            occurred, reported = (_day(cells, place, number) for place in places)
            if occurred is None or reported is None:
                without_a_day += 1
            elif reported < occurred:
                reported_before += 1
                first_before = first_before or number
            else:
                cases[occurred, reported] += 1
    if not places:
        raise FormatError(gettext_noop("The file %(path)s is empty."), path=str(path))
    if not (cases or without_a_day or reported_before):
        raise FormatError(gettext_noop("The file has a header but no rows."))
    return LineList(dict(cases), without_a_day, reported_before, first_before)


def _places_of(header: list[str]) -> list[int]:
    for name in NEEDED:
        if name not in header:
            raise FormatError(
                gettext_noop(
                    "The file has no column “%(column)s”. Its first row must be occurred,reported."
                ),
                column=name,
            )
    return [header.index(name) for name in NEEDED]


def _day(cells: list[str], place: int, row: int) -> dt.date | None:
    if place >= len(cells):
        raise FormatError(gettext_noop("Row %(row)s has too few cells."), row=row)
    text = cells[place].strip()
    if text.lower() in _MISSING:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise FormatError(
            gettext_noop("Row %(row)s: “%(text)s” is not a date. Write dates as 2026-01-31."),
            row=row,
            text=text,
        ) from None
