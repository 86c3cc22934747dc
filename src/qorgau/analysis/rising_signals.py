"""What rises: every unit and measure of a subtree tested for one week, or for several in turn.

Weekly counts are read as a user and rolled up along the unit tree and the cause tree; each series
is tested with Farrington's method, or with EARS while its history is short; of the rises that
share their cases the one that explains the others is reported, if it stands when the false alarms
of the whole run are controlled. Pages, commands and programs ask this one function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata

import numpy as np
from django.utils.translation import gettext as _

from qorgau.analysis.false_alarm_control import (
    RunControl,
    RunTests,
    control_false_alarms,
    events_that_stand,
    parents_within,
)
from qorgau.analysis.measures import ALL_MEASURES, MEASURE_INDEX, wider
from qorgau.analysis.rising_series import (
    ExplainedRise,
    RisingSeries,
    RisingSignals,
    SignalQuestion,
)
from qorgau.analysis.signal_caveats import SignalCaveatFacts, signal_caveats
from qorgau.analysis.signal_explanation import Exceedance, explain
from qorgau.analysis.two_tree_counts import NONE, Series
from qorgau.analysis.weekly_panel import SEE_SIGNALS, PanelQuestion, WeeklyPanel, weekly_panel
from qorgau.analysis.weekly_watch import (
    EARS,
    FARRINGTON,
    LONGEST_HISTORY_WEEKS,
    Watch,
    watch,
    years_of_history,
)
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.people.queries import latest_versions, may, stays_below, versions_on
from qorgau.records.people.rules import Span
from qorgau.records.signals.queries import signals_visible_to
from qorgau.records.signals.rules import continues

MOST_WEEKS = 520
MEASURE_PARENTS = np.array(
    [MEASURE_INDEX[above] if (above := wider(one)) else NONE for one in ALL_MEASURES]
)


class SignalQuestionError(ValueError):
    """A question that has no answer; the sentence says why and what to ask instead."""


def rising_signals(user: User, question: SignalQuestion, *, weeks: int = 1) -> list[RisingSignals]:
    """Answer what rises, in one week or in each of the weeks that end with it.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see signals are read.
    question : SignalQuestion
        What is asked.
    weeks : int
        How many weeks, the one asked for being the last.

    Returns
    -------
    list of RisingSignals
        One for each week, the oldest first.

    Raises
    ------
    SignalQuestionError
        If the user may not see signals of the unit, the week has not begun, or an option is out
        of range.
    """
    if not may(user, SEE_SIGNALS, question.unit):
        raise SignalQuestionError(_("You may not see signals of this unit."))
    if not 1 <= weeks <= MOST_WEEKS:
        raise SignalQuestionError(
            _("Choose between 1 and %(most)d weeks to look back over.") % {"most": MOST_WEEKS}
        )
    if not 0.0 < question.false_discovery_rate < 1.0:
        raise SignalQuestionError(
            _("Choose a share of false signals above 0 and below 1, for example 0.1.")
        )
    as_of = question.as_of or clock.now()
    last = _monday_of(question, clock.local_date(as_of))
    first = last - dt.timedelta(weeks=weeks - 1)
    panel = weekly_panel(
        user,
        PanelQuestion(
            unit=question.unit,
            first_monday=first - dt.timedelta(weeks=LONGEST_HISTORY_WEEKS),
            tested=Span(first, last + dt.timedelta(weeks=1)),
            least_cases=question.least_cases,
            as_of=question.as_of,
        ),
    )
    rows = range(LONGEST_HISTORY_WEEKS, LONGEST_HISTORY_WEEKS + weeks)
    found = watch(panel, rows, alpha=question.alpha, least_cases=question.least_cases)
    under_way = _under_way(user, panel)
    looks = [_Look(question, panel, found, place) for place in range(weeks)]
    return [_week_result(look, under_way, as_of) for look in looks]


def _monday_of(question: SignalQuestion, today: dt.date) -> dt.date:
    """Monday of the week asked for; by default of the newest one that is over."""
    this_monday = today - dt.timedelta(days=today.weekday())
    if question.week is None:
        return this_monday - dt.timedelta(weeks=1)
    monday = question.week - dt.timedelta(days=question.week.weekday())
    if monday > today:
        raise SignalQuestionError(
            _("The week has not begun. Choose a day no later than %(today)s.")
            % {"today": today.isoformat()}
        )
    return monday


def _under_way(user: User, panel: WeeklyPanel) -> dict[Series, list[Span]]:
    """First and last week of every signal stored for the units of a panel."""
    known: dict[Series, list[Span]] = {}
    stored = signals_visible_to(user).filter(unit_id__in=list(panel.units))
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
class _Look:
    """One week of a watched panel."""

    question: SignalQuestion
    panel: WeeklyPanel
    found: Watch
    place: int

    @property
    def row(self) -> int:
        return int(self.found.weeks[self.place])

    @property
    def monday(self) -> dt.date:
        monday: dt.date = self.panel.mondays[self.row].astype(object)
        return monday


def _week_result(
    look: _Look, under_way: dict[Series, list[Span]], as_of: dt.datetime
) -> RisingSignals:
    """The result of one week; what rises in it is noted as under way for the next."""
    question, monday = look.question, look.monday
    below = _below(look.panel, monday)
    watched = below.get(question.unit.pk, frozenset())
    columns = {
        look.panel.series[column]: column
        for column in np.flatnonzero(look.found.alarm[look.place]).tolist()
        if look.panel.series[column].unit_id in watched
    }
    events = explain([_exceedance(look, s, c, under_way) for s, c in columns.items()], below)
    control, standing = _control(look, below, watched)
    chosen = events_that_stand(events, standing)
    for one, _explained in chosen:
        under_way.setdefault(one.series, []).append(Span(monday, monday))
    names = _names([one.series.unit_id for one, _ in chosen] + [question.unit.pk], monday)
    rises = [
        _rise(look, columns[one.series], explained, names[one.series.unit_id])
        for one, explained in sorted(chosen, key=lambda pair: pair[0].p_value)
    ]
    facts = replace(
        _facts(look, watched, [columns[one.series] for one, _ in chosen], as_of),
        rises_withheld=len(events) - len(chosen),
    )
    return RisingSignals(
        unit_code=question.unit.code,
        unit_name=names[question.unit.pk],
        week_start=monday,
        last_day=monday + dt.timedelta(days=6),
        rises=tuple(rises),
        series_tested=facts.series_tested,
        series_untested=facts.units_untested * len(ALL_MEASURES),
        inputs=_inputs(question, monday, look.panel.history_begins),
        as_of=as_of,
        version=metadata.version("qorgau"),
        false_alarm_method=control.method,
        caveats=signal_caveats(facts),
        caveat_facts=facts,
        is_synthetic=facts.is_synthetic,
    )


def _facts(
    look: _Look, watched: frozenset[int], columns: Sequence[int], as_of: dt.datetime
) -> SignalCaveatFacts:
    begins = [look.panel.unit_first_weeks[key] for key in watched]
    years = years_of_history(look.row - np.array(begins, dtype=np.int64))
    person_days = look.panel.person_days[look.row, list(columns)]
    return SignalCaveatFacts(
        is_synthetic=any(look.panel.units[key].is_synthetic for key in watched),
        is_open=look.monday + dt.timedelta(weeks=1) > clock.local_date(as_of),
        units_by_ears=int((years == 0).sum()),
        units_untested=int((years < 0).sum()),
        rises_without_person_time=int(np.isnan(person_days).sum()),
        series_tested=int((years >= 0).sum()) * len(ALL_MEASURES),
        alpha=look.question.alpha,
        false_discovery_rate=look.question.false_discovery_rate,
    )


def _control(
    look: _Look, below: dict[int, frozenset[int]], watched: frozenset[int]
) -> tuple[RunControl, frozenset[Series]]:
    """The control of false alarms over the week, and the series whose rise stands."""
    panel, question = look.panel, look.question
    units = sorted(watched)
    place = {unit: index for index, unit in enumerate(units)}
    weeks = look.row - np.array([panel.unit_first_weeks[unit] for unit in units], dtype=np.int64)
    is_tested = years_of_history(weeks) >= 0
    history = panel.history
    is_here = np.isin(history.units, units)
    cases = np.zeros((len(units), len(ALL_MEASURES)), dtype=np.int64)
    rows = [place[unit] for unit in history.units[is_here].tolist()]
    cases[rows, history.measures[is_here]] = history.cases[look.place, is_here]
    reached = [
        column
        for column in np.flatnonzero(
            (look.found.observed[look.place] >= question.least_cases)
            & ~np.isnan(look.found.p_value[look.place])
        ).tolist()
        if panel.series[column].unit_id in watched
    ]
    control = control_false_alarms(
        RunTests(
            unit_parents=parents_within(below, units),
            measure_parents=MEASURE_PARENTS,
            cases=cases,
            weeks=np.where(is_tested, np.minimum(weeks, LONGEST_HISTORY_WEEKS), 0),
            units=np.array([place[panel.series[c].unit_id] for c in reached], dtype=np.int64),
            measures=np.array(
                [MEASURE_INDEX[panel.series[c].measure] for c in reached], dtype=np.int64
            ),
            p_values=look.found.p_value[look.place, reached],
        ),
        least_cases=question.least_cases,
        false_discovery_rate=question.false_discovery_rate,
    )
    standing = [column for column, stands in zip(reached, control.stands, strict=True) if stands]
    return control, frozenset(panel.series[column] for column in standing)


def _exceedance(
    look: _Look, series: Series, column: int, under_way: dict[Series, list[Span]]
) -> Exceedance:
    return Exceedance(
        series=series,
        observed=float(look.found.observed[look.place, column]),
        upper_bound=float(look.found.upper_bound[look.place, column]),
        p_value=float(look.found.p_value[look.place, column]),
        goes_on=_goes_on(series, look.monday, under_way),
    )


def _below(panel: WeeklyPanel, monday: dt.date) -> dict[int, frozenset[int]]:
    """The units below each unit on some day of the week."""
    week = Span(monday, monday + dt.timedelta(weeks=1))
    below: dict[int, set[int]] = {}
    stays = stays_below(panel.units, week).values_list("ancestor_id", "descendant_id")
    for ancestor, descendant in stays:
        if descendant in panel.units:
            below.setdefault(ancestor, set()).add(descendant)
    return {key: frozenset(units) for key, units in below.items()}


def _rise(
    look: _Look, column: int, explained: Sequence[Exceedance], unit_name: str
) -> RisingSeries:
    found, cell = look.found, (look.place, column)
    series = look.panel.series[column]
    unit = look.panel.units[series.unit_id]
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
                unit_code=look.panel.units[one.series.unit_id].code,
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


def _inputs(question: SignalQuestion, monday: dt.date, history_begins: dt.date) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "week": monday.isoformat(),
        "alpha": str(question.alpha),
        "least_cases": str(question.least_cases),
        "false_discovery_rate": str(question.false_discovery_rate),
        "history_begins": history_begins.isoformat(),
        "counted": "incidents",
    }
