"""Crude rate: events over the person-time in which they could happen, with exact limits.

Input: counts of events and the exposure (person-time, hours, flight hours) that produced
them. The limits invert the Poisson distribution (Garwood 1936, Biometrika 28:437-442), so
they hold for one event, or none, as well as for a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    as_confidence,
    as_counts,
    as_multiplier,
    as_positive,
    broadcast,
    read_only,
)

METHOD = "crude rate with exact Poisson limits (Garwood 1936)"


@dataclass(frozen=True, eq=False)
class CrudeRate:
    """Crude rates and their exact limits; all arrays share one shape.

    Attributes
    ----------
    cases : ndarray
        Counts of events.
    exposure : ndarray
        Exposure that produced them, in the unit the caller chose.
    per : float
        Units of exposure that one rate is per (1000 with person-years: per 1,000 person-years).
    confidence : float
        Two-sided confidence level of the limits.
    rate, lower, upper : ndarray
        Events per `per` units of exposure, and their limits.
    method : str
        Name and source of the method.
    """

    cases: FloatArray
    exposure: FloatArray
    per: float
    confidence: float
    rate: FloatArray
    lower: FloatArray
    upper: FloatArray
    method: str = METHOD


def exact_poisson_limits(
    cases: npt.ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Exact central limits of a Poisson mean from one count of it.

    Parameters
    ----------
    cases : array_like
        Counts of events, whole and zero or more.
    confidence : float
        Two-sided confidence level.

    Returns
    -------
    lower, upper : ndarray
        Limits of the mean count, of the shape of `cases`. The lower limit of zero events is 0.

    Raises
    ------
    InputError
        If a count is negative or not whole, or the level is not between 0 and 1.

    Notes
    -----
    Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28:437-442.
    """
    counts = as_counts(cases, "cases")
    tail = (1.0 - as_confidence(confidence)) / 2.0
    # Garwood (1936): quantiles of gamma laws with x and x + 1, which are chi-square quantiles
    # halved.
    positive = np.maximum(counts, 1.0)
    lower = np.where(counts > 0, special.gammaincinv(positive, tail), 0.0)
    upper = special.gammainccinv(counts + 1.0, tail)
    return np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)


def crude_rate(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    *,
    per: float = 1.0,
    confidence: float = 0.95,
) -> CrudeRate:
    """Events per unit of exposure, with exact Poisson limits.

    Parameters
    ----------
    cases : array_like, shape S
        Counts of events, whole and zero or more.
    exposure : array_like, shape broadcastable to S
        Exposure in one unit throughout (person-years, hours, ...), greater than zero.
    per : float
        Units of exposure to express the rate per.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    CrudeRate
        Rates and limits of shape S, in events per `per` units of exposure.

    Raises
    ------
    InputError
        If a count is negative or not whole, an exposure is not positive, or shapes differ.

    Notes
    -----
    Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28:437-442.
    """
    counts, time = broadcast(
        ("cases", "exposure"), as_counts(cases, "cases"), as_positive(exposure, "exposure")
    )
    multiplier = as_multiplier(per)
    lower, upper = exact_poisson_limits(counts, confidence=confidence)
    scale = multiplier / time
    return CrudeRate(
        cases=read_only(counts),
        exposure=read_only(time),
        per=multiplier,
        confidence=confidence,
        rate=read_only(counts * scale),
        lower=read_only(lower * scale),
        upper=read_only(upper * scale),
    )
