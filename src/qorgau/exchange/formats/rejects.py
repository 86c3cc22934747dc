"""The file of rejected rows: the original columns, and why each row was not imported.

A person corrects it in a spreadsheet program and imports it again. A text that such a program
would run as a formula gets a leading apostrophe, which is removed when the file is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from qorgau.exchange.formats.spreadsheet_cells import csv_line

REASON_COLUMN = "qorgau_reason"
"""Name of the column with the reason; a file with this column is a file of rejects."""


def write_rejects(
    path: Path, columns: Sequence[str], rejects: Iterable[tuple[Sequence[str], str]]
) -> int:
    """Write the rejected rows; an existing file is replaced only when all are written.

    Parameters
    ----------
    path : Path
        Target file. Without rejected rows no file is written and an old one is removed.
    columns : sequence of str
        Column names of the original file.
    rejects : iterable of (sequence of str, str)
        The cells of each row as read, and the reason in one or more sentences.

    Returns
    -------
    int
        Number of rows written.
    """
    unfinished = path.with_name(path.name + ".part")
    n_rows = 0
    with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
        for line in reject_lines(columns, rejects):
            file.write(line)
            n_rows += 1
    n_rows -= 1
    if n_rows:
        unfinished.replace(path)
    else:
        unfinished.unlink()
        path.unlink(missing_ok=True)
    return n_rows


def reject_lines(
    columns: Sequence[str], rejects: Iterable[tuple[Sequence[str], str]]
) -> Iterator[str]:
    """Yield the header and then one CSV line per rejected row, for a file or a download."""
    place_of_reason = len(columns) - 1 if tuple(columns[-1:]) == (REASON_COLUMN,) else len(columns)
    names = columns[:place_of_reason]
    yield csv_line([*names, REASON_COLUMN])
    for cells, reason in rejects:
        kept = [*cells[: len(names)], *[""] * (len(names) - len(cells))]
        beyond = " | ".join(cells[len(columns) :])
        if beyond:
            reason = f"{reason} [{beyond}]"
        yield csv_line([*(cell.replace("\0", "\ufffd") for cell in kept), reason])
