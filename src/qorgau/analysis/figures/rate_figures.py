"""A rate in plain numbers with its limits; without person-time there is a count and no rate."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.methods.rates import Denominator, crude_rate


@dataclass(frozen=True)
class Count:
    """Between which numbers a count lies, both included.

    Attributes
    ----------
    lower : int
    upper : int or None
        None where a part is not published yet.
    """

    lower: int
    upper: int | None

    @property
    def cases(self) -> int | None:
        """The number, where it is one."""
        return self.lower if self.lower == self.upper else None


@dataclass(frozen=True)
class RateFigure:
    """A count, its person-time, and the rate with exact limits (None without person-time).

    Attributes
    ----------
    cases : int or None
        Number of incidents; None where the reader is shown a band.
    person_days : int
        Person-time in days.
    exposure : float
        Person-time in the denominator's unit.
    rate, lower, upper : float or None
        Incidents per denominator, and 95 % limits. Of a band there is no rate, and the limits are
        the lower one of its lower end and the upper one of its upper end.
    cases_lower : int
    cases_upper : int or None
        Ends of the band; both are `cases` where that is known. None: not published yet.
    """

    cases: int | None
    person_days: int
    exposure: float
    rate: float | None
    lower: float | None
    upper: float | None
    cases_lower: int
    cases_upper: int | None

    @property
    def is_band(self) -> bool:
        """Whether the reader is shown between which numbers the count lies, and not the count."""
        return self.cases is None


def figure(
    cases: int | Count, person_days: int, per: Denominator, confidence: float = 0.95
) -> RateFigure:
    """One rate in plain numbers.

    Parameters
    ----------
    cases : int or Count
        Number of incidents, or a band.
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
    count = cases if isinstance(cases, Count) else Count(cases, cases)
    if person_days <= 0:
        return RateFigure(count.cases, person_days, 0.0, None, None, None, count.lower, count.upper)
    exposure = per.exposure_from_person_days(person_days)
    low = crude_rate(count.lower, exposure, per=per.per, confidence=confidence)
    high = low
    if count.upper not in (None, count.lower):
        high = crude_rate(count.upper, exposure, per=per.per, confidence=confidence)
    return RateFigure(
        cases=count.cases,
        person_days=person_days,
        exposure=exposure,
        rate=None if count.cases is None else float(low.rate),
        lower=float(low.lower),
        upper=None if count.upper is None else float(high.upper),
        cases_lower=count.lower,
        cases_upper=count.upper,
    )
