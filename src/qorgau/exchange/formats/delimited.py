"""Read delimited text (CSV and similar) as numbered rows, one at a time.

Rows are numbered as in a spreadsheet program: the first row of the file is 1, and a line break
inside quotation marks does not begin a new row. The file is never read into memory as a whole.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

DELIMITERS = (",", ";", "\t", "|")
"""The delimiters to search for, in order of preference."""

LONGEST_CELL_CHARACTERS = csv.field_size_limit()
"""A longer cell means that a quotation mark was opened and never closed."""

_SNIFFED_ROWS = 50


def sniff_delimiter(path: Path, encoding: str) -> str:
    """Find the delimiter from the first rows.

    It is the one that gives the same number of cells, more than one, in most rows; a file with
    one column has no delimiter and gets the comma.

    Parameters
    ----------
    path : Path
    encoding : str
        Name of the Python codec.

    Returns
    -------
    str
        One of `DELIMITERS`.
    """
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            try:
                for _, cells in zip(range(_SNIFFED_ROWS), reader, strict=False):
                    widths[len(cells)] += bool(cells)
            except csv.Error:
                continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        score = 0.0 if width < 2 else count / sum(widths.values()) + min(width, 99) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def iterate_delimited(
    path: Path, *, encoding: str, delimiter: str
) -> Iterator[tuple[int, list[str], FormatError | None]]:
    """Read a delimited file row by row.

    Parameters
    ----------
    path : Path
    encoding : str
        Name of the Python codec.
    delimiter : str
        Between the cells.

    Yields
    ------
    number : int
        The row's number; the first row is 1.
    cells : list of str
        The cells; the whole row as one text when it cannot be split.
    fault : FormatError or None
        Why the row cannot be split into cells.

    Raises
    ------
    FormatError
        When the file ends inside quotation marks or inside a character, so it was cut off.
    """
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = _RememberedLines(file)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            while True:
                number += 1
                lines.forget()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield number, [lines.text()], _row_fault(error, number)
                else:
                    yield number, cells, None
    except UnicodeDecodeError as error:
        raise FormatError(
            gettext_noop(
                "Row %(row)s cannot be read as %(encoding)s: the file was cut short or mixes "
                "encodings. Download or export it again as UTF-8."
            ),
            row=number,
            encoding=encoding,
        ) from error


class _RememberedLines:
    """The lines of a file; remembers those of the current row so that a bad row is not lost."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self._lines.append(line)
        return line

    def forget(self) -> None:
        self._lines.clear()

    def text(self) -> str:
        return "".join(self._lines).rstrip("\r\n")


def _row_fault(error: csv.Error, number: int) -> FormatError:
    message = str(error)
    if "unexpected end of data" in message:
        raise FormatError(
            gettext_noop(
                "The file was cut short: row %(row)s opens a quotation mark that is never "
                "closed. Download or export it again; nothing was imported."
            ),
            row=number,
        ) from error
    if "field larger than" in message:
        raise FormatError(
            gettext_noop(
                "Row %(row)s has a cell of more than %(limit)s characters: a quotation mark "
                "in it was probably opened and never closed. Correct that row; nothing was "
                "imported."
            ),
            row=number,
            limit=LONGEST_CELL_CHARACTERS,
        ) from error
    return FormatError(
        gettext_noop(
            "A quotation mark inside a quoted cell is not doubled, so the cells of this row "
            'cannot be separated. Write "" for a quotation mark inside quotation marks.'
        )
    )


def ends_with_line_break(path: Path, encoding: str) -> bool:
    """Return whether the last character of the file ends a line."""
    width = 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - width, 0))
        return file.read().strip(b"\0") in (b"\n", b"\r")
