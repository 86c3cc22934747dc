"""Did it work? What changed in a unit from the day on which something was done about it.

What was done is called an *action*; a *measure* is what is counted, as in detection. Counts and
person-time are read as a user; of the methods the one is asked that the counts can carry. Weeks
that called for the action are left out of the time before it, because after a peak a rate falls
with or without an action. Pages, commands and programs ask this one function.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import metadata
from typing import TypedDict

from django.utils.translation import gettext_lazy as _lazy

from qorgau.analysis.counting.denominator_words import DENOMINATOR_LABELS, EXPOSURE_LABELS
from qorgau.analysis.effect.caveats import EffectCaveatFacts, effect_caveats
from qorgau.analysis.effect.comparable_units import comparable_units
from qorgau.analysis.effect.estimate import (
    Estimate,
    Flags,
    by_before_after,
    by_compared_series,
    by_interrupted_series,
    can_be_compared,
    can_be_interrupted,
    periods_of_peak,
    same_season,
)
from qorgau.analysis.effect.peak import Peak, peak_before
from qorgau.analysis.effect.question import (
    EffectQuestion,
    check_question,
    units_moved,
    weeks_of,
)
from qorgau.analysis.effect.results import (
    EffectOfAction,
    periods_of,
    sides_of,
    verdict_of,
)
from qorgau.analysis.effect.series import (
    EffectSeries,
    effect_series,
    in_periods,
    weeks_per_period,
)
from qorgau.analysis.effect.words import WHY, effect_sentence
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.rates import DENOMINATORS
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import latest_versions, versions_on
from qorgau.records.people.rules import Span

DENOMINATOR = "per_1000_person_years"
A_WEEK, WEEKS = _lazy("a week"), _lazy("weeks")


@dataclass(frozen=True, eq=False)
class _Compared:
    """What was read: the series, the one beside it, and the peak before the action."""

    series: EffectSeries
    other: EffectSeries | None
    peak: Peak | None

    @property
    def is_peak(self) -> Flags:
        return periods_of_peak(self.series, self.peak.weeks if self.peak else 0)


def effect_of_action(user: User, question: EffectQuestion) -> EffectOfAction:
    """Say what changed from the day of an action on.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see rates are read.
    question : EffectQuestion
        What is asked.

    Returns
    -------
    EffectOfAction
        Rates before and after, what was to be expected, the ratio and the cases averted, with
        limits and caveats.

    Raises
    ------
    QuestionError
        If the user may not see rates of a unit, the units overlap, the action is too recent, or
        the register begins too late.
    """
    check_question(user, question)
    as_of = clock.known_by(question.as_of)
    today = clock.local_date(as_of)
    weeks = weeks_of(user, question, today)
    moved = units_moved(question, weeks.span)
    weekly = [
        effect_series(user, unit, question, weeks)
        for unit in (question.unit, question.compared_with)
        if unit is not None
    ]
    compared = _laid_out(weekly, peak_before(user, question, weekly[0]))
    estimate = _estimate(user, question, compared)
    series = compared.series
    facts = EffectCaveatFacts(
        is_synthetic=bool(question.unit.is_synthetic) or any(one.synthetic_cases for one in weekly),
        peak=compared.peak,
        is_comparison_unused=compared.other is not None and estimate.key != "compared_series",
        units_moved=moved,
        days_since=(today - series.first_day_of(series.length)).days,
    )
    return _result(question, compared, estimate, facts, as_of)


def _laid_out(weekly: list[EffectSeries], peak: Peak | None) -> _Compared:
    """Both series in periods of one length, with person-time only where both have it."""
    width = weeks_per_period(*weekly)
    known = all(one.person_days is not None for one in weekly)
    chosen = [in_periods(one if known else one.without_person_time(), width) for one in weekly]
    return _Compared(chosen[0], chosen[1] if len(chosen) > 1 else None, peak)


def _estimate(user: User, question: EffectQuestion, compared: _Compared) -> Estimate:
    """Ask the method that the counts can carry."""
    series, other, is_peak = compared.series, compared.other, compared.is_peak
    if other is not None and can_be_compared(series, other, is_peak):
        return by_compared_series(series, other, is_peak)
    if can_be_interrupted(series, is_peak):
        return by_interrupted_series(series, is_peak)
    is_used = same_season(series, is_peak)
    beside = None
    if compared.peak is not None and series.person_days is not None:
        beside = comparable_units(user, question, _spans(series, is_used))
    return by_before_after(series, is_used, is_peak, beside)


def _spans(series: EffectSeries, is_used: Flags) -> list[Span]:
    """The periods before the action that are compared."""
    return [
        Span(series.first_day_of(place), series.first_day_of(place + 1))
        for place in range(series.start)
        if is_used[place]
    ]


def _result(
    question: EffectQuestion,
    compared: _Compared,
    estimate: Estimate,
    facts: EffectCaveatFacts,
    as_of: dt.datetime,
) -> EffectOfAction:
    series, other = compared.series, question.compared_with
    per = DENOMINATORS[DENOMINATOR] if series.person_days is not None else None
    before, after = sides_of(series, estimate.is_used, per)
    last_day = series.first_day_of(series.length) - dt.timedelta(days=1)
    unit_name = _name(question.unit, last_day)
    return EffectOfAction(
        unit_code=question.unit.code,
        unit_name=unit_name,
        measure=question.measure,
        compared_code=other.code if other else "",
        compared_name=_name(other, last_day) if other else "",
        held_from=question.held_from,
        first_day=series.first_day,
        last_day=last_day,
        weeks_before=series.weeks_before,
        weeks_after=series.weeks_after,
        weeks_per_period=series.weeks_per_period,
        verdict=verdict_of(estimate),
        sentence=_sentence(question, unit_name, after.cases, estimate),
        before=before,
        after=after,
        rate_without=estimate.expected / after.exposure * (per.per if per else 1.0),
        **_numbers(estimate),
        peak=compared.peak,
        periods=tuple(periods_of(series, compared.other, estimate)),
        denominator_key=per.key if per else "per_week",
        denominator_label=str(DENOMINATOR_LABELS[per.key] if per else A_WEEK),
        exposure_label=str(EXPOSURE_LABELS[per.exposure_unit.key] if per else WEEKS),
        inputs=_inputs(question),
        as_of=as_of,
        caveats=effect_caveats(series, estimate, (before.cases, after.cases), facts),
        is_synthetic=facts.is_synthetic,
        **_manner(estimate),
    )


class _Manner(TypedDict):
    """How it was worked out, under the names of the result."""

    method_key: str
    method: str
    why: str
    version: str


def _manner(estimate: Estimate) -> _Manner:
    return {
        "method_key": estimate.key,
        "method": estimate.method,
        "why": str(WHY[estimate.key]),
        "version": metadata.version("qorgau"),
    }


class _Numbers(TypedDict):
    """What the estimate says, under the names of the result."""

    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None
    p_value: float | None
    expected: float
    expected_lower: float
    expected_upper: float
    averted: float | None
    averted_lower: float | None
    averted_upper: float | None
    own_weight: float
    comparable_units: int


def _numbers(estimate: Estimate) -> _Numbers:
    return {
        "ratio": estimate.ratio,
        "ratio_lower": estimate.ratio_lower,
        "ratio_upper": estimate.ratio_upper,
        "p_value": estimate.p_value,
        "expected": estimate.expected,
        "expected_lower": estimate.expected_lower,
        "expected_upper": estimate.expected_upper,
        "averted": estimate.averted,
        "averted_lower": estimate.averted_lower,
        "averted_upper": estimate.averted_upper,
        "own_weight": estimate.own_weight,
        "comparable_units": estimate.comparable_units,
    }


def _sentence(question: EffectQuestion, unit_name: str, observed: int, estimate: Estimate) -> str:
    return effect_sentence(
        unit_name=unit_name,
        measure=question.measure,
        held_from=question.held_from,
        observed=observed,
        estimate=estimate,
    )


def _name(unit: Unit, on: dt.date) -> str:
    """What a unit was called on a day; the last name known of one closed by then."""
    version = versions_on([unit.pk], on).first() or latest_versions([unit.pk]).first()
    return (version.name if version else "") or unit.code


def _inputs(question: EffectQuestion) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "measure": question.measure,
        "from": question.held_from.isoformat(),
        "weeks_before": str(question.weeks_before),
        "weeks_after": str(question.weeks_after),
        "compared_with": question.compared_with.code if question.compared_with else "none",
        "counted": "incidents",
    }
