"""Weekly counts of every unit and measure of the register, rolled up along both trees, as arrays.

Only series in which something happened in the tested weeks are laid out: a week without a case can
be no rise. Of all others it is told how many cases they had before, which says how many of them
could have risen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Count

from qorgau.analysis.measures import ALL_MEASURES, MEASURE_INDEX, measures_of
from qorgau.analysis.two_tree_counts import (
    DAYS_PER_WEEK,
    NONE,
    Floats,
    IncidentRows,
    Ints,
    Series,
    Stay,
    counts_by_unit,
)
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.queries import counted_incidents, counted_incidents_of
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import (
    exposures,
    stays_below,
    subtree_during,
    unit_ids_visible_to,
)
from qorgau.records.people.rules import Exposure, Span

# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_SIGNALS = Capability("see_signals")


@dataclass(frozen=True, eq=False)
class PairHistory:
    """What every pair of a unit and a measure had before each tested week; others had nothing.

    Attributes
    ----------
    units, measures : ndarray of int, shape (pairs,)
        Id of the unit, and index of the measure in ``ALL_MEASURES``.
    cases : ndarray of int, shape (tested weeks, pairs)
        Incidents in the weeks of the history before the tested one.
    """

    units: Ints
    measures: Ints
    cases: Ints


@dataclass(frozen=True, eq=False)
class WeeklyPanel:
    """Weekly counts of the series that had a case in the tested weeks.

    Attributes
    ----------
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
    units : dict of int to Unit
        All units watched, by id.
    unit_first_weeks : dict of int to int
        Row in which the history of each unit begins, by id.
    history_begins : date
        Day from which the register is taken to be complete.
    history : PairHistory
        Cases of every pair before the tested weeks.
    """

    mondays: npt.NDArray[np.datetime64]
    series: tuple[Series, ...]
    counts: Floats
    person_days: Floats
    first_weeks: Ints
    units: dict[int, Unit]
    unit_first_weeks: dict[int, int]
    history_begins: dt.date
    history: PairHistory


@dataclass(frozen=True)
class PanelQuestion:
    """Which panel is wanted.

    Attributes
    ----------
    unit : Unit
        The unit watched with all below it.
    first_monday : date
        Monday of the first week of the panel.
    tested : Span
        The tested weeks, whole; they end the panel.
    least_cases : int
        A series is laid out if it had so many cases in one of the tested weeks.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    only : Series or None
        Lay out this series alone, whatever it had.
    history_begins : date or None
        Day from which the register is complete; that of the first incident if None.
    """

    unit: Unit
    first_monday: dt.date
    tested: Span
    least_cases: int = 1
    as_of: dt.datetime | None = None
    only: Series | None = None
    history_begins: dt.date | None = None


def weekly_panel(user: User, question: PanelQuestion) -> WeeklyPanel:
    """Count by week, unit and measure what the user may see.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see signals are read.
    question : PanelQuestion
        Which panel is wanted.

    Returns
    -------
    WeeklyPanel
    """
    units = _watched_units(user, question)
    span = Span(question.first_monday, question.tested.end)
    stays = _stays(units, span)
    rows = _incident_rows(user, {stay.descendant for stay in stays}, question, span)
    weeks = span.days // DAYS_PER_WEEK
    tested_weeks = question.tested.days // DAYS_PER_WEEK
    history_begins = question.history_begins or _first_day(user, question, span)
    begins = _first_weeks(units, history_begins, span)
    series, counts, history = _lay_out(stays, rows, begins, (weeks, tested_weeks), question)
    first_weeks = np.array([begins[one.unit_id] for one in series], dtype=np.int64)
    week_index = np.arange(weeks)[:, None]
    return WeeklyPanel(
        mondays=np.datetime64(span.start, "D") + DAYS_PER_WEEK * np.arange(weeks),
        series=series,
        counts=np.where(week_index >= first_weeks, counts, np.nan),
        person_days=_person_days(user, question, stays, series, span, first_weeks),
        first_weeks=first_weeks,
        units=units,
        unit_first_weeks=begins,
        history_begins=history_begins,
        history=history,
    )


def _watched_units(user: User, question: PanelQuestion) -> dict[int, Unit]:
    below = subtree_during(question.unit, question.tested).filter(
        descendant_id__in=unit_ids_visible_to(user, SEE_SIGNALS)
    )
    if question.only is not None:
        below = below.filter(descendant_id=question.only.unit_id)
    return {row.descendant_id: row.descendant for row in below.select_related("descendant")}


def _stays(units: Iterable[int], span: Span) -> list[Stay]:
    fields = ("ancestor_id", "descendant_id", "valid_from", "valid_until")
    return [
        Stay(
            ancestor, descendant, max(start, span.start).toordinal(), min(end, span.end).toordinal()
        )
        for ancestor, descendant, start, end in stays_below(units, span).values_list(*fields)
    ]


def _incident_rows(
    user: User, unit_ids: set[int], question: PanelQuestion, span: Span
) -> IncidentRows:
    """Incidents by unit, day, kind and cause; sorted."""
    counted = counted_incidents_of(
        user, unit_ids, span, as_of=question.as_of, capability=SEE_SIGNALS
    )
    grouped = counted.order_by().values_list("unit_id", "occurred_on", "kind", "cause")
    found = sorted(grouped.annotate(cases=Count("pk")))
    measures = np.full((len(found), 3), NONE, dtype=np.int64)
    for row, (_unit, _day, kind, cause, _cases) in enumerate(found):
        for place, measure in enumerate(measures_of(kind, cause)):
            measures[row, place] = MEASURE_INDEX[measure]
    return IncidentRows(
        unit=np.array([row[0] for row in found], dtype=np.int64),
        day=np.array([row[1].toordinal() for row in found], dtype=np.int64),
        measures=measures,
        cases=np.array([row[4] for row in found], dtype=np.int64),
    )


def _lay_out(
    stays: Sequence[Stay],
    rows: IncidentRows,
    begins: dict[int, int],
    weeks: tuple[int, int],
    question: PanelQuestion,
) -> tuple[tuple[Series, ...], Floats, PairHistory]:
    """Counts of the series that are wanted, and what every pair had before the tested weeks.

    ``weeks`` are those of the panel and how many of them are tested.
    """
    length, tested = weeks
    found = counts_by_unit(
        stays,
        rows,
        first_day=question.first_monday.toordinal(),
        weeks=length,
        measures=len(ALL_MEASURES),
    )
    series: list[Series] = []
    columns = [np.zeros((length, 0))]
    before: list[tuple[Ints, Ints, Ints]] = []
    for unit_id, counts in found:
        if question.only is None:
            wanted = (counts[-tested:] >= question.least_cases).any(axis=0)
        else:
            wanted = np.array([one == question.only.measure for one in ALL_MEASURES])
        series += [Series(unit_id, ALL_MEASURES[place]) for place in np.flatnonzero(wanted)]
        columns.append(counts[:, wanted].astype(np.float64))
        before.append(_cases_before(unit_id, counts, begins[unit_id], tested))
    if question.only is not None and not series:
        series, columns = [question.only], [np.zeros((length, 1))]
    return tuple(series), np.concatenate(columns, axis=1), _pair_history(before, tested)


def _cases_before(unit_id: int, counts: Ints, begins: int, tested: int) -> tuple[Ints, Ints, Ints]:
    """Unit, measures and cases in as many weeks before each tested one as before the first."""
    length = counts.shape[0] - tested
    known = np.where(np.arange(counts.shape[0])[:, None] >= begins, counts, 0)
    running = np.concatenate([np.zeros((1, counts.shape[1]), dtype=np.int64), known.cumsum(axis=0)])
    cases = running[length : length + tested] - running[:tested]
    measures = np.flatnonzero(cases.any(axis=0))
    return np.full(measures.size, unit_id), measures, cases[:, measures]


def _pair_history(before: Sequence[tuple[Ints, Ints, Ints]], tested: int) -> PairHistory:
    if not before:
        none = np.zeros(0, dtype=np.int64)
        return PairHistory(none, none, np.zeros((tested, 0), dtype=np.int64))
    units, measures, cases = zip(*before, strict=True)
    return PairHistory(
        np.concatenate(units), np.concatenate(measures), np.concatenate(cases, axis=1)
    )


def _first_day(user: User, question: PanelQuestion, span: Span) -> dt.date:
    """The day of the first incident of the unit watched; before it nothing was recorded."""
    counted = counted_incidents(
        user, question.unit, span, as_of=question.as_of, capability=SEE_SIGNALS
    )
    first = counted.order_by("occurred_on").values_list("occurred_on", flat=True).first()
    return first or span.end


def _first_weeks(units: dict[int, Unit], begins: dt.date, span: Span) -> dict[int, int]:
    """The week in which each unit's history begins: the register's first, or its own opening."""
    weeks = {}
    for key, unit in units.items():
        days = (max(begins, unit.opened_on) - span.start).days
        # A week that had begun already is not whole.
        weeks[key] = max(-(-days // DAYS_PER_WEEK), 0)
    return weeks


def _person_days(
    user: User,
    question: PanelQuestion,
    stays: Sequence[Stay],
    series: Sequence[Series],
    span: Span,
    first_weeks: Ints,
) -> Floats:
    """Weekly person-days of each series' unit; NaN throughout where a week has none."""
    weeks = span.days // DAYS_PER_WEEK
    wanted = {one.unit_id for one in series}
    daily = _daily_strength(exposures(user, question.unit, span), span)
    strength = {unit_id: np.zeros(span.days) for unit_id in wanted}
    origin = span.start.toordinal()
    for stay in stays:
        if stay.ancestor in wanted and stay.descendant in daily:
            days = slice(stay.first_day - origin, stay.end_day - origin)
            strength[stay.ancestor][days] += daily[stay.descendant][days]
    weekly = {key: one.reshape(weeks, DAYS_PER_WEEK).sum(axis=1) for key, one in strength.items()}
    columns = np.full((weeks, len(series)), np.nan)
    for place, one in enumerate(series):
        known = weekly[one.unit_id][first_weeks[place] :]
        if (known > 0).all():
            columns[first_weeks[place] :, place] = known
    return columns


def _daily_strength(served: Sequence[Exposure], span: Span) -> dict[int, Floats]:
    """How many served in each unit itself on each day of the span."""
    origin = span.start.toordinal()
    changes: dict[int, Floats] = {}
    for exposure in served:
        change = changes.setdefault(exposure.unit_id, np.zeros(span.days + 1))
        change[exposure.span.start.toordinal() - origin] += exposure.strength
        change[exposure.span.end.toordinal() - origin] -= exposure.strength
    return {unit_id: change.cumsum()[:-1] for unit_id, change in changes.items()}
