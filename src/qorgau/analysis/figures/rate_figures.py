"""A rate in plain numbers with its limits; without person-time there is a count and no rate."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.methods.rates import Denominator, crude_rate


@dataclass(frozen=True)
class RateFigure:
    """A count, its person-time, and the rate with exact limits (None without person-time).

    Attributes
    ----------
    cases : int
        Number of incidents.
    person_days : int
        Person-time in days.
    exposure : float
        Person-time in the denominator's unit.
    rate, lower, upper : float or None
        Incidents per denominator, and 95 % limits.
    """

    cases: int
    person_days: int
    exposure: float
    rate: float | None
    lower: float | None
    upper: float | None


def figure(cases: int, person_days: int, per: Denominator, confidence: float = 0.95) -> RateFigure:
    """One rate in plain numbers.

    Parameters
    ----------
    cases : int
        Number of incidents.
    person_days : int
        Person-time in days; none or less leaves the rate unknown.
    per : Denominator
        Denominator that follows from person-time.
    confidence : float
        Level of the limits.

    Returns
    -------
    RateFigure
        The count, the exposure, and the rate with limits where there is person-time.
    """
    if person_days <= 0:
        return RateFigure(cases, person_days, 0.0, None, None, None)
    exposure = per.exposure_from_person_days(person_days)
    result = crude_rate(cases, exposure, per=per.per, confidence=confidence)
    return RateFigure(
        cases,
        person_days,
        exposure,
        float(result.rate),
        float(result.lower),
        float(result.upper),
    )
