"""Weekly counts of units and measures as arrays, rolled up along both trees.

Only series in which enough happened in the tested weeks are laid out: a week without a case can be
no rise. Of all others the panel keeps how many cases they had before, which shows how many of
them could have risen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.unit_cause_hierarchy.counts import (
    DAYS_PER_WEEK,
    Floats,
    IncidentRows,
    Ints,
    Series,
    Stay,
    counts_by_unit,
)
from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree


@dataclass(frozen=True, eq=False)
class PairHistory:
    """What every pair of a unit and a measure had before each tested week; others had nothing.

    Attributes
    ----------
    units, measures : ndarray of int, shape (pairs,)
        Id of the unit, and index of the measure.
    cases : ndarray of int, shape (tested weeks, pairs)
        Incidents in the weeks of the history before the tested one.
    """

    units: Ints
    measures: Ints
    cases: Ints


@dataclass(frozen=True, eq=False)
class WeeklyPanel:
    """Weekly counts of the series that had enough cases in the tested weeks.

    Attributes
    ----------
    measures : MeasureTree
        All that is counted.
    mondays : ndarray of datetime64[D], shape (weeks,)
        First day of each week.
    series : tuple of Series
        What each column counts.
    counts : ndarray, shape (weeks, series)
        Incidents; NaN before the history of the series begins.
    person_days : ndarray, shape (weeks, series)
        Person-time of the unit; NaN in every week where it is not known in each of them.
    first_weeks : ndarray of int, shape (series,)
        Row in which the history of each series begins.
    unit_first_weeks : dict of int to int
        Row in which the history of each unit watched begins, by id.
    history_begins : date
        Day from which counts are taken to be complete.
    history : PairHistory
        Cases of every pair before the tested weeks.
    """

    measures: MeasureTree
    mondays: npt.NDArray[np.datetime64]
    series: tuple[Series, ...]
    counts: Floats
    person_days: Floats
    first_weeks: Ints
    unit_first_weeks: dict[int, int]
    history_begins: dt.date
    history: PairHistory


@dataclass(frozen=True)
class ServiceSpan:
    """``strength`` people served in a unit itself during a span, in day numbers."""

    unit: int
    first_day: int
    end_day: int
    strength: float


@dataclass(frozen=True, eq=False)
class PanelInputs:
    """What a panel is made of.

    Attributes
    ----------
    measures : MeasureTree
        All that is counted.
    stays : sequence of Stay
        Which unit belonged to which; only units watched are ancestors.
    rows : IncidentRows
        Incidents of all these units.
    service : sequence of ServiceSpan
        Who served where; empty where it is not known.
    opened_on : mapping of int to date
        Day on which each unit watched began, by id.
    history_begins : date
        Day from which incidents are complete.
    """

    measures: MeasureTree
    stays: Sequence[Stay]
    rows: IncidentRows
    service: Sequence[ServiceSpan]
    opened_on: Mapping[int, dt.date]
    history_begins: dt.date


@dataclass(frozen=True)
class PanelWeeks:
    """Which weeks a panel has, and which series are laid out.

    Attributes
    ----------
    first_monday : date
        Monday of the first week.
    weeks, tested : int
        How many weeks, and how many of them, the last ones, are tested.
    least_cases : int
        A series is laid out if it had so many cases in one of the tested weeks.
    only : Series or None
        Lay out this series alone, whatever it had.
    """

    first_monday: dt.date
    weeks: int
    tested: int
    least_cases: int = 1
    only: Series | None = None

    @property
    def first_day(self) -> int:
        return self.first_monday.toordinal()

    @property
    def days(self) -> int:
        return self.weeks * DAYS_PER_WEEK


def lay_out(inputs: PanelInputs, question: PanelWeeks) -> WeeklyPanel:
    """Roll counts and person-time up along both trees.

    Parameters
    ----------
    inputs : PanelInputs
        What the panel is made of.
    question : PanelWeeks
        Which weeks, and which series.

    Returns
    -------
    WeeklyPanel
    """
    begins = _first_weeks(inputs, question)
    series, counts, history = _count(inputs, begins, question)
    first_weeks = np.array([begins[one.unit_id] for one in series], dtype=np.int64)
    is_before = np.arange(question.weeks)[:, None] < first_weeks
    if is_before.any():
        counts[is_before] = np.nan
    return WeeklyPanel(
        measures=inputs.measures,
        mondays=np.datetime64(question.first_monday, "D")
        + DAYS_PER_WEEK * np.arange(question.weeks),
        series=series,
        counts=counts,
        person_days=_person_days(inputs, series, question, first_weeks),
        first_weeks=first_weeks,
        unit_first_weeks=begins,
        history_begins=inputs.history_begins,
        history=history,
    )


def _first_weeks(inputs: PanelInputs, question: PanelWeeks) -> dict[int, int]:
    """The week in which each unit's history begins: that of all, or its own opening."""
    weeks = {}
    for unit, opened_on in inputs.opened_on.items():
        days = (max(inputs.history_begins, opened_on) - question.first_monday).days
        # A week that had begun already is not whole.
        weeks[unit] = max(-(-days // DAYS_PER_WEEK), 0)
    return weeks


def _count(
    inputs: PanelInputs, begins: dict[int, int], question: PanelWeeks
) -> tuple[tuple[Series, ...], Floats, PairHistory]:
    """Counts of the series that are wanted, and what every pair had before the tested weeks."""
    names, only = inputs.measures.names, question.only
    series: list[Series] = []
    columns = [np.zeros((question.weeks, 0))]
    before: list[tuple[Ints, Ints, Ints]] = []
    for unit, counts in counts_by_unit(
        inputs.stays,
        inputs.rows,
        first_day=question.first_day,
        weeks=question.weeks,
        measures=len(names),
    ):
        if only is None:
            wanted = (counts[-question.tested :] >= question.least_cases).any(axis=0)
        else:
            wanted = np.array([one == only.measure for one in names])
        series += [Series(unit, names[place]) for place in np.flatnonzero(wanted)]
        columns.append(counts[:, wanted].astype(np.float64))
        before.append(_cases_before(unit, counts, begins[unit], question.tested))
    if only is not None and not series:
        series, columns = [only], [np.zeros((question.weeks, 1))]
    return tuple(series), np.concatenate(columns, axis=1), _pairs(before, question.tested)


def _cases_before(unit: int, counts: Ints, begins: int, tested: int) -> tuple[Ints, Ints, Ints]:
    """Unit, measures and cases in as many weeks before each tested one as before the first."""
    length = counts.shape[0] - tested
    known = counts if begins == 0 else np.where(np.arange(len(counts))[:, None] < begins, 0, counts)
    cases = np.empty((tested, counts.shape[1]), dtype=np.int64)
    cases[0] = known[:length].sum(axis=0)
    for place in range(1, tested):
        cases[place] = cases[place - 1] + known[length + place - 1] - known[place - 1]
    measures = np.flatnonzero(cases.any(axis=0))
    return np.full(measures.size, unit), measures, cases[:, measures]


def _pairs(before: Sequence[tuple[Ints, Ints, Ints]], tested: int) -> PairHistory:
    if not before:
        none = np.zeros(0, dtype=np.int64)
        return PairHistory(none, none, np.zeros((tested, 0), dtype=np.int64))
    units, measures, cases = zip(*before, strict=True)
    return PairHistory(
        np.concatenate(units), np.concatenate(measures), np.concatenate(cases, axis=1)
    )


def _person_days(
    inputs: PanelInputs, series: Sequence[Series], question: PanelWeeks, first_weeks: Ints
) -> Floats:
    """Weekly person-days of each series' unit; NaN throughout where a week has none."""
    columns = np.full((question.weeks, len(series)), np.nan)
    if not inputs.service:
        return columns
    weekly = _weekly_by_unit(inputs, {one.unit_id for one in series}, question)
    for place, one in enumerate(series):
        known = weekly[one.unit_id][first_weeks[place] :]
        if (known > 0).all():
            columns[first_weeks[place] :, place] = known
    return columns


def _weekly_by_unit(
    inputs: PanelInputs, wanted: Iterable[int], question: PanelWeeks
) -> dict[int, Floats]:
    """Person-days of each week in each unit with all units below it."""
    daily = _daily_strength(inputs.service, question)
    below: dict[int, list[Stay]] = {unit: [] for unit in wanted}
    for stay in inputs.stays:
        if stay.ancestor in below and stay.descendant in daily:
            below[stay.ancestor].append(stay)
    weekly = {}
    for unit, stays in below.items():
        strength = np.zeros(question.days)
        for stay in stays:
            days = slice(
                max(stay.first_day - question.first_day, 0), stay.end_day - question.first_day
            )
            strength[days] += daily[stay.descendant][days]
        weekly[unit] = strength.reshape(question.weeks, DAYS_PER_WEEK).sum(axis=1)
    return weekly


def _daily_strength(service: Sequence[ServiceSpan], question: PanelWeeks) -> dict[int, Floats]:
    """How many served in each unit itself on each day."""
    changes: dict[int, Floats] = {}
    for one in service:
        first = max(one.first_day - question.first_day, 0)
        end = min(one.end_day - question.first_day, question.days)
        if first < end:
            change = changes.setdefault(one.unit, np.zeros(question.days + 1))
            change[first] += one.strength
            change[end] -= one.strength
    return {unit: change.cumsum()[:-1] for unit, change in changes.items()}
