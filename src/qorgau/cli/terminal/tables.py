"""Tables that never break a word: cells wrap only between words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from qorgau.cli.terminal.output import escape_controls

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Column, Table


def print_table(table: Table, console: Console) -> None:
    """Print a table; it is wider than a terminal that is too narrow for its longest words."""
    _set_widths(table, [_longest(column, _cells(column), _words) for column in table.columns])
    # If even single words do not fit, let the terminal wrap lines instead of breaking words.
    needed = table.__rich_measure__(console, console.options.update(max_width=10_000)).minimum
    free = max(console.width - needed, 0)
    # What is free goes to the rows, then to the headings; rich would cut the last columns.
    for cells in (_rows, _cells):
        whole = [_longest(column, cells(column), _lines) for column in table.columns]
        free = _widen(table, whole, free)
    width = console.width
    console.width = max(width, needed)
    console.print(table, soft_wrap=False)
    console.width = width


def _set_widths(table: Table, widths: list[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _widen(table: Table, whole: list[int], free: int) -> int:
    """Widen the columns that lack least first; return what is left."""
    lacking = [
        (max(wanted - (column.width or 0), 0), at)
        for at, (column, wanted) in enumerate(zip(table.columns, whole, strict=True))
    ]
    for lack, at in sorted(lacking):
        given = min(lack, free)
        table.columns[at].width = (table.columns[at].width or 0) + given
        free -= given
    return free


def _rows(column: Column) -> list[RenderableType]:
    return list(column.cells)


def _cells(column: Column) -> list[RenderableType]:
    return [column.header, *column.cells]


def _longest(
    column: Column,
    cells: list[RenderableType],
    parts: Callable[[RenderableType, Column], list[str]],
) -> int:
    return max((cell_len(part) for cell in cells for part in parts(cell, column)), default=0)


def _lines(cell: RenderableType, _column: Column) -> list[str]:
    return _text(cell).split("\n")


def _words(cell: RenderableType, column: Column) -> list[str]:
    text = _text(cell)
    # Only these characters separate words here; a line is never broken at a no-break space.
    return [text] if column.no_wrap else re.split("[ \\n]", text)


def _text(cell: RenderableType) -> str:
    return escape_controls(cell.plain if isinstance(cell, Text) else str(cell))
