"""The weeks before and after a signal: what was observed, expected, and usual in each.

Every week is tested as it would have been then, on the register as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.reporting_delay.results import (
    LONGEST_DELAY_WEEKS,
    DelayedWeek,
    ReportingDelay,
)
from qorgau.analysis.signals.question import SEE_SIGNALS, HistoryQuestion, check_reader
from qorgau.analysis.signals.weekly_panel import PanelQuestion, weekly_panel
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.watch import (
    LONGEST_HISTORY_WEEKS,
    Watch,
    watch,
)
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.people.queries import may
from qorgau.records.people.rules import Span


@dataclass(frozen=True)
class HistoryWeek:
    """One week of a series; the three numbers are None where it could not be tested.

    Attributes
    ----------
    week : date
        Its Monday.
    observed : float
        Incidents.
    expected, upper_bound, p_value : float or None
        What was to be expected, the most that are usual, and the chance of so many.
    is_rise : bool
        Whether the count is above the bound.
    """

    week: dt.date
    observed: float
    expected: float | None
    upper_bound: float | None
    p_value: float | None
    is_rise: bool


@dataclass(frozen=True)
class SignalHistory:
    """A series week by week.

    Attributes
    ----------
    unit_code, measure : str
        What is counted.
    weeks : tuple of HistoryWeek
        In order; weeks before the history of the series begins are left out.
    delay : ReportingDelay or None
        How late reports come, and what the newest weeks will come to; None where all are old.
    incomplete_weeks : tuple of DelayedWeek
        Those of the weeks of which reports are still to come, with what they will come to.
    """

    unit_code: str
    measure: str
    weeks: tuple[HistoryWeek, ...]
    delay: ReportingDelay | None
    incomplete_weeks: tuple[DelayedWeek, ...]


def signal_history(user: User, question: HistoryQuestion) -> SignalHistory:
    """Lay out the weeks around a signal.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see signals are read.
    question : HistoryQuestion
        Which series, and which weeks.

    Returns
    -------
    SignalHistory

    Raises
    ------
    QuestionError
        If the user may not see signals of the unit.
    """
    check_reader(user, question.unit)
    weeks = (question.last_week - question.first_week).days // 7 + 1
    panel = weekly_panel(
        user,
        PanelQuestion(
            unit=question.unit,
            first_monday=question.first_week - dt.timedelta(weeks=LONGEST_HISTORY_WEEKS),
            tested=Span(question.first_week, question.last_week + dt.timedelta(weeks=1)),
            only=Series(question.unit.pk, question.measure),
            history_begins=question.history_begins,
            counted=question.counted,
        ),
    )
    rows = range(LONGEST_HISTORY_WEEKS, LONGEST_HISTORY_WEEKS + weeks)
    found = watch(panel, rows, alpha=question.alpha, least_cases=question.least_cases)
    every = (_week(found, place, question.first_week) for place in range(weeks))
    watched = tuple(week for week in every if week is not None)
    delay = _delay(user, question, watched)
    return SignalHistory(
        unit_code=question.unit.code,
        measure=question.measure,
        weeks=watched,
        delay=delay,
        incomplete_weeks=_incomplete(watched, delay),
    )


def _delay(
    user: User, question: HistoryQuestion, weeks: Sequence[HistoryWeek]
) -> ReportingDelay | None:
    oldest = clock.today() - dt.timedelta(weeks=LONGEST_DELAY_WEEKS + 1)
    if question.last_week < oldest:
        return None
    wider = question.delays_of
    unit = wider if wider and may(user, SEE_SIGNALS, wider) else question.unit
    so_far = {week.week: week.observed for week in weeks}
    return reporting_delay(user, DelayQuestion(unit, so_far=so_far, counted=question.counted))


def _incomplete(
    weeks: Sequence[HistoryWeek], delay: ReportingDelay | None
) -> tuple[DelayedWeek, ...]:
    shown = {week.week for week in weeks}
    newest = delay.weeks if delay else ()
    return tuple(one for one in newest if one.week in shown and not one.is_complete)


def _week(found: Watch, place: int, first_week: dt.date) -> HistoryWeek | None:
    """One week; None before the history of the series begins."""
    observed = float(found.observed[place, 0])
    if np.isnan(observed):
        return None
    return HistoryWeek(
        week=first_week + dt.timedelta(weeks=place),
        observed=observed,
        expected=_number(found.expected[place, 0]),
        upper_bound=_number(found.upper_bound[place, 0]),
        p_value=_number(found.p_value[place, 0]),
        is_rise=bool(found.alarm[place, 0]),
    )


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
