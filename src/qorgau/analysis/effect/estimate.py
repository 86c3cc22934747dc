"""Which method the counts can carry, what it says, and what it would have been without the action.

An interrupted series where there are periods and cases enough; beside a unit without the action a
compared series; else the two rates, exactly. The thresholds are those at which, in simulated
series without an effect, the limits still held the truth at their level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.disclosure.series import SeriesCounts
from qorgau.analysis.effect.comparable_units import ComparableUnits, comparable_units
from qorgau.analysis.effect.peak import Peak
from qorgau.analysis.effect.question import EffectQuestion
from qorgau.analysis.effect.series import EffectSeries, Floats
from qorgau.methods.effect import (
    BeforeAfter,
    ComparedSeries,
    InterruptedSeries,
    before_after,
    compared_series,
    interrupted_series,
)
from qorgau.records.people.rules import Span

FELL, ROSE, OPEN, NOTHING_BEFORE = "fell", "rose", "open", "nothing_before"
INTERRUPTED, COMPARED, EXACT = "interrupted_series", "compared_series", "before_after"
FEWEST_CASES_BEFORE, FEWEST_CASES_AFTER = 20, 5
FEWEST_PERIODS_BEFORE, FEWEST_PERIODS_AFTER = 8, 6
# A side of a compared series.
FEWEST_CASES_COMPARED, FEWEST_PERIODS_COMPARED = 5, 4
# In the weeks of the same season, for these to represent all of the time before.
FEWEST_CASES_IN_SEASON = 5
# A season needs a year before the action. A trend needs two and a hundred cases: with fewer its
# own error drowns the effect, and what it would explain is smaller than chance.
YEARS_FOR_TREND, CASES_FOR_TREND = 2, 100
CONFIDENCE = 0.95

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """What changed, in the same figures whichever method says it; None where it has no such figure.

    Attributes
    ----------
    verdict : str
        ``fell`` or ``rose`` where the limits say so, ``open`` where chance may be all of it,
        ``nothing_before`` where no case before the action leaves nothing to compare with.
    ratio, ratio_lower, ratio_upper, p_value : float or None
        Cases after the action over those to be expected without it.
    expected, expected_lower, expected_upper : float
        Cases to be expected without it.
    averted, averted_lower, averted_upper : float or None
        Expected less observed.
    own_weight : float
        Weight of the unit's own rate in what is expected; below 1 it is drawn to that of
        `comparable_units` units beside it.
    comparable_units : int
        How many others.
    """

    verdict: str
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
    own_weight: float = 1.0
    comparable_units: int = 0


@dataclass(frozen=True, eq=False)
class FittedEffect:
    """The method that was chosen, its estimate, and its lines through the periods.

    Attributes
    ----------
    key : str
        The method: ``interrupted_series``, ``compared_series`` or ``before_after``.
    method : str
        Its name and source.
    estimate : Estimate
        What it says.
    is_used : ndarray of bool, shape (periods,)
        Periods compared; others are of another season, or of a peak.
    fitted, without, without_lower, without_upper : ndarray, shape (periods,)
        Cases of each period with the action and without it; NaN where there is nothing to say.
    has_season, has_trend : bool
        Whether season and a steady change of the rate are allowed for.
    """

    key: str
    method: str
    estimate: Estimate
    is_used: Flags
    fitted: Floats
    without: Floats
    without_lower: Floats
    without_upper: Floats
    has_season: bool
    has_trend: bool


def best_fit(
    counts: SeriesCounts,
    question: EffectQuestion,
    series: EffectSeries,
    other: EffectSeries | None,
    peak: Peak | None,
) -> FittedEffect:
    """Use the method that the counts can carry.

    Parameters
    ----------
    counts : SeriesCounts
        XX of the units beside the question's.
    question : EffectQuestion
        The question.
    series : EffectSeries
        The periods of the unit.
    other : EffectSeries or None
        The same periods of a unit without the action.
    peak : Peak or None
        The weeks before the action that are left out.

    Returns
    -------
    FittedEffect
    """
    is_peak = periods_of_peak(series, peak.weeks if peak else 0)
    if other is not None and can_be_compared(series, other, is_peak):
        return by_compared_series(series, other, is_peak)
    if can_be_interrupted(series, is_peak):
        return by_interrupted_series(series, is_peak)
    is_used = same_season(series, is_peak)
    beside = None
    if peak is not None and series.person_days is not None:
        spans = [
            Span(series.first_days[place], series.first_days[place + 1])
            for place in range(series.start)
            if is_used[place]
        ]
        beside = comparable_units(counts, question, spans)
    return by_before_after(series, is_used, is_peak, beside)


def periods_of_peak(series: EffectSeries, peak_weeks: int) -> Flags:
    """The last periods before the action that a peak of so many weeks touches; half at most."""
    touched = min(-(-peak_weeks // series.weeks_per_period), series.start // 2)
    at = np.arange(series.cases.size)
    flags: Flags = (at >= series.start - touched) & (at < series.start)
    return flags


def can_be_interrupted(series: EffectSeries, is_peak: Flags) -> bool:
    """Whether there are periods and cases enough for a series with its season and trend."""
    before = ~is_peak[: series.start]
    cases_before = int(series.cases[: series.start][before].sum())
    return (
        int(before.sum()) >= FEWEST_PERIODS_BEFORE
        and series.cases.size - series.start >= FEWEST_PERIODS_AFTER
        and cases_before >= FEWEST_CASES_BEFORE
        and series.cases_after >= FEWEST_CASES_AFTER
    )


def can_be_compared(series: EffectSeries, other: EffectSeries, is_peak: Flags) -> bool:
    """Whether both series have periods and cases enough on both sides."""
    before = ~is_peak[: series.start]
    cases = [int(one.cases[: one.start][before].sum()) for one in (series, other)]
    cases += [one.cases_after for one in (series, other)]
    periods = min(int(before.sum()), series.cases.size - series.start)
    return periods >= FEWEST_PERIODS_COMPARED and min(cases) >= FEWEST_CASES_COMPARED


def by_interrupted_series(series: EffectSeries, is_peak: Flags) -> FittedEffect:
    """The series with what its own past leads to expect; a peak has a level of its own."""
    usual = ~is_peak[: series.start]
    before = int(usual.sum())
    has_season = before >= series.periods_per_year
    has_trend = (
        before >= YEARS_FOR_TREND * series.periods_per_year
        and series.cases[: series.start][usual].sum() >= CASES_FOR_TREND
    )
    found: InterruptedSeries = interrupted_series(
        series.cases,
        series.exposure,
        start=series.start,
        periods_per_year=series.periods_per_year,
        waves=int(has_season),
        has_trend=has_trend,
        covariates=is_peak.astype(np.float64)[:, None] if is_peak.any() else None,
        confidence=CONFIDENCE,
    )
    observed = found.cases_after
    return _fit(
        INTERRUPTED,
        found,
        (observed + found.averted, observed + found.averted_lower, observed + found.averted_upper),
        is_used=~is_peak,
        lines=(found.fitted, found.without, found.without_lower, found.without_upper),
        has_season=has_season,
        has_trend=has_trend,
    )


def by_compared_series(series: EffectSeries, other: EffectSeries, is_peak: Flags) -> FittedEffect:
    """The series beside one without the action; the periods of a peak are left out."""
    used = ~is_peak
    found: ComparedSeries = compared_series(
        series.cases[used],
        other.cases[used],
        series.exposure[used],
        other.exposure[used],
        start=int(used[: series.start].sum()),
        confidence=CONFIDENCE,
    )
    observed = float(series.cases_after)
    expected = (
        observed + found.averted,
        observed + found.averted_lower,
        observed + found.averted_upper,
    )
    return _fit(
        COMPARED,
        found,
        expected,
        is_used=used,
        lines=_level_lines(series, used, expected),
        # What moves both alike, season and trend with it, drops out.
        has_season=True,
        has_trend=True,
    )


def by_before_after(
    series: EffectSeries, is_used: Flags, is_peak: Flags, comparable: ComparableUnits | None
) -> FittedEffect:
    """The two rates, exactly; drawn to those of comparable units where these are given."""
    is_of_season = bool((~is_used & ~is_peak).any())
    before, after = is_used.copy(), is_used.copy()
    before[series.start :] = False
    after[: series.start] = False
    found: BeforeAfter = before_after(
        (series.cases[before].sum(), series.exposure[before].sum()),
        (series.cases[after].sum(), series.exposure[after].sum()),
        comparable=(comparable.cases, comparable.person_days) if comparable else None,
        confidence=CONFIDENCE,
    )
    time = float(series.exposure[after].sum())
    expected = (
        found.rate_without * time,
        found.rate_without_lower * time,
        found.rate_without_upper * time,
    )
    return _fit(
        EXACT,
        found,
        expected,
        is_used=is_used,
        lines=_level_lines(series, is_used, expected),
        has_season=is_of_season,
        has_trend=False,
        own_weight=found.own_weight,
        comparable_units=len(comparable.cases) if comparable else 0,
    )


def same_season(series: EffectSeries, is_peak: Flags) -> Flags:
    """Periods to compare: those of the time before in the season of the time after, and these.

    Less than a year after the action is compared with the same weeks of the years before it, if
    these hold cases enough; else with all of the time before. A peak is left out in either case.
    """
    year, after = series.periods_per_year, series.cases.size - series.start
    at = np.arange(series.cases.size) - series.start
    whole: Flags = ~is_peak
    if after >= year or series.start < year:
        return whole
    before: Flags = whole & (at < 0) & (at % year < after) & (at >= -(series.start // year) * year)
    is_enough = series.cases[before].sum() >= FEWEST_CASES_IN_SEASON
    return before | (at >= 0) if is_enough else whole


def _level_lines(
    series: EffectSeries, is_used: Flags, expected: tuple[float, float, float]
) -> tuple[Floats, Floats, Floats, Floats]:
    """One level on either side of the action, carried by the person-time of each period.

    ``expected`` are the cases to be expected after it without it, and their limits.
    """
    is_after = np.arange(series.cases.size) >= series.start
    before, after = is_used & ~is_after, is_used & is_after
    exposure = series.exposure
    rates = [series.cases[side].sum() / exposure[side].sum() for side in (before, after)]
    fitted = np.where(is_used, exposure * np.where(is_after, rates[1], rates[0]), np.nan)
    share = np.where(after, exposure / exposure[after].sum(), np.nan)
    middle, lower, upper = (share * cases for cases in expected)
    return fitted, middle, lower, upper


def _fit(
    key: str,
    found: BeforeAfter | ComparedSeries | InterruptedSeries,
    expected: tuple[float, float, float],
    *,
    is_used: Flags,
    lines: tuple[Floats, Floats, Floats, Floats],
    has_season: bool,
    has_trend: bool,
    own_weight: float = 1.0,
    comparable_units: int = 0,
) -> FittedEffect:
    """The figures that every method has; `expected` with its limits is worked out by each."""
    ratio, lower, upper = map(known, (found.ratio, found.ratio_lower, found.ratio_upper))
    estimate = Estimate(
        verdict=_verdict(ratio, lower, upper),
        ratio=ratio,
        ratio_lower=lower,
        ratio_upper=upper,
        p_value=known(found.p_value),
        expected=expected[0],
        expected_lower=expected[1],
        expected_upper=expected[2],
        averted=None if math.isnan(found.ratio) else known(found.averted),
        averted_lower=known(found.averted_lower),
        averted_upper=known(found.averted_upper),
        own_weight=own_weight,
        comparable_units=comparable_units,
    )
    return FittedEffect(key, found.method, estimate, is_used, *lines, has_season, has_trend)


def _verdict(ratio: float | None, lower: float | None, upper: float | None) -> str:
    """What the limits of the ratio allow to be said."""
    if ratio is None:
        return NOTHING_BEFORE
    if upper is not None and upper < 1.0:
        return FELL
    return ROSE if (lower or 0.0) > 1.0 else OPEN


def known(value: float) -> float | None:
    """The number, or None where there is none: a ratio to no case, a limit without end."""
    return float(value) if math.isfinite(value) else None
