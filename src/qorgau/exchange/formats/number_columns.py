"""Read columns of numbers by name from a person's own small table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.tables import open_table, survey


def read_columns(
    path: Path, *, label: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, npt.NDArray[np.float64]]]:
    """Read a column of labels and columns of numbers.

    Parameters
    ----------
    path : Path
        CSV or Excel.
    label : str
        Name of the column that names each row.
    needed, optional : tuple of str
        Names of the columns of numbers.

    Returns
    -------
    labels : list of str
    columns : dict of str to ndarray, shape (rows,)
        Those of `optional` only if the file has them.

    Raises
    ------
    FormatError
        When the file cannot be read, a column is missing or a cell is not a number.
    """
    table = open_table(path)
    survey(table)
    places = {name.strip().lower(): place for place, name in enumerate(table.columns)}
    for name in (label, *needed):
        if name not in places:
            raise FormatError(
                gettext_noop("The file has no column “%(column)s”. It needs: %(needed)s."),
                column=name,
                needed=", ".join((label, *needed)),
            )
    wanted = [name for name in (*needed, *optional) if name in places]
    labels: list[str] = []
    values: dict[str, list[float]] = {name: [] for name in wanted}
    for row in table.rows():
        if row.fault:
            raise row.fault
        labels.append(row.cells[places[label]].strip())
        for name in wanted:
            values[name].append(_number(row.cells[places[name]], row.number, name))
    return labels, {name: np.array(column) for name, column in values.items()}


def _number(text: str, row: int, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FormatError(
            gettext_noop("Row %(row)s, column “%(column)s”: “%(text)s” is not a number."),
            row=row,
            column=column,
            text=text.strip(),
        ) from None
