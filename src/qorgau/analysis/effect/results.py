"""What is known of the effect of an action, in plain numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from qorgau.analysis.answers import Caveat, Provenance
from qorgau.analysis.effect.estimate import CONFIDENCE, Estimate
from qorgau.analysis.effect.peak import Peak
from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.flat_answers import INSIDE_ONLY, spread_out


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
    held_from : date
        The day of the action.
    weeks_before, weeks_after, weeks_per_period : int
    sentence : str
        The answer in the reader's language.
    before, after : RateFigure
        Incidents and rate on either side, of the periods compared.
    rate_without : float or None
        Rate to be expected after the action without it.
    estimate : Estimate
        What changed, with limits.
    peak : Peak or None
        The weeks before the action that may have called for it; they are left out.
    periods : tuple of EffectPeriod
    denominator_key, denominator_label, exposure_label : str
        What the rates are per, and the unit of exposure.
    method_key, why : str
        Method chosen, and why.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    provenance : Provenance
        The question, the period covered, and the method with its source.
    measure_label : str
        What is counted, in the reader's language.
    confidence : float
    """

    unit_code: str
    unit_name: str
    measure: str
    compared_code: str
    compared_name: str
    held_from: dt.date
    weeks_before: int
    weeks_after: int
    weeks_per_period: int
    sentence: str
    before: RateFigure
    after: RateFigure
    rate_without: float | None
    estimate: Estimate = field(metadata=spread_out())
    peak: Peak | None
    periods: tuple[EffectPeriod, ...]
    denominator_key: str
    denominator_label: str
    exposure_label: str
    method_key: str
    why: str
    caveats: tuple[Caveat, ...]
    provenance: Provenance = field(metadata=spread_out())
    measure_label: str = field(metadata=INSIDE_ONLY)
    confidence: float = CONFIDENCE
