"""Incidents counted by unit, day and kind: for one reader, or for what is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qorgau.analysis.figures.counted_cells import CountedCell
from qorgau.records.incidents.counted import CountedRows, incidents_known
from qorgau.records.people.rules import Span


def counted_cells(counted: CountedRows) -> list[CountedCell]:
    """Count incidents by unit, day and kind.

    Parameters
    ----------
    counted : CountedRows
        What counts, already limited to what the reader may see.

    Returns
    -------
    list of CountedCell
        Cells with at least one incident; a cell may come up twice.
    """
    return [CountedCell(*row) for row in counted.grouped("unit_id", "occurred_on", "kind")]


@dataclass(frozen=True)
class KnownCell:
    """How many incidents of a kind with a cause a unit had on a day."""

    unit_id: int
    day: dt.date
    kind: str
    cause: str
    cases: int


def known_cells(confidentiality: str, span: Span, *, known_by: dt.datetime) -> list[KnownCell]:
    """Count every incident of a class that the register knew at a moment.

    Parameters
    ----------
    confidentiality : str
    span : Span
        Days on which they happened.
    known_by : datetime

    Returns
    -------
    list of KnownCell
        Cells with at least one incident.
    """
    known = incidents_known(confidentiality, span, known_by=known_by)
    rows = known.grouped("unit_id", "occurred_on", "kind", "cause")
    return [KnownCell(*row[:-1]) for row in rows]
