"""Weekly counts rolled up along two trees: what happened in a unit counts in all above it.

An incident counts for the unit it belongs to and for all units above it on that day;
and for its kind, the branch of its cause and its cause. The counts come unit by unit, so that the
pairs of all units with all measures are never held at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qorgau.analysis.unit_cause_hierarchy.measure_tree import NONE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DAYS_PER_WEEK = 7
# Cells counted at a time: otherwise all cells of a whole force would be copied at once.
CELLS_AT_A_TIME = 1 << 21


@dataclass(frozen=True)
class Series:
    """What is counted: a unit with all below it, and a measure."""

    unit_id: int
    measure: str


@dataclass(frozen=True)
class Stay:
    """A unit belonged to another one (or was it) during a span, in day numbers."""

    ancestor: int
    descendant: int
    first_day: int
    end_day: int


@dataclass(frozen=True, eq=False)
class IncidentRows:
    """Counted incidents, sorted by unit and, in it, by day.

    Attributes
    ----------
    unit, day : ndarray of int, shape (rows,)
        Unit and day number.
    measures : ndarray of int, shape (rows, depth)
        The measures that each row counts in, -1 where there are fewer.
    cases : ndarray of int, shape (rows,), or None
        Incidents of each row; one each if None.
    """

    unit: npt.NDArray[np.integer]
    day: npt.NDArray[np.integer]
    measures: npt.NDArray[np.integer]
    cases: Ints | None = None


def counts_by_unit(
    stays: Iterable[Stay], rows: IncidentRows, *, first_day: int, weeks: int, measures: int
) -> Iterator[tuple[int, Ints]]:
    """Count by week and measure in every unit, with all units below it.

    Parameters
    ----------
    stays : iterable of Stay
        Which unit belonged to which, when; those of a unit below another do not overlap.
    rows : IncidentRows
        What happened.
    first_day : int
        Number of the first day of the first week.
    weeks, measures : int
        How many there are.

    Yields
    ------
    unit : int
        Every unit in which, or below which, anything happened, in order.
    counts : ndarray of int, shape (weeks, measures)
        Its counts.
    """
    cells = _cells(rows, first_day, weeks, measures)
    for unit, slices in _slices_by_unit(stays, rows):
        counts = np.zeros(weeks * measures + 1, dtype=np.int64)
        for part in _parts(slices, cells.shape[1]):
            inside = np.concatenate([cells[one] for one in part]).ravel()
            weights = None
            if rows.cases is not None:
                cases = np.concatenate([rows.cases[one] for one in part])
                weights = np.repeat(cases, cells.shape[1])
            counts += np.bincount(inside, weights, counts.size).astype(np.int64, copy=False)
        yield unit, counts[:-1].reshape(weeks, measures)


def _cells(rows: IncidentRows, first_day: int, weeks: int, measures: int) -> npt.NDArray[Any]:
    """Place of each row and measure in a table of weeks and measures; one past it if in none."""
    week = (rows.day.astype(np.int64) - first_day) // DAYS_PER_WEEK
    is_inside = ((week >= 0) & (week < weeks))[:, None] & (rows.measures != NONE)
    kind = np.int32 if weeks * measures < np.iinfo(np.int32).max else np.int64
    cells: npt.NDArray[Any] = rows.measures.astype(kind)
    cells += (week * measures).astype(kind)[:, None]
    cells[~is_inside] = weeks * measures
    return cells


def _slices_by_unit(stays: Iterable[Stay], rows: IncidentRows) -> Iterator[tuple[int, list[slice]]]:
    """The rows that count in each unit, as runs of the sorted rows."""
    slices: dict[int, list[slice]] = {}
    found, starts = np.unique(rows.unit, return_index=True)
    ends = np.append(starts, rows.unit.size)[1:]
    places = {
        unit: (start, end)
        for unit, start, end in zip(found.tolist(), starts.tolist(), ends.tolist(), strict=True)
    }
    for stay in stays:
        if stay.descendant not in places:
            continue
        start, end = places[stay.descendant]
        # Of the same type, or NumPy would make the days anew at every look.
        span = np.array([stay.first_day, stay.end_day], dtype=rows.day.dtype)
        low, high = np.searchsorted(rows.day[start:end], span).tolist()
        if high > low:
            slices.setdefault(stay.ancestor, []).append(slice(start + low, start + high))
    yield from sorted(slices.items())


def _parts(slices: Sequence[slice], depth: int) -> Iterator[list[slice]]:
    """The slices in parts that are counted at once."""
    part: list[slice] = []
    held = 0
    for one in slices:
        part.append(one)
        held += (one.stop - one.start) * depth
        if held >= CELLS_AT_A_TIME:
            yield part
            part, held = [], 0
    if part:
        yield part
