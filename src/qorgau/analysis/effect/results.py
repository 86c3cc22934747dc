"""What is known of the effect of an action, in plain numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from qorgau.analysis.answers import Caveat
from qorgau.analysis.counting.rate_figures import RateFigure, figure
from qorgau.analysis.effect.estimate import CONFIDENCE, Estimate, Flags, told
from qorgau.analysis.effect.peak import Peak
from qorgau.analysis.effect.series import EffectSeries
from qorgau.methods.rates import Denominator, crude_rate

FELL, ROSE, OPEN, NOTHING_BEFORE = "fell", "rose", "open", "nothing_before"


@dataclass(frozen=True)
class EffectPeriod:
    """A week, or four, of the series; the lines are None where there is nothing to say.

    Attributes
    ----------
    starts_on : date
    cases : int
    person_days : int or None
    compared_cases : int or None
        Incidents of the unit compared with.
    is_after, is_used : bool
        Whether the action held, and whether the period is compared: others are of a peak before
        the action, or of another season than the time after it.
    fitted : float or None
        Incidents by the model with the action.
    without, without_lower, without_upper : float or None
        Incidents to be expected without it, and limits.
    """

    starts_on: dt.date
    cases: int
    person_days: int | None
    compared_cases: int | None
    is_after: bool
    is_used: bool
    fitted: float | None
    without: float | None
    without_lower: float | None
    without_upper: float | None


@dataclass(frozen=True)
class EffectOfAction:
    """What changed with an action; limits are those of 95 %.

    Attributes
    ----------
    unit_code, unit_name, measure : str
        What is counted where.
    compared_code, compared_name : str
        The unit without the action; empty if none was named.
    held_from, first_day, last_day : date
        The day of the action, and the period covered, both days included.
    weeks_before, weeks_after, weeks_per_period : int
    verdict : str
        ``fell`` or ``rose`` where the limits say so, ``open`` where chance may be all of it,
        ``nothing_before`` where no case before the action leaves nothing to compare with.
    sentence : str
        The answer in the reader's language.
    before, after : RateFigure
        Incidents and rate on either side, of the periods compared.
    rate_without : float or None
        Rate to be expected after the action without it.
    ratio, ratio_lower, ratio_upper, p_value : float or None
        Cases after the action over those to be expected without it.
    expected, expected_lower, expected_upper : float
        Cases to be expected without it.
    averted, averted_lower, averted_upper : float or None
        Expected less observed.
    peak : Peak or None
        The weeks before the action that may have called for it; they are left out.
    own_weight : float
        Weight of the unit's own rate in what is expected; below 1 it is drawn to that of
        `comparable_units` units beside it.
    periods : tuple of EffectPeriod
    denominator_key, denominator_label, exposure_label : str
        What the rates are per, and the unit of exposure.
    inputs : dict
        The question in words and codes.
    as_of : datetime
        Moment whose state of the register was read.
    method_key, method, why, version : str
        Method chosen, its source, why it was chosen, and the version of Qorgau.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    is_synthetic : bool
    confidence : float
    """

    unit_code: str
    unit_name: str
    measure: str
    compared_code: str
    compared_name: str
    held_from: dt.date
    first_day: dt.date
    last_day: dt.date
    weeks_before: int
    weeks_after: int
    weeks_per_period: int
    verdict: str
    sentence: str
    before: RateFigure
    after: RateFigure
    rate_without: float | None
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
    peak: Peak | None
    own_weight: float
    comparable_units: int
    periods: tuple[EffectPeriod, ...]
    denominator_key: str
    denominator_label: str
    exposure_label: str
    inputs: dict[str, str]
    as_of: dt.datetime
    method_key: str
    method: str
    why: str
    version: str
    caveats: tuple[Caveat, ...]
    is_synthetic: bool
    confidence: float = CONFIDENCE


def verdict_of(estimate: Estimate) -> str:
    """What the limits of the ratio allow to be said."""
    if estimate.ratio is None:
        return NOTHING_BEFORE
    if estimate.ratio_upper is not None and estimate.ratio_upper < 1.0:
        return FELL
    return ROSE if (estimate.ratio_lower or 0.0) > 1.0 else OPEN


def sides_of(
    series: EffectSeries, is_used: Flags, per: Denominator | None
) -> tuple[RateFigure, RateFigure]:
    """Incidents and rates before and after, of the periods compared; without `per`, a week's."""
    before, after = is_used.copy(), is_used.copy()
    before[series.start :] = False
    after[: series.start] = False
    return _side(series, before, per), _side(series, after, per)


def _side(series: EffectSeries, chosen: Flags, per: Denominator | None) -> RateFigure:
    cases, exposure = int(series.cases[chosen].sum()), float(series.exposure[chosen].sum())
    if per is not None:
        return figure(cases, int(exposure), per, CONFIDENCE)
    rate = crude_rate(cases, exposure, confidence=CONFIDENCE)
    return RateFigure(cases, 0, exposure, float(rate.rate), float(rate.lower), float(rate.upper))


def periods_of(
    series: EffectSeries, other: EffectSeries | None, estimate: Estimate
) -> Iterator[EffectPeriod]:
    """The series with its lines, period by period."""
    for place in range(series.length):
        yield EffectPeriod(
            starts_on=series.first_day_of(place),
            cases=int(series.cases[place]),
            person_days=None if series.person_days is None else int(series.person_days[place]),
            compared_cases=None if other is None else int(other.cases[place]),
            is_after=place >= series.start,
            is_used=bool(estimate.is_used[place]),
            fitted=told(estimate.fitted[place]),
            without=told(estimate.without[place]) if place >= series.start else None,
            without_lower=told(estimate.without_lower[place]) if place >= series.start else None,
            without_upper=told(estimate.without_upper[place]) if place >= series.start else None,
        )
