"""Counted incidents laid out by kind, month and sub-unit.

One pass over the register serves every table of an answer; the tree as it was on each day is
joined here, where it is small.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qorgau.records.people.rules import Span


@dataclass(frozen=True)
class CountedCell:
    """How many incidents of a kind a unit had on a day, and how many of them are synthetic."""

    unit_id: int
    day: dt.date
    kind: str
    cases: int
    synthetic_cases: int


@dataclass(frozen=True)
class RecordedRow:
    """Incidents of a source that occurred on a day and were recorded so many weeks ago."""

    source: str
    occurred_on: dt.date
    weeks_since_recorded: int
    cases: int
    synthetic_cases: int


def cases_by_kind(cells: Iterable[CountedCell]) -> Counter[str]:
    """Incidents of each kind."""
    totals: Counter[str] = Counter()
    for cell in cells:
        totals[cell.kind] += cell.cases
    return totals


def cells_of(cells: Iterable[CountedCell], kinds: Collection[str]) -> list[CountedCell]:
    """The cells of some kinds."""
    return [cell for cell in cells if cell.kind in kinds]


def cases_by_month(cells: Iterable[CountedCell], months: Sequence[Span]) -> list[int]:
    """Incidents of each month; the first month may begin within its calendar month.

    Parameters
    ----------
    cells : iterable of CountedCell
        Counted incidents, all within the months.
    months : sequence of Span
        Calendar months in order, the first and the last cut to a period.

    Returns
    -------
    list of int
        Incidents, in the months' order.
    """
    totals = {(month.start.year, month.start.month): 0 for month in months}
    for cell in cells:
        totals[cell.day.year, cell.day.month] += cell.cases
    return list(totals.values())


def cases_by_sub_unit(
    cells: Iterable[CountedCell], stays: Mapping[int, Mapping[int, Sequence[Span]]]
) -> dict[int, int]:
    """Incidents below each sub-unit, as the tree stood on the day of each.

    Parameters
    ----------
    cells : iterable of CountedCell
        Counted incidents.
    stays : mapping of sub-unit id to mapping of unit id to spans
        When each unit belonged to the sub-unit (itself included).

    Returns
    -------
    dict of int to int
        Incidents by sub-unit id; 0 where there were none.
    """
    totals = dict.fromkeys(stays, 0)
    below: dict[int, list[tuple[int, Span]]] = {}
    for sub_unit, units in stays.items():
        for unit, spans in units.items():
            below.setdefault(unit, []).extend((sub_unit, span) for span in spans)
    for cell in cells:
        for sub_unit, span in below.get(cell.unit_id, ()):
            if span.start <= cell.day < span.end:
                totals[sub_unit] += cell.cases
    return totals
