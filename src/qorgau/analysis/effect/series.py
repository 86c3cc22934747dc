"""Incidents and person-time of a unit week by week around the day of an action, as arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qorgau.analysis.counting.incident_counts import CountedCell, counted_cells
from qorgau.analysis.counting.measures import cause_of, kind_of
from qorgau.analysis.counting.person_time import person_days_by_month
from qorgau.analysis.effect.question import SEE_RATES, WEEK, EffectQuestion, Weeks
from qorgau.foundation.identity.models import User
from qorgau.records.incidents.queries import IncidentFilter, counted_incidents
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
    """A series of periods of equal length, of which the first `start` lie before the action.

    Attributes
    ----------
    first_day : date
        First day of the first period.
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
    """

    first_day: dt.date
    weeks_per_period: int
    start: int
    cases: Floats
    person_days: Floats | None
    synthetic_cases: int

    @property
    def length(self) -> int:
        return int(self.cases.size)

    @property
    def periods_per_year(self) -> int:
        return WEEKS_PER_YEAR // self.weeks_per_period

    @property
    def weeks_after(self) -> int:
        return (self.length - self.start) * self.weeks_per_period

    @property
    def weeks_before(self) -> int:
        return self.start * self.weeks_per_period

    @property
    def cases_before(self) -> int:
        return int(self.cases[: self.start].sum())

    @property
    def cases_after(self) -> int:
        return int(self.cases[self.start :].sum())

    @property
    def exposure(self) -> Floats:
        """Person-days, or weeks where these are not known."""
        if self.person_days is not None:
            return self.person_days
        return np.full(self.length, float(self.weeks_per_period))

    def first_day_of(self, period: int) -> dt.date:
        """First day of a period; of the one after the last it is the day after the series."""
        return self.first_day + period * self.weeks_per_period * WEEK

    def without_person_time(self) -> EffectSeries:
        """The same counts alone."""
        return replace(self, person_days=None)


def effect_series(user: User, unit: Unit, question: EffectQuestion, weeks: Weeks) -> EffectSeries:
    """Count by week what the user may see of a unit and all below it.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see rates are read.
    unit : Unit
        The question's unit, or the one that it is compared with.
    question : EffectQuestion
        What is counted, as of when.
    weeks : Weeks
        The weeks compared.

    Returns
    -------
    EffectSeries
        Of single weeks.
    """
    span = weeks.span
    cells = cells_counted(user, unit, question, span)
    cases = np.zeros(span.days // 7)
    for cell in cells:
        cases[(cell.day - span.start).days // 7] += cell.cases
    served = exposures(user, unit, span)
    each = [
        Span(span.start + week * WEEK, span.start + (week + 1) * WEEK) for week in range(cases.size)
    ]
    person_days = person_days_by_month(served, each).astype(np.float64)
    return EffectSeries(
        first_day=span.start,
        weeks_per_period=1,
        start=weeks.before,
        cases=cases,
        person_days=person_days if (person_days > 0).all() else None,
        synthetic_cases=sum(cell.synthetic_cases for cell in cells),
    )


def cells_counted(
    user: User, unit: Unit, question: EffectQuestion, span: Span
) -> list[CountedCell]:
    """Incidents of the question's measure by unit and day."""
    counted = counted_incidents(user, unit, span, as_of=question.as_of, capability=SEE_RATES)
    measured = IncidentFilter(kind=kind_of(question.measure), cause=cause_of(question.measure))
    return counted_cells(counted.filter(measured.conditions()), joins_people=False)


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


def in_periods(series: EffectSeries, weeks: int) -> EffectSeries:
    """The series in periods of so many weeks, counted from the action; odd weeks at its ends go.

    Parameters
    ----------
    series : EffectSeries
        Of single weeks.
    weeks : int
        Weeks of a period.

    Returns
    -------
    EffectSeries
    """
    oldest = series.start % weeks
    newest = oldest + (series.length - oldest) // weeks * weeks
    kept = slice(oldest, newest)

    def together(values: Floats) -> Floats:
        summed: Floats = values[kept].reshape(-1, weeks).sum(axis=1)
        return summed

    return EffectSeries(
        first_day=series.first_day_of(oldest),
        weeks_per_period=weeks,
        start=series.start // weeks,
        cases=together(series.cases),
        person_days=None if series.person_days is None else together(series.person_days),
        synthetic_cases=series.synthetic_cases,
    )
