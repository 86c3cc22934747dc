"""Read Excel workbooks (.xlsx) as numbered rows of text, one at a time.

Every cell becomes the text that a person would type: dates and times in ISO 8601, whole numbers
without a point. The same mapping then works for a CSV file and a workbook with the same content.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

LARGEST_UNPACKED_BYTES = 4 << 30
"""A workbook with a larger unpacked size is refused before it is opened."""

MOST_ROWS = 1_048_576
"""No sheet of Excel has more rows; a row that says a higher number stands for rows in between."""

MOST_TEXTS = 300_000
"""Shared texts, which are all in memory before the first row is read."""

SPARE_CELLS = 3_000_000
"""Cells that a workbook may leave out: a row stands for all cells before its last one."""

LARGEST_UNPACKING_FACTOR = 300
"""A part is refused when its unpacked size is more than this many times its packed size."""

_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")

_DAMAGED = gettext_noop(
    "The workbook is damaged or was cut short and cannot be opened. Download or save it again."
)


def is_workbook(path: Path) -> bool:
    """Return whether the file is a ZIP archive, as .xlsx files are."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets that contain rows, in order.

    Raises
    ------
    FormatError
        When the workbook cannot be opened.
    """
    book = _open(path)
    try:
        return tuple(sheet.title for sheet in book.worksheets)
    finally:
        book.close()


def iterate_sheet(path: Path, sheet: str | None = None) -> Iterator[tuple[int, list[str], None]]:
    """Read one sheet row by row.

    Parameters
    ----------
    path : Path
    sheet : str, optional
        Name of the sheet; by default the first one that contains rows.

    Yields
    ------
    number : int
        The row's number as in Excel.
    cells : list of str
        Text of the cells, empty for empty ones.
    fault : None
        A row of a workbook can always be split into cells.

    Raises
    ------
    FormatError
        When the workbook cannot be opened or has no such sheet.
    """
    book = _open(path)
    try:
        names = [worksheet.title for worksheet in book.worksheets]
        if sheet is not None and sheet not in names:
            raise _no_such_sheet(sheet, names)
        worksheet = book[sheet] if sheet is not None else book.worksheets[0]
        worksheet.reset_dimensions()
        room = SPARE_CELLS + _unpacked_bytes(path)
        for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
            room -= len(values)
            if number > MOST_ROWS or room < 0:
                raise _too_sparse()
            yield number, [cell_text(value) for value in values], None
    except (FormatError, MemoryError):
        raise
    except Exception as error:
        # On a damaged file openpyxl raises any error of the libraries that it uses.
        raise FormatError(_DAMAGED) from error
    finally:
        book.close()


def cell_text(value: object) -> str:
    """Return the text of a cell's value.

    Parameters
    ----------
    value : object
        Value that openpyxl reads from a cell.

    Returns
    -------
    str
        Empty for an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        if value.time() == time(0):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes" if value.second == 0 else "seconds")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def _open(path: Path) -> Workbook:
    # Loaded here: a server that reads no workbook starts sooner.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive)
            _refuse_many_texts(archive)
            if "xl/workbook.xml" not in archive.namelist():
                raise FormatError(
                    gettext_noop(
                        "This is a compressed file, not an Excel workbook. "
                        "Unpack it and give the CSV file or the .xlsx inside."
                    )
                )
        book = load_workbook(path, read_only=True, data_only=True)
    except (FormatError, MemoryError):
        raise
    except Exception as error:
        raise FormatError(_DAMAGED) from error
    if not book.worksheets:
        book.close()
        raise FormatError(
            gettext_noop("The workbook has no sheet with filled cells. Add the table to one.")
        )
    return book


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    swollen = any(
        part.file_size > 1 << 24
        and part.file_size > LARGEST_UNPACKING_FACTOR * max(part.compress_size, 1)
        for part in parts
    )
    if swollen or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        raise FormatError(
            gettext_noop(
                "The workbook unpacks to an unreasonable size and was not opened. "
                "Save the table as CSV and give that."
            )
        )


def _refuse_many_texts(archive: zipfile.ZipFile) -> None:
    count = 0
    for part in archive.infolist():
        if part.filename.startswith("xl/worksheets/"):
            continue
        with archive.open(part) as file:
            before = b""
            while piece := file.read(1 << 20):
                count += len(_TEXT.findall(before + piece))
                # What is found is never shorter than this: nothing is counted twice.
                before = piece[-3:]
                if count > MOST_TEXTS:
                    raise FormatError(
                        gettext_noop(
                            "The workbook has more than %(most)s different texts, too many to "
                            "be read. Save the table as CSV and give that."
                        ),
                        most=MOST_TEXTS,
                    )


def _unpacked_bytes(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(part.file_size for part in archive.infolist())


def _too_sparse() -> FormatError:
    return FormatError(
        gettext_noop(
            "The sheet stands for far more rows or cells than it contains. Copy the filled cells "
            "to a new sheet, or save the table as CSV, and give that."
        )
    )


def _no_such_sheet(sheet: str, names: list[str]) -> FormatError:
    near = nearest(sheet, names) or names[0]
    return FormatError(
        gettext_noop(
            'The workbook has no sheet "%(sheet)s"; the nearest is "%(near)s". '
            "It has: %(names)s. Correct sheet under [file]."
        ),
        sheet=sheet,
        near=near,
        names=", ".join(names),
    )
