"""What rises: every unit and measure of a subtree tested for one week, or for several in turn.

Weekly counts are read as a user and rolled up along the unit tree and the cause tree; each series
is tested with Farrington's method, or with EARS while its history is short; of the rises that
share their cases the one that explains the others is reported, if it holds when the false alarms
of the whole run are controlled. Pages, commands and programs ask this one function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qorgau.analysis.answers import Provenance
from qorgau.analysis.disclosure.series import ALL
from qorgau.analysis.figures.measures import ALL_MEASURES
from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.reporting_delay.results import ReportingDelay
from qorgau.analysis.signals.caveats import SignalCaveatFacts, signal_caveats
from qorgau.analysis.signals.question import SignalQuestion, last_monday
from qorgau.analysis.signals.results import ExplainedRise, RisingSeries, RisingSignals
from qorgau.analysis.signals.weekly_panel import PanelQuestion, RegisterPanel, weekly_panel
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance
from qorgau.analysis.unit_cause_hierarchy.watch import (
    EARS,
    FARRINGTON,
    LONGEST_HISTORY_WEEKS,
    METHOD,
    Watch,
    watch,
)
from qorgau.analysis.unit_cause_hierarchy.week import WatchedWeek, rises_of_week
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.people.queries import latest_versions, stays_below, versions_on
from qorgau.records.people.rules import Span
from qorgau.records.signals.queries import signals_of_counts
from qorgau.records.signals.rules import continues


def rising_signals(user: User, question: SignalQuestion, *, weeks: int = 1) -> list[RisingSignals]:
    """Answer what rises, in one week or in each of the weeks that end with it.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see signals are read.
    question : SignalQuestion
        The question.
    weeks : int
        How many weeks, that of the question being the last.

    Returns
    -------
    list of RisingSignals
        One for each week, the oldest first.

    Raises
    ------
    QuestionError
        If the user may not see signals or counts of the unit, the week has not begun, or an option
        is out of range.
    """
    as_of = clock.known_by(question.as_of)
    last = last_monday(user, question, weeks, clock.local_date(as_of))
    first = last - dt.timedelta(weeks=weeks - 1)
    panel = weekly_panel(
        user,
        PanelQuestion(
            unit=question.unit,
            first_monday=first - dt.timedelta(weeks=LONGEST_HISTORY_WEEKS),
            tested=Span(first, last + dt.timedelta(weeks=1)),
            least_cases=question.least_cases,
            as_of=question.as_of,
            counted=question.counted,
        ),
    )
    rows = range(LONGEST_HISTORY_WEEKS, LONGEST_HISTORY_WEEKS + weeks)
    found = watch(panel, rows, alpha=question.alpha, least_cases=question.least_cases)
    # Signals as they were at a past moment are not kept: what they say now is no part of it.
    under_way = {} if question.as_of else _under_way(user, panel)
    delay = reporting_delay(
        user, DelayQuestion(question.unit, question.as_of, counted=panel.counted)
    )
    tested = (_tested_week(question, panel, found, place, delay) for place in range(weeks))
    return [_week_result(week, under_way, as_of) for week in tested]


def _under_way(user: User, panel: RegisterPanel) -> dict[Series, list[Span]]:
    """First and last week of every signal stored for the units of a panel."""
    known: dict[Series, list[Span]] = {}
    stored = signals_of_counts(user, panel.counted).filter(unit_id__in=list(panel.units))
    fields = ("unit_id", "measure", "first_week", "last_week")
    for unit_id, measure, first, last in stored.order_by().values_list(*fields):
        known.setdefault(Series(unit_id, measure), []).append(Span(first, last))
    return known


def _goes_on(series: Series, week: dt.date, under_way: dict[Series, list[Span]]) -> bool:
    return any(
        span.start <= week <= span.end or continues(span.end, week)
        for span in under_way.get(series, ())
    )


@dataclass(frozen=True, eq=False)
class _TestedWeek:
    """One week of a watched panel, and the question about it."""

    question: SignalQuestion
    panel: RegisterPanel
    week: WatchedWeek
    delay: ReportingDelay
    monday: dt.date


def _tested_week(
    question: SignalQuestion,
    panel: RegisterPanel,
    found: Watch,
    place: int,
    delay: ReportingDelay,
) -> _TestedWeek:
    monday: dt.date = panel.mondays[found.weeks[place]].astype(object)
    below = _below(panel, monday)
    watched = below.get(question.unit.pk, frozenset())
    week = WatchedWeek(panel, found, place, below, watched)
    return _TestedWeek(question, panel, week, delay, monday)


def _week_result(
    tested: _TestedWeek, under_way: dict[Series, list[Span]], as_of: dt.datetime
) -> RisingSignals:
    """The result of one week; what rises in it is noted as under way for the next."""
    question, monday = tested.question, tested.monday
    found = rises_of_week(
        tested.week,
        least_cases=question.least_cases,
        false_discovery_rate=question.false_discovery_rate,
        goes_on=lambda series: _goes_on(series, monday, under_way),
    )
    raised = [one.series for one, _explained in found.raised]
    for series in raised:
        under_way.setdefault(series, []).append(Span(monday, monday))
    names = _names([series.unit_id for series in raised] + [question.unit.pk], monday)
    rises = [
        _rise(tested, one.column, explained, names[one.series.unit_id])
        for one, explained in found.raised
    ]
    facts = replace(
        _facts(tested, [one.column for one, _explained in found.raised], as_of),
        rises_withheld=found.withheld,
    )
    return RisingSignals(
        unit_code=question.unit.code,
        unit_name=names[question.unit.pk],
        rises=tuple(rises),
        series_tested=facts.series_tested,
        series_untested=facts.units_untested * len(ALL_MEASURES),
        false_alarm_method=found.control.method,
        caveats=signal_caveats(facts),
        caveat_facts=facts,
        provenance=Provenance(
            inputs=_inputs(question, monday, tested.panel),
            first_day=monday,
            last_day=monday + dt.timedelta(days=6),
            as_of=as_of,
            method=METHOD,
            is_synthetic=facts.is_synthetic,
        ),
    )


def _facts(tested: _TestedWeek, columns: Sequence[int], as_of: dt.datetime) -> SignalCaveatFacts:
    years = tested.week.years
    person_days = tested.panel.person_days[tested.week.row, list(columns)]
    return SignalCaveatFacts(
        is_synthetic=any(tested.panel.units[key].is_synthetic for key in tested.week.watched),
        is_exact=tested.panel.counted == ALL,
        is_open=tested.monday + dt.timedelta(weeks=1) > clock.local_date(as_of),
        units_by_ears=int((years == 0).sum()),
        units_untested=int((years < 0).sum()),
        rises_without_person_time=int(np.isnan(person_days).sum()),
        series_tested=int((years >= 0).sum()) * len(ALL_MEASURES),
        alpha=tested.question.alpha,
        false_discovery_rate=tested.question.false_discovery_rate,
        share_reported=tested.delay.share_on(tested.monday),
    )


def _below(panel: RegisterPanel, monday: dt.date) -> dict[int, frozenset[int]]:
    """The units below each unit on some day of the week."""
    week = Span(monday, monday + dt.timedelta(weeks=1))
    below: dict[int, set[int]] = {}
    stays = stays_below(panel.units, week).values_list("ancestor_id", "descendant_id")
    for ancestor, descendant in stays:
        if descendant in panel.units:
            below.setdefault(ancestor, set()).add(descendant)
    return {key: frozenset(units) for key, units in below.items()}


def _rise(
    tested: _TestedWeek, column: int, explained: Sequence[Exceedance], unit_name: str
) -> RisingSeries:
    found, cell = tested.week.found, (tested.week.place, column)
    series = tested.panel.series[column]
    unit = tested.panel.units[series.unit_id]
    score, years = float(found.score[cell]), int(found.years[cell])
    return RisingSeries(
        unit_id=series.unit_id,
        unit_code=unit.code,
        unit_name=unit_name,
        measure=series.measure,
        observed=float(found.observed[cell]),
        expected=float(found.expected[cell]),
        upper_bound=float(found.upper_bound[cell]),
        p_value=float(found.p_value[cell]),
        score=None if np.isnan(score) else score,
        method=FARRINGTON if years else EARS,
        years=years,
        explains=tuple(
            ExplainedRise(
                unit_code=tested.panel.units[one.series.unit_id].code,
                measure=one.series.measure,
                observed=one.observed,
                upper_bound=one.upper_bound,
            )
            for one in explained
        ),
        is_synthetic=bool(unit.is_synthetic),
    )


def _names(unit_ids: Iterable[int], on: dt.date) -> dict[int, str]:
    wanted = set(unit_ids)
    known = {version.unit_id: version for version in latest_versions(wanted)}
    known |= {version.unit_id: version for version in versions_on(wanted, on)}
    return {key: version.name or version.unit.code for key, version in known.items()}


def _inputs(question: SignalQuestion, monday: dt.date, panel: RegisterPanel) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "week": monday.isoformat(),
        "alpha": str(question.alpha),
        "least_cases": str(question.least_cases),
        "false_discovery_rate": str(question.false_discovery_rate),
        "history_begins": panel.history_begins.isoformat(),
        "counted": "incidents",
        "disclosure": panel.counted,
    }
