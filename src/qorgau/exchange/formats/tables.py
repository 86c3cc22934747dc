"""Tables in another system's file: a header and numbered rows of text, from CSV or Excel.

`open_table` detects the type of the file; `survey` reads it once to the end, so that a file that
was cut off or is unreadable is refused before any of it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qorgau.exchange.formats.delimited import (
    ends_with_line_break,
    iterate_delimited,
    sniff_delimiter,
)
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.rejects import REASON_COLUMN
from qorgau.exchange.formats.spreadsheet_cells import unescape_formula
from qorgau.exchange.formats.text_encoding import (
    check_encoding,
    detect_encoding,
    refuse_other_formats,
)
from qorgau.exchange.formats.workbook import is_workbook, iterate_sheet

MOST_COLUMNS = 2_000
"""A row with more cells than this cannot be a header."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The layout of a table in its file; what is None is detected.

    Attributes
    ----------
    encoding : str or None
    delimiter : str or None
    sheet : str or None
        Name of the Excel sheet.
    header_row : int
        Number of the row with the column names; the first row of the file is 1.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number : int
        As a spreadsheet program shows it; the first row of the file is 1.
    cells : tuple of str
        One for each column of the table, unless the row has a fault.
    fault : FormatError or None
        Why the row cannot be used.
    """

    number: int
    cells: tuple[str, ...]
    fault: FormatError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a file.

    Attributes
    ----------
    path : Path
    layout : TableLayout
        With encoding and delimiter filled in for text files.
    columns : tuple of str
        Column names, all different and none empty.
    is_rejects_file : bool
        True for a corrected file of rejects.
    """

    path: Path
    layout: TableLayout
    columns: tuple[str, ...]
    is_rejects_file: bool = False

    def rows(self) -> Iterator[Row]:
        """Read the rows below the header; rows without any text are left out.

        Yields
        ------
        Row

        Raises
        ------
        FormatError
            When the file was cut off.
        """
        width = len(self.columns)
        for number, cells, unreadable in _iterate(self.path, self.layout):
            if number <= self.layout.header_row:
                continue
            if unreadable is not None:
                yield Row(number, tuple(cells), unreadable)
                continue
            if not any(cell and not cell.isspace() for cell in cells):
                continue
            if len(cells) != width:
                cells = _fitted(cells, width)
            fault = _width_fault(cells, width) or _damage_fault(cells)
            if self.is_rejects_file:
                cells = [unescape_formula(cell) for cell in cells]
            yield Row(number, tuple(cells), fault)


@dataclass(frozen=True, slots=True)
class TableSurvey:
    """The result of reading a table to the end.

    Attributes
    ----------
    n_rows : int
        Rows with text below the header.
    last_row_number : int
    """

    n_rows: int
    last_row_number: int


def open_table(path: Path, layout: TableLayout | None = None) -> Table:
    """Open a CSV file or an Excel workbook and read its header.

    Parameters
    ----------
    path : Path
    layout : TableLayout, optional
        What is known about the file.

    Returns
    -------
    Table

    Raises
    ------
    FormatError
        When the file is missing, empty, unreadable or not a table.
    """
    layout = layout or TableLayout()
    _refuse_unreadable(path)
    if not is_workbook(path):
        layout = _with_text_layout(path, layout)
    header = _header(path, layout)
    is_rejects_file = header[-1] == REASON_COLUMN
    if is_rejects_file:
        header = [unescape_formula(cell) for cell in header]
    return Table(path, layout, _distinct(header), is_rejects_file)


def survey(table: Table) -> TableSurvey:
    """Read the whole table once and refuse it when it was cut off.

    Parameters
    ----------
    table : Table

    Returns
    -------
    TableSurvey

    Raises
    ------
    FormatError
        When the file ends inside a cell, or its last row lacks cells and a line end.
    """
    n_rows, last = 0, None
    for row in table.rows():
        n_rows += 1
        last = row
    refuse_cut_last_row(table, last)
    return TableSurvey(n_rows, last.number if last else table.layout.header_row)


def refuse_cut_last_row(table: Table, last: Row | None) -> None:
    """Raise a fault when the last row has too few cells and no line end."""
    encoding = table.layout.encoding
    if last is None or last.fault is None or encoding is None or not last.cells:
        return
    if len(last.cells) < len(table.columns) and not ends_with_line_break(table.path, encoding):
        raise FormatError(
            gettext_noop(
                "The file was cut short: it ends in row %(row)s after %(n_cells)s of "
                "%(n_columns)s cells. Download or export it again; nothing was imported."
            ),
            row=last.number,
            n_cells=len(last.cells),
            n_columns=len(table.columns),
        )


def _refuse_unreadable(path: Path) -> None:
    if not path.exists():
        raise FormatError(
            gettext_noop("There is no file %(path)s. Check the name."), path=str(path)
        )
    if not path.is_file():
        raise FormatError(
            gettext_noop("%(path)s is not a file. Give a CSV or .xlsx file."), path=path
        )
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise FormatError(
            gettext_noop("The file %(path)s cannot be opened: %(problem)s."),
            path=str(path),
            problem=error.strerror or str(error),
        ) from error
    if not head:
        raise FormatError(gettext_noop("The file %(path)s is empty."), path=str(path))
    refuse_other_formats(head)


def _with_text_layout(path: Path, layout: TableLayout) -> TableLayout:
    if layout.encoding is None:
        encoding = detect_encoding(path).name
    else:
        check_encoding(path, layout.encoding)
        encoding = "utf-8-sig" if layout.encoding.lower() in ("utf-8", "utf8") else layout.encoding
    delimiter = layout.delimiter or sniff_delimiter(path, encoding)
    return TableLayout(encoding, delimiter, None, layout.header_row)


def _iterate(
    path: Path, layout: TableLayout
) -> Iterator[tuple[int, list[str], FormatError | None]]:
    if layout.encoding is None:
        yield from iterate_sheet(path, layout.sheet)
    else:
        yield from iterate_delimited(
            path, encoding=layout.encoding, delimiter=layout.delimiter or ","
        )


def _header(path: Path, layout: TableLayout) -> list[str]:
    for number, cells, unreadable in _iterate(path, layout):
        if number < layout.header_row:
            continue
        if unreadable is not None:
            raise unreadable
        if len(cells) > MOST_COLUMNS:
            break
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            return cells
        break
    raise FormatError(
        gettext_noop(
            "Row %(row)s should contain the column names, but has none that can be used. Put "
            "the names there, or set header_row under [file] to the row that has them."
        ),
        row=layout.header_row,
    )


def _distinct(header: list[str]) -> tuple[str, ...]:
    """Give every column a different name; other systems' headers repeat names or leave them out."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\0", " ").replace("\ufeff", "").split()) or f"column {place}"
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name} ({count})"
        taken.add(candidate)
        names.append(candidate)
    return tuple(names)


def _fitted(cells: list[str], width: int) -> list[str]:
    """Remove empty cells beyond the header; spreadsheets write them for formatted columns."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _width_fault(cells: list[str], width: int) -> FormatError | None:
    if len(cells) == width:
        return None
    return FormatError(
        gettext_noop(
            "Cells in the row: %(n_cells)s; in the header: %(n_columns)s. Look for a "
            "separator inside a cell without quotation marks, or for a missing cell."
        ),
        n_cells=len(cells),
        n_columns=width,
    )


def _damage_fault(cells: list[str]) -> FormatError | None:
    if not any("\0" in cell for cell in cells):
        return None
    return FormatError(
        gettext_noop(
            "The row contains zero bytes, as left by a damaged disk or a failed export. Type "
            "it again from the original."
        )
    )
