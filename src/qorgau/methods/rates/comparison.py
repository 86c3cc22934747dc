"""Comparing two rates: their ratio with exact limits, their difference with score limits.

Input: events and exposure of a group and of a reference group, in one unit of exposure. The
ratio conditions on the total count, which leaves a binomial test with exact limits (Lehmann
and Romano; Fay 2010). The difference inverts the score test with the rates constrained to
the tested difference (Miettinen and Nurminen 1985; Ng, Gu and Tang 2007).
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

RATIO_METHOD = "rate ratio with exact conditional limits (binomial, central)"
DIFFERENCE_METHOD = "rate difference with score limits (Miettinen and Nurminen 1985)"
_FIELDS = ("cases", "exposure", "reference_cases", "reference_exposure")


@dataclass(frozen=True, eq=False)
class RateRatio:
    """Ratios of two rates; all arrays share one shape.

    Attributes
    ----------
    ratio, lower, upper : ndarray
        Rate of the group over rate of the reference, and exact limits. The ratio is infinite
        where only the reference has no events, and not a number where neither has any.
    p_value : ndarray
        Exact two-sided p-value of equal rates, consistent with the limits: twice the smaller
        tail, at most one.
    confidence : float
        Two-sided confidence level of the limits.
    method : str
        Name of the method.
    """

    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray
    confidence: float
    method: str = RATIO_METHOD


@dataclass(frozen=True, eq=False)
class RateDifference:
    """Differences of two rates; all arrays share one shape.

    Attributes
    ----------
    difference, lower, upper : ndarray
        Rate of the group less rate of the reference per `per` units of exposure, and limits.
    p_value : ndarray
        Two-sided p-value of equal rates from the score test.
    per, confidence : float
        Unit of the difference and level of the limits.
    method : str
        Name and source of the method.
    """

    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray
    per: float
    confidence: float
    method: str = DIFFERENCE_METHOD


def rate_ratio(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    reference_cases: npt.ArrayLike,
    reference_exposure: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> RateRatio:
    """Ratio of two rates with exact conditional limits and p-value.

    Parameters
    ----------
    cases, reference_cases : array_like, shape S
        Counts of events in the group and in the reference, whole and zero or more.
    exposure, reference_exposure : array_like, shape S
        Their exposure, in one unit throughout, greater than zero.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    RateRatio
        Ratios, limits and p-values of shape S.

    Raises
    ------
    InputError
        If a count is negative or not whole, an exposure not positive, or shapes differ.

    Notes
    -----
    Fay MP (2010). Two-sided exact tests and matching confidence intervals for discrete data.
    The R Journal 2:53-58. The p-value is the central one, which matches the limits.
    """
    counts, time, other, other_time = _checked(cases, exposure, reference_cases, reference_exposure)
    tail = (1.0 - as_confidence(confidence)) / 2.0
    scale = other_time / time
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (counts / other) * scale
        # Given the sum, the count of the group is binomial; exact limits of its share give those of
        # the ratio (Fay 2010).
        share_lower = _beta_quantile(counts, other + 1.0, tail)
        share_beyond_upper = _beta_quantile(other, counts + 1.0, tail)
        lower = share_lower / (1.0 - share_lower) * scale
        upper = (1.0 - share_beyond_upper) / share_beyond_upper * scale
    share = time / (time + other_time)
    # Binomial tails at the share of exposure, the smaller doubled below: the central p-value.
    at_least = np.where(counts > 0, special.betainc(np.maximum(counts, 1.0), other + 1.0, share), 1)
    at_most = np.where(
        other > 0, special.betainc(np.maximum(other, 1.0), counts + 1.0, 1.0 - share), 1
    )
    return RateRatio(
        ratio=read_only(ratio),
        lower=read_only(lower),
        upper=read_only(upper),
        p_value=read_only(np.minimum(1.0, 2.0 * np.minimum(at_least, at_most))),
        confidence=confidence,
    )


def rate_difference(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    reference_cases: npt.ArrayLike,
    reference_exposure: npt.ArrayLike,
    *,
    per: float = 1.0,
    confidence: float = 0.95,
) -> RateDifference:
    """Difference of two rates with Miettinen-Nurminen score limits.

    Parameters
    ----------
    cases, reference_cases : array_like, shape S
        Counts of events in the group and in the reference, whole and zero or more.
    exposure, reference_exposure : array_like, shape S
        Their exposure, in one unit throughout, greater than zero.
    per : float
        Units of exposure to express the difference per.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    RateDifference
        Differences, limits and p-values of shape S.

    Raises
    ------
    InputError
        If a count is negative or not whole, an exposure not positive, or shapes differ.

    Notes
    -----
    Miettinen O, Nurminen M (1985). Comparative analysis of two rates. Statistics in Medicine
    4:213-226. Ng HKT, Gu K, Tang ML (2007). A comparative study of tests for the difference
    of two Poisson means. Computational Statistics and Data Analysis 51:3085-3099.
    """
    arrays = _checked(cases, exposure, reference_cases, reference_exposure)
    counts, time, other, other_time = arrays
    multiplier = as_multiplier(per)
    critical = float(special.ndtri(0.5 + as_confidence(confidence) / 2.0))
    difference = counts / time - other / other_time
    z_at_zero = _score_statistic(np.zeros_like(difference), *arrays)
    return RateDifference(
        difference=read_only(difference * multiplier),
        lower=read_only(_score_limit(arrays, critical, -1.0) * multiplier),
        upper=read_only(_score_limit(arrays, critical, 1.0) * multiplier),
        p_value=read_only(2.0 * special.ndtr(-np.abs(z_at_zero))),
        per=multiplier,
        confidence=confidence,
    )


def _checked(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    reference_cases: npt.ArrayLike,
    reference_exposure: npt.ArrayLike,
) -> tuple[FloatArray, ...]:
    return broadcast(
        _FIELDS,
        as_counts(cases, "cases"),
        as_positive(exposure, "exposure"),
        as_counts(reference_cases, "reference_cases"),
        as_positive(reference_exposure, "reference_exposure"),
    )


def _beta_quantile(a: FloatArray, b: FloatArray, probability: float) -> FloatArray:
    """Lower Clopper-Pearson share; zero where there are no events to bound it away from zero."""
    quantile = special.betaincinv(np.maximum(a, 1.0), b, probability)
    return np.asarray(np.where(a > 0, quantile, 0.0), dtype=np.float64)


def _score_statistic(
    difference: FloatArray,
    counts: FloatArray,
    time: FloatArray,
    other: FloatArray,
    other_time: FloatArray,
) -> FloatArray:
    """Score statistic of a tested difference, with both rates constrained to that difference."""
    total_time = time + other_time
    # Miettinen and Nurminen (1985): the constrained rate of the reference solves a quadratic.
    linear = total_time * difference - (counts + other)
    discriminant = np.maximum(linear**2 + 4.0 * total_time * other * difference, 0.0)
    reference_rate = np.maximum(
        (-linear + np.sqrt(discriminant)) / (2.0 * total_time), np.maximum(0.0, -difference)
    )
    # Variance of the difference at the constrained rates.
    variance = (reference_rate + difference) / time + reference_rate / other_time
    distance = counts / time - other / other_time - difference
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = distance / np.sqrt(variance)
    return np.where(distance == 0, 0.0, statistic)


def _score_limit(arrays: tuple[FloatArray, ...], critical: float, side: float) -> FloatArray:
    """Difference beyond the estimate at which the score statistic reaches `critical`.

    Bisection between the estimate and a bound where the statistic is certainly larger; the
    statistic is monotone in the tested difference, so eighty halvings reach rounding error.
    """
    counts, time, other, other_time = arrays
    estimate = counts / time - other / other_time
    reach = (counts + critical**2 + 1.0) / time + (other + critical**2 + 1.0) / other_time
    inside, outside = estimate, estimate + side * reach
    while (np.abs(_score_statistic(outside, *arrays)) < critical).any():
        reach = reach * 2.0
        outside = estimate + side * reach
    for _ in range(80):
        middle = (inside + outside) / 2.0
        beyond = np.abs(_score_statistic(middle, *arrays)) > critical
        inside = np.where(beyond, inside, middle)
        outside = np.where(beyond, middle, outside)
    return np.asarray((inside + outside) / 2.0, dtype=np.float64)
