"""A plain table of counts by series and week, and the table of a method's results for them.

``series,time,count[,population]``: ``time`` is an ISO date or a whole week number. Files may be
larger than memory, so rows are read and written one after another.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from qorgau.exchange.formats.delimited import sniff_delimiter
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.spreadsheet_cells import csv_line
from qorgau.exchange.formats.text_encoding import detect_encoding

NEEDED = ("series", "time", "count")
NO_NUMBER = -math.inf
"""Marks a cell that is neither empty nor a number, so that its series can be named."""

_MISSING = frozenset({"", "na", "nan", "null", "none"})


class CountRow(NamedTuple):
    """One count.

    Attributes
    ----------
    series : str
    time : int
        Week number, or day number (`datetime.date.toordinal`) of a dated file.
    cases, population : float
        NaN when missing, `NO_NUMBER` when unreadable.
    """

    series: str
    time: int
    cases: float
    population: float


class WeeklyCounts:
    """A file of counts: the kind of its times, and its rows.

    Parameters
    ----------
    path : Path
        CSV; encoding and delimiter are detected.

    Attributes
    ----------
    is_dated : bool
        Whether times are dates.
    has_population : bool

    Raises
    ------
    FormatError
        When the file is unreadable, empty, or lacks a column.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise FormatError(gettext_noop("There is no file %(path)s."), path=str(path))
        self._path = path
        self._encoding = detect_encoding(path).name
        self._delimiter = sniff_delimiter(path, self._encoding)
        with self._open() as file:
            lines = csv.reader(file, delimiter=self._delimiter)
            header = [cell.strip().lower() for cell in next(lines, [])]
            first = next(lines, None)
        self._places = _places_of(header)
        if first is None:
            raise FormatError(gettext_noop("The file has a header but no rows."))
        self.is_dated = "-" in first[self._places["time"]].strip()[1:]
        self.has_population = "population" in self._places

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def rows(self) -> Iterator[CountRow]:
        """Read the rows in order.

        Yields
        ------
        CountRow

        Raises
        ------
        FormatError
            When a row has too few cells or its time cannot be read; names the row.
        """
        series, time, count = (self._places[name] for name in NEEDED)
        population = self._places.get("population")
        read_time = day_number if self.is_dated else int
        with self._open() as file:
            lines = csv.reader(file, delimiter=self._delimiter)
            next(lines)
            for number, cells in enumerate(lines, start=2):
                if not cells:
                    continue
                try:
                    yield CountRow(
                        cells[series].strip(),
                        read_time(cells[time].strip()),
                        _number(cells[count]),
                        math.nan if population is None else _number(cells[population]),
                    )
                except IndexError:
                    raise FormatError(
                        gettext_noop("Row %(row)s has too few cells."), row=number
                    ) from None
                except ValueError:
                    raise FormatError(
                        gettext_noop(
                            "Row %(row)s: “%(text)s” is not a week. Write dates as "
                            "2026-01-31, or number the weeks 1, 2, 3."
                        ),
                        row=number,
                        text=cells[time],
                    ) from None

    def time_text(self, time: int) -> str:
        """Write a time in the form of the file."""
        return dt.date.fromordinal(time).isoformat() if self.is_dated else str(time)

    def read_time(self, text: str) -> int:
        """Read a time from outside the file.

        Raises
        ------
        FormatError
            When it is not the kind of time in the file.
        """
        try:
            return day_number(text) if self.is_dated else int(text)
        except ValueError:
            kind = gettext_noop("a week number")
            if self.is_dated:
                kind = gettext_noop("a date such as 2026-01-31")
            raise FormatError(
                gettext_noop("“%(text)s” is not %(kind)s, unlike the other times in the file."),
                text=text,
                kind=kind,
            ) from None


def _places_of(header: list[str]) -> dict[str, int]:
    places = {name: place for place, name in enumerate(header)}
    for name in NEEDED:
        if name not in places:
            raise FormatError(
                gettext_noop(
                    "The file has no column “%(column)s”. Its first row must be "
                    "series,time,count and, if known, population."
                ),
                column=name,
            )
    return places


def day_number(text: str) -> int:
    """Number of an ISO date."""
    return dt.date.fromisoformat(text).toordinal()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan if text.strip().lower() in _MISSING else NO_NUMBER


def number_text(value: float) -> str:
    """Write fifteen significant digits; an empty text for NaN."""
    return "" if math.isnan(value) else format(value, ".15g")


def write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    """Write a table; an existing file is replaced only when everything is written.

    Parameters
    ----------
    path : Path
    header : iterable of str
    rows : iterable of iterable of str

    Returns
    -------
    int
        Number of rows below the header.

    Raises
    ------
    FormatError
        When the file cannot be written.
    """
    unfinished = path.with_name(path.name + ".part")
    n_rows = 0
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(csv_line(header, end="\n"))
            for row in rows:
                file.write(csv_line(row, end="\n"))
                n_rows += 1
        unfinished.replace(path)
    except OSError as error:
        raise FormatError(
            gettext_noop("%(path)s cannot be written: %(problem)s."),
            path=str(path),
            problem=error.strerror or str(error),
        ) from error
    return n_rows
