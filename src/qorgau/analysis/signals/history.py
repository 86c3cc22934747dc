"""The weeks before and after a signal: what was observed, expected, and usual in each.

Every week is tested as it would have been then, on the register as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

import numpy as np
from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.reporting_delay.results import (
    LONGEST_DELAY_WEEKS,
    DelayedWeek,
    ReportingDelay,
)
from qorgau.analysis.signals.weekly_panel import SEE_SIGNALS, PanelQuestion, weekly_panel
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.watch import (
    ALPHA,
    LEAST_CASES,
    LONGEST_HISTORY_WEEKS,
    METHOD,
    Watch,
    watch,
)
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may
from qorgau.records.people.rules import Span


@dataclass(frozen=True)
class HistoryQuestion:
    """Which series is wanted, and which weeks of it.

    Attributes
    ----------
    unit : Unit
        The unit, with all below it.
    measure : str
        A kind of incident, or a kind and a cause.
    first_week, last_week : date
        Mondays; both weeks are included.
    history_begins : date or None
        Day from which the register is complete; that of the first incident if None.
    alpha : float
        One-sided probability of a false alarm for one week.
    least_cases : int
        Fewer cases in a week are no rise.
    delays_of : Unit or None
        Unit whose delays say what the newest weeks will come to; that of the series if None, or
        if the asker may not see signals of it. A unit above has more incidents to tell from.
    """

    unit: Unit
    measure: str
    first_week: dt.date
    last_week: dt.date
    history_begins: dt.date | None = None
    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    delays_of: Unit | None = None


@dataclass(frozen=True)
class WatchedWeek:
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
        Whether the count lies above the bound.
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
    weeks : tuple of WatchedWeek
        In order; weeks before the history of the series begins are left out.
    delay : ReportingDelay or None
        How late reports come, and what the newest weeks will come to; None where all are old.
    as_of : datetime
        Moment whose state of the register was read.
    method, version : str
        Methods applied, and the version of Qorgau that applied them.
    """

    unit_code: str
    measure: str
    weeks: tuple[WatchedWeek, ...]
    delay: ReportingDelay | None
    as_of: dt.datetime
    version: str
    method: str = METHOD

    @property
    def incomplete_weeks(self) -> tuple[DelayedWeek, ...]:
        """Those of the weeks of which reports are still to come, with what they will come to."""
        shown = {week.week for week in self.weeks}
        newest = self.delay.weeks if self.delay else ()
        return tuple(one for one in newest if one.week in shown and not one.is_complete)


def signal_history(user: User, question: HistoryQuestion) -> SignalHistory:
    """Lay out the weeks around a signal.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see signals are read.
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
    if not may(user, SEE_SIGNALS, question.unit):
        raise QuestionError(_("Your role does not let you see signals for this unit."))
    weeks = (question.last_week - question.first_week).days // 7 + 1
    panel = weekly_panel(
        user,
        PanelQuestion(
            unit=question.unit,
            first_monday=question.first_week - dt.timedelta(weeks=LONGEST_HISTORY_WEEKS),
            tested=Span(question.first_week, question.last_week + dt.timedelta(weeks=1)),
            only=Series(question.unit.pk, question.measure),
            history_begins=question.history_begins,
        ),
    )
    rows = range(LONGEST_HISTORY_WEEKS, LONGEST_HISTORY_WEEKS + weeks)
    found = watch(panel, rows, alpha=question.alpha, least_cases=question.least_cases)
    every = (_week(found, place, question.first_week) for place in range(weeks))
    watched = tuple(week for week in every if week is not None)
    return SignalHistory(
        unit_code=question.unit.code,
        measure=question.measure,
        weeks=watched,
        delay=_delay(user, question, watched),
        as_of=clock.now(),
        version=metadata.version("qorgau"),
    )


def _delay(
    user: User, question: HistoryQuestion, weeks: Sequence[WatchedWeek]
) -> ReportingDelay | None:
    oldest = clock.today() - dt.timedelta(weeks=LONGEST_DELAY_WEEKS + 1)
    if question.last_week < oldest:
        return None
    wider = question.delays_of
    unit = wider if wider and may(user, SEE_SIGNALS, wider) else question.unit
    so_far = {week.week: week.observed for week in weeks}
    return reporting_delay(user, DelayQuestion(unit, so_far=so_far))


def _week(found: Watch, place: int, first_week: dt.date) -> WatchedWeek | None:
    """One week; None before the history of the series begins."""
    observed = float(found.observed[place, 0])
    if np.isnan(observed):
        return None
    return WatchedWeek(
        week=first_week + dt.timedelta(weeks=place),
        observed=observed,
        expected=_number(found.expected[place, 0]),
        upper_bound=_number(found.upper_bound[place, 0]),
        p_value=_number(found.p_value[place, 0]),
        is_rise=bool(found.alarm[place, 0]),
    )


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
