"""Incidents and person-time of a unit week by week around the day of an action, as arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.disclosure.series import SeriesCounts
from qorgau.analysis.effect.question import WEEK, EffectQuestion, WeeksCompared
from qorgau.analysis.figures.counted_cells import CountedCell
from qorgau.analysis.figures.measures import cause_of, kind_of
from qorgau.analysis.figures.person_time import person_days_by_month
from qorgau.records.incidents.queries import IncidentFilter
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import exposures
from qorgau.records.people.rules import Span

Floats = npt.NDArray[np.float64]
# Fewer than this a week are laid out by four weeks, 13 of which are a year of 52 weeks.
FEWEST_A_WEEK = 3.0
WEEKS_TOGETHER = 4
WEEKS_PER_YEAR = 52


@dataclass(frozen=True, eq=False)
class EffectSeries:
    """A series of periods of equal length, of which the first `start` are before the action.

    Attributes
    ----------
    first_days : tuple of date
        First day of each period, and the day after the last period.
    weeks_per_period : int
        1 or 4.
    start : int
        0-based first period in which the action held.
    cases : ndarray, shape (periods,)
        Incidents.
    person_days : ndarray, shape (periods,), or None
        Person-time; None where it is not known in each of them.
    synthetic_cases : int
        How many of the incidents are synthetic.
    exposure : ndarray, shape (periods,)
        Person-days, or weeks where these are not known.
    periods_per_year, weeks_before, weeks_after, cases_before, cases_after : int
        What follows from the others.
    """

    first_days: tuple[dt.date, ...]
    weeks_per_period: int
    start: int
    cases: Floats
    person_days: Floats | None
    synthetic_cases: int
    exposure: Floats
    periods_per_year: int
    weeks_before: int
    weeks_after: int
    cases_before: int
    cases_after: int

    @classmethod
    def of(
        cls,
        first_day: dt.date,
        weeks_per_period: int,
        start: int,
        cases: Floats,
        person_days: Floats | None,
        synthetic_cases: int = 0,
    ) -> EffectSeries:
        """A series that begins on a day."""
        periods = cases.size
        step = weeks_per_period * WEEK
        weeks = np.full(periods, float(weeks_per_period))
        return cls(
            first_days=tuple(first_day + period * step for period in range(periods + 1)),
            weeks_per_period=weeks_per_period,
            start=start,
            cases=cases,
            person_days=person_days,
            synthetic_cases=synthetic_cases,
            exposure=weeks if person_days is None else person_days,
            periods_per_year=WEEKS_PER_YEAR // weeks_per_period,
            weeks_before=start * weeks_per_period,
            weeks_after=(periods - start) * weeks_per_period,
            cases_before=int(cases[:start].sum()),
            cases_after=int(cases[start:].sum()),
        )


def weekly_series(
    counts: SeriesCounts, question: EffectQuestion, weeks: WeeksCompared
) -> tuple[EffectSeries, EffectSeries | None]:
    """Count by week what the user may see of a unit, and of the unit it is compared with.

    Parameters
    ----------
    counts : SeriesCounts
        What the reader may count.
    question : EffectQuestion
        What is counted.
    weeks : WeeksCompared
        The weeks compared.

    Returns
    -------
    series : EffectSeries
        Of single weeks.
    other : EffectSeries or None
        Beside it; None without a unit to compare with.
    """
    other = question.compared_with
    return (
        _weekly(counts, question.unit, question, weeks),
        _weekly(counts, other, question, weeks) if other is not None else None,
    )


def _weekly(
    counts: SeriesCounts, unit: Unit, question: EffectQuestion, weeks: WeeksCompared
) -> EffectSeries:
    span = weeks.span
    cells = cells_counted(counts, unit, question, span)
    cases = np.zeros(span.days // 7)
    for cell in cells:
        cases[(cell.day - span.start).days // 7] += cell.cases
    served = exposures(counts.user, unit, span)
    each = [
        Span(span.start + week * WEEK, span.start + (week + 1) * WEEK) for week in range(cases.size)
    ]
    person_days = person_days_by_month(served, each).astype(np.float64)
    return EffectSeries.of(
        first_day=span.start,
        weeks_per_period=1,
        start=weeks.before,
        cases=cases,
        person_days=person_days if (person_days > 0).all() else None,
        synthetic_cases=sum(cell.synthetic_cases for cell in cells),
    )


def cells_counted(
    counts: SeriesCounts, unit: Unit, question: EffectQuestion, span: Span
) -> list[CountedCell]:
    """Incidents of the question's measure by unit and day."""
    measured = IncidentFilter(kind=kind_of(question.measure), cause=cause_of(question.measure))
    return counts.cells(unit, span, measured.conditions())


def weeks_per_period(*series: EffectSeries) -> int:
    """Four weeks together where single ones hold few cases, and enough of them have passed.

    Parameters
    ----------
    *series : EffectSeries
        Of single weeks; the sparsest decides.

    Returns
    -------
    int
        1 or 4.
    """
    sparse = any(one.cases_before < FEWEST_A_WEEK * one.weeks_before for one in series)
    long = all(min(one.weeks_before, one.weeks_after) >= 2 * WEEKS_TOGETHER for one in series)
    return WEEKS_TOGETHER if sparse and long else 1


def laid_out(
    series: EffectSeries, other: EffectSeries | None
) -> tuple[EffectSeries, EffectSeries | None]:
    """Both in periods of one length, with person-time only where both have it.

    Parameters
    ----------
    series : EffectSeries
        Of single weeks.
    other : EffectSeries or None
        Beside it.

    Returns
    -------
    series : EffectSeries
    other : EffectSeries or None
    """
    both = (series,) if other is None else (series, other)
    width = weeks_per_period(*both)
    is_known = all(one.person_days is not None for one in both)
    first, *others = (in_periods(one, width, has_person_time=is_known) for one in both)
    return first, others[0] if others else None


def in_periods(series: EffectSeries, weeks: int, *, has_person_time: bool = True) -> EffectSeries:
    """The series in periods of so many weeks, counted from the action; odd weeks at its ends go.

    Parameters
    ----------
    series : EffectSeries
        Of single weeks.
    weeks : int
        Weeks of a period.
    has_person_time : bool
        Whether person-time is kept.

    Returns
    -------
    EffectSeries
    """
    oldest = series.start % weeks
    periods = (series.cases.size - oldest) // weeks
    kept = slice(oldest, oldest + periods * weeks)

    def together(values: Floats) -> Floats:
        summed: Floats = values[kept].reshape(-1, weeks).sum(axis=1)
        return summed

    is_known = has_person_time and series.person_days is not None
    return EffectSeries.of(
        first_day=series.first_days[oldest],
        weeks_per_period=weeks,
        start=series.start // weeks,
        cases=together(series.cases),
        person_days=together(series.exposure) if is_known else None,
        synthetic_cases=series.synthetic_cases,
    )
