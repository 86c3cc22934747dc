"""Whether an action followed a peak: then part of the fall after it would have come anyway.

Incidents scatter; an action is taken when they have run high, and they run lower afterwards with
or without it (regression to the mean). The weeks that called for the action are therefore left out
of the time before. Leaving out weeks that were high by chance alone makes the time before look a
little better, and so errs against the action.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from qorgau.analysis.effect.question import WEEK, EffectQuestion
from qorgau.analysis.effect.series import EffectSeries
from qorgau.foundation.identity.models import User
from qorgau.methods.effect import before_after
from qorgau.records.signals.queries import signals_visible_to

# How far back a peak is looked for: a month, two, and a quarter of a year.
PEAK_WEEKS = (4, 8, 12)
# A signal that ended so many weeks before the action is taken to have called for it.
SIGNAL_WITHIN_WEEKS = 8
# Weeks taken for a peak by mistake cost little; a peak taken for the usual rate costs the truth.
ALPHA = 0.02


@dataclass(frozen=True)
class Peak:
    """The last weeks before an action, where they are above what the earlier ones lead to expect.

    Attributes
    ----------
    weeks : int
        How many of the last weeks.
    first_day : date
        Its first day; it ends with the day before the action.
    cases : int
        Incidents in them.
    expected : float
        Incidents at the rate of the weeks before them.
    is_signal : bool
        Whether detection raised a signal of this series in them.
    """

    weeks: int
    first_day: dt.date
    cases: int
    expected: float
    is_signal: bool


def peak_before(user: User, question: EffectQuestion, series: EffectSeries) -> Peak | None:
    """Look for a peak that may have called for the action.

    Parameters
    ----------
    user : User
        The reader of the signals.
    question : EffectQuestion
        The question.
    series : EffectSeries
        Of single weeks.

    Returns
    -------
    Peak or None
        At most half of the time before.
    """
    longest = series.start // 2
    known = min(_weeks_since_signal(user, question), longest)
    if known:
        return _peak(series, known, is_signal=True)[0]
    found = [_peak(series, weeks, is_signal=False) for weeks in PEAK_WEEKS if weeks <= longest]
    above = [one for one in found if one[1] < ALPHA and one[0].cases > one[0].expected]
    return min(above, key=lambda one: one[1])[0] if above else None


def _weeks_since_signal(user: User, question: EffectQuestion) -> int:
    """Weeks from the first week of the latest signal until the action; 0 without one."""
    held_from = question.held_from
    stored = signals_visible_to(user).filter(
        unit=question.unit,
        measure=question.measure,
        first_week__lt=held_from,
        last_week__gte=held_from - SIGNAL_WITHIN_WEEKS * WEEK,
    )
    first = stored.order_by("-first_week").values_list("first_week", flat=True).first()
    return math.ceil((held_from - first).days / 7) if first else 0


def _peak(series: EffectSeries, weeks: int, *, is_signal: bool) -> tuple[Peak, float]:
    """The last weeks before the action beside the earlier ones, and the chance of a difference."""
    begins = series.start - weeks
    cases, exposure = series.cases, series.exposure
    earlier = (float(cases[:begins].sum()), float(exposure[:begins].sum()))
    last = (float(cases[begins : series.start].sum()), float(exposure[begins : series.start].sum()))
    found = before_after(earlier, last)
    peak = Peak(
        weeks=weeks,
        first_day=series.first_days[begins],
        cases=int(last[0]),
        expected=found.rate_before * last[1],
        is_signal=is_signal,
    )
    return peak, found.p_value
