"""Tables that never break a word: cells wrap only between words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Column, Table


def print_table(table: Table, console: Console) -> None:
    """Print a table; it is wider than a terminal that is too narrow for its longest words."""
    for column in table.columns:
        column.min_width = _longest_word(column)
    # If even single words do not fit, let the terminal wrap lines instead of breaking words.
    needed = table.__rich_measure__(console, console.options.update(max_width=10_000)).minimum
    width = console.width
    console.width = max(width, needed)
    console.print(table, soft_wrap=False)
    console.width = width


def _longest_word(column: Column) -> int:
    lines = (word for cell in (column.header, *column.cells) for word in _words(cell, column))
    return max((cell_len(word) for word in lines), default=0)


def _words(cell: RenderableType, column: Column) -> list[str]:
    text = cell.plain if isinstance(cell, Text) else str(cell)
    # Only these characters separate words here; a line is never broken at a no-break space.
    return [text] if column.no_wrap else re.split("[ \\n]", text)
