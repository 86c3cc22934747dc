"""What rises in a whole force, from three plain tables, without a register.

The same tests, control of false alarms and explanation as of the register's signals, for
anybody who keeps incidents elsewhere; sentences are in English, as of all methods on plain files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

import numpy as np
import numpy.typing as npt

from qorgau.analysis.unit_cause_hierarchy.ancestry import Placement, below_during, stays_of
from qorgau.analysis.unit_cause_hierarchy.control import FALSE_DISCOVERY_RATE
from qorgau.analysis.unit_cause_hierarchy.counts import DAYS_PER_WEEK, IncidentRows, Series, Stay
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance
from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree
from qorgau.analysis.unit_cause_hierarchy.panel import (
    PanelInputs,
    PanelWeeks,
    ServiceSpan,
    WeeklyPanel,
    lay_out,
)
from qorgau.analysis.unit_cause_hierarchy.watch import (
    ALPHA,
    LEAST_CASES,
    LONGEST_HISTORY_WEEKS,
    METHOD,
    Watch,
    watch,
)
from qorgau.analysis.unit_cause_hierarchy.week import WatchedWeek, rises_of_week

# As of the register's signals.
CALM_WEEKS_WITHIN_ONE_EVENT = 2


@dataclass(frozen=True)
class UnitSpan:
    """Where a unit belonged, by places in the list of units, and how many served in it.

    Attributes
    ----------
    placement : Placement
        Unit, parent and days.
    strength : float or None
        None where it is not known.
    """

    placement: Placement
    strength: float | None


@dataclass(frozen=True, eq=False)
class ForceColumns:
    """A whole force in plain values.

    Attributes
    ----------
    units : sequence of str
        Codes of the units.
    spans : sequence of UnitSpan
        Where each belonged.
    measures : MeasureTree
        Causes and wider causes.
    unit, cause, day, cases : ndarray of int, shape (rows,)
        Incidents, sorted by unit and day: places of unit and cause, day number, how many.
    begins : date
        Day from which incidents are complete.
    """

    units: Sequence[str]
    spans: Sequence[UnitSpan]
    measures: MeasureTree
    unit: npt.NDArray[np.integer]
    cause: npt.NDArray[np.integer]
    day: npt.NDArray[np.integer]
    cases: npt.NDArray[np.int64]
    begins: dt.date


@dataclass(frozen=True)
class ForceQuestion:
    """What is asked of the tables.

    Attributes
    ----------
    week : date
        A day of the week to test.
    weeks : int
        How many weeks are tested in turn, that week being the last.
    alpha : float
        One-sided probability of a false alarm for one series in one week.
    least_cases : int
        Fewer cases in the week raise no signal.
    false_discovery_rate : float
        The budget of false alarms of each week's whole run.
    """

    week: dt.date
    weeks: int = 1
    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    false_discovery_rate: float = FALSE_DISCOVERY_RATE

    @property
    def monday(self) -> dt.date:
        """The last week's Monday."""
        return self.week - dt.timedelta(days=self.week.weekday())

    @property
    def first_monday(self) -> dt.date:
        """Monday of the first week that is read."""
        return self.monday - dt.timedelta(weeks=self.weeks - 1 + LONGEST_HISTORY_WEEKS)


@dataclass(frozen=True)
class KnownSignal:
    """A signal that is under way, or was: its unit and cause, its first and its last week."""

    unit: str
    cause: str
    first_week: dt.date
    last_week: dt.date


@dataclass(frozen=True)
class ForceRise:
    """A series above its bound in one week.

    Attributes
    ----------
    unit, cause : str
        What rose.
    observed, expected, upper_bound, p_value : float
        Its count, the expected one, the most that are usual, and the chance of so many.
    """

    unit: str
    cause: str
    observed: float
    expected: float
    upper_bound: float
    p_value: float


@dataclass(frozen=True)
class ForceSignal:
    """An event: the rise that says best what happened, and those that it explains.

    Attributes
    ----------
    first_week, week : date
        Mondays of the week in which it began, and of the one tested.
    rise : ForceRise
        The rise that is reported.
    explains : tuple of ForceRise
        Rises above and below it that are there because of it.
    """

    first_week: dt.date
    week: dt.date
    rise: ForceRise
    explains: tuple[ForceRise, ...]


@dataclass(frozen=True)
class ForceWeek:
    """What rises in one week.

    Attributes
    ----------
    week : date
        Its Monday.
    signals : tuple of ForceSignal
        The most unusual first.
    withheld : int
        Rises above their own bounds that are no signal among so many tests.
    series_tested, series_untested, units_by_ears : int
        Pairs of a unit and a cause with a test, and without one because their history is too
        short; units under two years old, tested against recent weeks alone.
    counted : int
        Tests that count among the many.
    false_discovery_rate : float
        The budget of false alarms.
    method, version : str
        Methods applied, and the version of Qorgau that applied them.
    """

    week: dt.date
    signals: tuple[ForceSignal, ...]
    withheld: int
    series_tested: int
    series_untested: int
    units_by_ears: int
    counted: int
    false_discovery_rate: float
    method: str
    version: str


