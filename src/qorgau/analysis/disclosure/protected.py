"""Limits of the incidents that a reader may neither open nor count, from boxes alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from qorgau.analysis.disclosure.cells import MONTHS, causes_asked
from qorgau.analysis.disclosure.reader import CLASSES, Reader
from qorgau.analysis.disclosure.stored_plan import StoredPlan, stored_plans
from qorgau.analysis.figures.rate_figures import Count
from qorgau.methods.arrays import BoolArray, IntArray
from qorgau.methods.disclosure import ShownBoxes, bound_count
from qorgau.records.people.queries import lives_of_units, nearest_above
from qorgau.records.people.rules import Span

Stays = Mapping[int, Sequence[Span]]


@dataclass(frozen=True, eq=False)
class _Year:
    """A plan as a reader is shown it, and where every unit of the register is counted in it."""

    stored: StoredPlan
    shown: ShownBoxes
    unit_ids: Sequence[int]
    leaf_of: IntArray
    is_protected: BoolArray
    days_alive: IntArray

    def knows(self, asked: Stays) -> bool:
        """Whether every unit asked about in the year is counted somewhere in the plan."""
        known, months = set(self.unit_ids), _months_of(self.stored.row.year)
        year = Span(months[0].start, months[-1].end)
        return all(
            unit in known or not any(one.meet(year) for one in spans)
            for unit, spans in asked.items()
        )


@dataclass(frozen=True, eq=False)
class ProtectedCounts:
    """What a reader is shown of protected incidents.

    Attributes
    ----------
    reader : Reader
    years : mapping
        By calendar year and class of confidentiality; years without a plan are left out.
    """

    reader: Reader
    years: Mapping[tuple[int, str], _Year]

    @classmethod
    def read(cls, reader: Reader, span: Span, as_of: dt.datetime | None) -> ProtectedCounts:
        """Read the plans of the years of a span, with what was published by a moment."""
        last = span.end - dt.timedelta(days=1)
        plans = stored_plans(range(span.start.year, last.year + 1), as_of)
        lives = lives_of_units() if plans else {}
        return cls(
            reader,
            {
                (one.row.year, one.row.confidentiality): _laid_out(one, reader, lives)
                for one in plans
            },
        )

    def limits(
        self, stays: Stays, kinds: Collection[str], cause: str, *, is_narrowed: bool
    ) -> Count:
        """Between which numbers the protected incidents of some units, kinds and days are.

        Parameters
        ----------
        stays : mapping of unit id to sequence of Span
            When each unit is asked about.
        kinds : collection of str
        cause : str
            With its branch; empty for all.
        is_narrowed : bool
            Whether there are conditions that boxes do not know: then they give an upper end alone.

        Returns
        -------
        Count
            The upper end is None where a part is not published.
        """
        lower, upper = 0.0, 0.0
        for confidentiality in CLASSES:
            counted = self.reader.units_counted(confidentiality)
            asked = {unit: spans for unit, spans in stays.items() if unit not in counted}
            for year in _years_of(asked):
                stored = self.years.get((year, confidentiality))
                if stored is None or not stored.knows(asked):
                    upper = np.inf
                    continue
                limits = _limits_of_year(stored, asked, kinds, cause, is_narrowed)
                lower, upper = lower + limits[0], upper + limits[1]
        return Count(int(lower), int(upper) if np.isfinite(upper) else None)


def _limits_of_year(
    year: _Year, asked: Stays, kinds: Collection[str], cause: str, is_narrowed: bool
) -> tuple[float, float]:
    days = _days_asked(year, asked)
    leaves = len(year.stored.row.units)
    touched = np.zeros((leaves, MONTHS), dtype=np.bool_)
    np.logical_or.at(touched, year.leaf_of, days > 0)
    # A unit that did not exist in a month, or that the reader counts himself, hides nothing there.
    is_empty = (year.days_alive == 0) | ~year.is_protected[:, None]
    whole = np.ones_like(touched)
    np.logical_and.at(whole, year.leaf_of, is_empty | (days >= year.days_alive))
    empty = np.ones_like(touched)
    np.logical_and.at(empty, year.leaf_of, is_empty)
    chosen = causes_asked(year.stored.row.causes, kinds, cause)
    limits = bound_count(
        year.shown,
        touched,
        chosen,
        whole=touched & whole & (not is_narrowed),
        empty=empty & (not is_narrowed),
    )
    return limits.lower, limits.upper


def _days_asked(year: _Year, asked: Stays) -> IntArray:
    """On how many days of each month each unit is asked about."""
    days = np.zeros(year.days_alive.shape, dtype=np.int64)
    number = {unit: place for place, unit in enumerate(year.unit_ids)}
    months = _months_of(year.stored.row.year)
    for unit, spans in asked.items():
        if unit in number:
            days[number[unit]] = [
                sum(shared.days for one in spans if (shared := one.meet(month))) for month in months
            ]
    return days


def _laid_out(stored: StoredPlan, reader: Reader, lives: Mapping[int, Span]) -> _Year:
    counted = reader.units_counted(stored.row.confidentiality)
    place = {unit: number for number, unit in enumerate(stored.row.units)}
    above = nearest_above([unit for unit in lives if unit not in place], place)
    leaf_of = {unit: place.get(above.get(unit, unit)) for unit in lives}
    unit_ids = [unit for unit, leaf in leaf_of.items() if leaf is not None]
    months = _months_of(stored.row.year)
    alive = [
        [shared.days if (shared := lives[unit].meet(month)) else 0 for month in months]
        for unit in unit_ids
    ]
    return _Year(
        stored=stored,
        shown=stored.shown(counted),
        unit_ids=unit_ids,
        leaf_of=np.array([leaf_of[unit] for unit in unit_ids], dtype=np.int64),
        is_protected=np.array([unit not in counted for unit in unit_ids], dtype=np.bool_),
        days_alive=np.array(alive, dtype=np.int64).reshape(-1, MONTHS),
    )


def _months_of(year: int) -> list[Span]:
    firsts = [dt.date(year + month // MONTHS, month % MONTHS + 1, 1) for month in range(MONTHS + 1)]
    return [Span(*pair) for pair in pairwise(firsts)]


def _years_of(asked: Stays) -> list[int]:
    """The calendar years in which anything is asked about."""
    years: set[int] = set()
    for spans in asked.values():
        for one in spans:
            last = one.end - dt.timedelta(days=1)
            years.update(range(one.start.year, last.year + 1))
    return sorted(years)
