"""What rises in one tested week of a panel: tests, their false alarms, and what explains what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qorgau.analysis.unit_cause_hierarchy.control import (
    RunControl,
    RunTests,
    control_false_alarms,
    events_that_hold,
    parents_within,
)
from qorgau.analysis.unit_cause_hierarchy.counts import Ints, Series
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance, UnitCauseTrees, explain
from qorgau.analysis.unit_cause_hierarchy.panel import WeeklyPanel
from qorgau.analysis.unit_cause_hierarchy.watch import (
    LONGEST_HISTORY_WEEKS,
    Watch,
    years_of_history,
)


@dataclass(frozen=True, eq=False)
class WatchedWeek:
    """One tested week of a panel.

    Attributes
    ----------
    panel : WeeklyPanel
        The counts.
    found : Watch
        Tests of every series.
    place : int
        Which of the tested weeks it is.
    below : mapping of unit id to set of unit ids
        The units below each unit in that week, itself included.
    watched : frozenset of int
        Ids of the units that are watched.
    """

    panel: WeeklyPanel
    found: Watch
    place: int
    below: Mapping[int, frozenset[int]]
    watched: frozenset[int]

    @property
    def row(self) -> int:
        """Row of the week in the panel."""
        return int(self.found.weeks[self.place])

    @cached_property
    def units(self) -> list[int]:
        """Ids of the units watched, in order."""
        return sorted(self.watched)

    @cached_property
    def history_weeks(self) -> Ints:
        """Weeks of history of each of the units."""
        begins = [self.panel.unit_first_weeks[unit] for unit in self.units]
        return self.row - np.array(begins, dtype=np.int64)

    @cached_property
    def years(self) -> Ints:
        """Years of history behind the tests of each of the units, as ``years_of_history``."""
        return years_of_history(self.history_weeks)


@dataclass(frozen=True, eq=False)
class RisesOfWeek:
    """The events of a week.

    Attributes
    ----------
    raised : list of (Exceedance, list of Exceedance)
        Events that are signals, each with the rises that it explains; the most unusual first.
    withheld : int
        Events above their bounds that are no signal among so many tests.
    control : RunControl
        The control of false alarms over the week.
    """

    raised: list[tuple[Exceedance, list[Exceedance]]]
    withheld: int
    control: RunControl


def rises_of_week(
    week: WatchedWeek,
    *,
    least_cases: int,
    false_discovery_rate: float,
    goes_on: Callable[[Series], bool],
) -> RisesOfWeek:
    """Find what rises in a week.

    Parameters
    ----------
    week : WatchedWeek
        The week.
    least_cases : int
        Fewer cases raise no signal.
    false_discovery_rate : float
        The budget of false alarms of the whole run.
    goes_on : callable
        Whether a signal of a series is under way.

    Returns
    -------
    RisesOfWeek
    """
    exceedances = exceedances_of(week, goes_on=goes_on)
    events = explain(exceedances, UnitCauseTrees(week.below, week.panel.measures))
    tests, series = lay_out_tests(week, least_cases=least_cases)
    control = control_false_alarms(
        tests, least_cases=least_cases, false_discovery_rate=false_discovery_rate
    )
    holding = {one for one, is_held in zip(series, control.holds, strict=True) if is_held}
    raised = events_that_hold(events, holding)
    return RisesOfWeek(
        raised=sorted(raised, key=lambda pair: pair[0].p_value),
        withheld=len(events) - len(raised),
        control=control,
    )


def exceedances_of(week: WatchedWeek, *, goes_on: Callable[[Series], bool]) -> list[Exceedance]:
    """All series of a week above their bounds.

    Parameters
    ----------
    week : WatchedWeek
        The week.
    goes_on : callable
        Whether a signal of a series is under way.

    Returns
    -------
    list of Exceedance
    """
    found, place, series = week.found, week.place, week.panel.series
    return [
        Exceedance(
            series=series[column],
            observed=float(found.observed[place, column]),
            upper_bound=float(found.upper_bound[place, column]),
            p_value=float(found.p_value[place, column]),
            goes_on=goes_on(series[column]),
            column=column,
        )
        for column in np.flatnonzero(found.alarm[place]).tolist()
        if series[column].unit_id in week.watched
    ]


def lay_out_tests(week: WatchedWeek, *, least_cases: int) -> tuple[RunTests, list[Series]]:
    """Lay out all tests of a week for the control of their false alarms.

    Parameters
    ----------
    week : WatchedWeek
        The week.
    least_cases : int
        Fewer cases raise no signal.

    Returns
    -------
    tests : RunTests
    series : list of Series
        What each of the p-values is of: the series with enough cases.
    """
    panel, found, units = week.panel, week.found, week.units
    place = {unit: index for index, unit in enumerate(units)}
    reached = [
        column
        for column in np.flatnonzero(
            (found.observed[week.place] >= least_cases) & ~np.isnan(found.p_value[week.place])
        ).tolist()
        if panel.series[column].unit_id in week.watched
    ]
    index = panel.measures.index
    series = [panel.series[column] for column in reached]
    tests = RunTests(
        unit_parents=parents_within(week.below, units),
        measure_parents=panel.measures.parents,
        cases=_cases_of_pairs(week, place),
        weeks=np.where(week.years >= 0, np.minimum(week.history_weeks, LONGEST_HISTORY_WEEKS), 0),
        units=np.array([place[one.unit_id] for one in series], dtype=np.int64),
        measures=np.array([index[one.measure] for one in series], dtype=np.int64),
        p_values=found.p_value[week.place, reached],
    )
    return tests, series


def _cases_of_pairs(week: WatchedWeek, place: Mapping[int, int]) -> Ints:
    """Cases before the week of every pair of a watched unit and a measure."""
    history = week.panel.history
    is_here = np.isin(history.units, week.units)
    cases = np.zeros((len(week.units), len(week.panel.measures.names)), dtype=np.int64)
    rows = [place[unit] for unit in history.units[is_here].tolist()]
    cases[rows, history.measures[is_here]] = history.cases[week.place, is_here]
    return cases