def rises_in_tables(
    force: ForceColumns, question: ForceQuestion, known: Sequence[KnownSignal] = ()
) -> Iterator[ForceWeek]:
    """Answer what rises in a force, week after week.

    Parameters
    ----------
    force : ForceColumns
        What happened, and where.
    question : ForceQuestion
        The question.
    known : sequence of KnownSignal
        Signals of earlier runs: an event that goes on keeps its place and its first week.

    Yields
    ------
    ForceWeek
        The oldest first.

    Raises
    ------
    CircleError
        If units belong to each other.
    """
    stays = stays_in(force)
    panel = lay_out(
        panel_inputs(force, stays),
        PanelWeeks(
            first_monday=question.first_monday,
            weeks=LONGEST_HISTORY_WEEKS + question.weeks,
            tested=question.weeks,
            least_cases=question.least_cases,
        ),
    )
    rows = range(LONGEST_HISTORY_WEEKS, LONGEST_HISTORY_WEEKS + question.weeks)
    found = watch(panel, rows, alpha=question.alpha, least_cases=question.least_cases)
    events = _Events(force.units, known)
    for place in range(question.weeks):
        yield _week(force, question, stays, panel, found, place, events)


def stays_in(force: ForceColumns) -> list[Stay]:
    """Which unit belonged to which, when.

    Raises
    ------
    CircleError
        If units belong to each other.
    """
    return stays_of([span.placement for span in force.spans])


def panel_inputs(force: ForceColumns, stays: Sequence[Stay]) -> PanelInputs:
    """What a panel of the force is made of."""
    opened: dict[int, int] = {}
    for span in force.spans:
        one = span.placement
        opened[one.unit] = min(opened.get(one.unit, one.first_day), one.first_day)
    return PanelInputs(
        measures=force.measures,
        stays=stays,
        rows=IncidentRows(
            unit=force.unit,
            day=force.day,
            measures=force.measures.paths.astype(np.int16)[force.cause],
            cases=None if (force.cases == 1).all() else force.cases,
        ),
        service=[
            ServiceSpan(
                one.placement.unit, one.placement.first_day, one.placement.end_day, one.strength
            )
            for one in force.spans
            if one.strength is not None
        ],
        opened_on={unit: dt.date.fromordinal(day) for unit, day in opened.items()},
        history_begins=force.begins,
    )


class _Events:
    """Signals by what rose, with their first and last weeks."""

    def __init__(self, units: Sequence[str], known: Sequence[KnownSignal]) -> None:
        place = {code: number for number, code in enumerate(units)}
        self._weeks: dict[Series, tuple[dt.date, dt.date]] = {}
        for one in sorted(known, key=lambda one: one.last_week):
            if one.unit in place:
                series = Series(place[one.unit], one.cause)
                self._weeks[series] = (one.first_week, one.last_week)

    def first_week(self, series: Series, week: dt.date) -> dt.date | None:
        """When the event began that goes on in a week; None where none does."""
        first, last = self._weeks.get(series, (week, dt.date.min))
        longest = dt.timedelta(weeks=1 + CALM_WEEKS_WITHIN_ONE_EVENT)
        return first if first <= week and week - last <= longest else None

    def note(self, series: Series, week: dt.date) -> dt.date:
        """Carry an event on, or begin one; return its first week."""
        first = self.first_week(series, week) or week
        last = self._weeks.get(series, (week, week))[1]
        self._weeks[series] = (first, max(week, last))
        return first


def _week(
    force: ForceColumns,
    question: ForceQuestion,
    stays: Sequence[Stay],
    panel: WeeklyPanel,
    found: Watch,
    place: int,
    events: _Events,
) -> ForceWeek:
    monday: dt.date = panel.mondays[found.weeks[place]].astype(object)
    first_day = monday.toordinal()
    below = below_during(stays, first_day, first_day + DAYS_PER_WEEK)
    week = WatchedWeek(panel, found, place, below, frozenset(below))
    rises = rises_of_week(
        week,
        least_cases=question.least_cases,
        false_discovery_rate=question.false_discovery_rate,
        goes_on=lambda series: events.first_week(series, monday) is not None,
    )
    measures = len(panel.measures.names)
    return ForceWeek(
        week=monday,
        signals=tuple(
            ForceSignal(
                first_week=events.note(one.series, monday),
                week=monday,
                rise=_rise(one, force, week),
                explains=tuple(_rise(other, force, week) for other in explained),
            )
            for one, explained in rises.raised
        ),
        withheld=rises.withheld,
        series_tested=int((week.years >= 0).sum()) * measures,
        series_untested=int((week.years < 0).sum()) * measures,
        units_by_ears=int((week.years == 0).sum()),
        counted=rises.control.counted,
        false_discovery_rate=question.false_discovery_rate,
        method=f"{METHOD}; {rises.control.method}",
        version=metadata.version("qorgau"),
    )


def _rise(one: Exceedance, force: ForceColumns, week: WatchedWeek) -> ForceRise:
    return ForceRise(
        unit=force.units[one.series.unit_id],
        cause=one.series.measure,
        observed=one.observed,
        expected=float(week.found.expected[week.place, one.column]),
        upper_bound=one.upper_bound,
        p_value=one.p_value,
    )


def measures_from(wider: Mapping[str, str]) -> MeasureTree:
    """The tree of causes from the next wider one of each, empty for the widest.

    Raises
    ------
    ValueError
        If a cause lies within itself.
    """
    return MeasureTree.of(list(wider), lambda name: wider[name] or None)
