"""What rises: every unit and measure of a subtree tested for one week, or for several in turn.

Weekly counts are read as a user and rolled up along the unit tree and the cause tree; each series
is tested with Farrington's method, or with EARS while its history is short; of the rises that
share their cases the one that explains the others is reported. Pages, commands and programs ask
this one function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata

import numpy as np
from django.utils.translation import gettext as _

from qorgau.analysis.measures import ALL_MEASURES
from qorgau.analysis.rising_series import (
    ExplainedRise,
    RisingSeries,
    RisingSignals,
    SignalQuestion,
)
from qorgau.analysis.signal_caveats import SignalCaveatFacts, signal_caveats
from qorgau.analysis.signal_explanation import Exceedance, explain
from qorgau.analysis.weekly_panel import (
    SEE_SIGNALS,
    PanelQuestion,
    Series,
    WeeklyPanel,
    weekly_panel,
)
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
        If the user may not see signals of the unit, or the week has not begun.
    """
    if not may(user, SEE_SIGNALS, question.unit):
        raise SignalQuestionError(_("You may not see signals of this unit."))
    if not 1 <= weeks <= MOST_WEEKS:
        raise SignalQuestionError(
            _("Choose between 1 and %(most)d weeks to look back over.") % {"most": MOST_WEEKS}
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
    chosen = explain([_exceedance(look, s, c, under_way) for s, c in columns.items()], below)
    for one, _explained in chosen:
        under_way.setdefault(one.series, []).append(Span(monday, monday))
    names = _names([one.series.unit_id for one, _ in chosen] + [question.unit.pk], monday)
    rises = [
        _rise(look, columns[one.series], explained, names[one.series.unit_id])
        for one, explained in sorted(chosen, key=lambda pair: pair[0].p_value)
    ]
    facts = _facts(look, watched, [columns[one.series] for one, _ in chosen], as_of)
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
    )


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
        "history_begins": history_begins.isoformat(),
        "counted": "incidents",
    }
