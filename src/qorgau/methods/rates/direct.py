"""Direct standardisation: the rate a unit would have with a standard population's make-up.

Input: events and exposure by stratum (age, sex, category) and the standard population of the
same strata. The limits are the gamma limits of Fay and Feuer (1997, Statistics in Medicine
16:791-801), which keep their coverage when a stratum has few events or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    as_confidence,
    as_counts,
    as_multiplier,
    as_non_negative,
    as_positive,
    broadcast,
    read_only,
)

METHOD = "directly standardised rate with gamma limits (Fay and Feuer 1997)"


@dataclass(frozen=True, eq=False)
class DirectlyStandardisedRate:
    """Directly standardised rates of groups; arrays have the groups' shape.

    Attributes
    ----------
    rate, lower, upper : ndarray
        Standardised rate per `per` units of exposure, and its limits.
    crude_rate : ndarray
        The same groups' rates before standardisation, in the same unit.
    weights : ndarray, last axis strata
        Share of the standard population in each stratum; sums to one.
    per, confidence : float
        Unit of the rates and level of the limits.
    method : str
        Name and source of the method.
    """

    rate: FloatArray
    lower: FloatArray
    upper: FloatArray
    crude_rate: FloatArray
    weights: FloatArray
    per: float
    confidence: float
    method: str = METHOD


def directly_standardised_rate(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    standard_population: npt.ArrayLike,
    *,
    per: float = 1.0,
    confidence: float = 0.95,
) -> DirectlyStandardisedRate:
    """Weighted mean of stratum rates, weighted as the standard population is made up.

    Parameters
    ----------
    cases : array_like, shape (..., strata)
        Counts of events in each stratum, whole and zero or more.
    exposure : array_like, shape broadcastable to `cases`
        Exposure of each stratum in one unit throughout, greater than zero.
    standard_population : array_like, shape broadcastable to `cases`
        Size of the standard population by stratum; only its proportions matter.
    per : float
        Units of exposure to express the rates per.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    DirectlyStandardisedRate
        One rate with limits for each group, the last axis summed over.

    Raises
    ------
    InputError
        If a count is negative or not whole, an exposure not positive, a standard population
        negative or empty, the arrays without a strata axis, or the shapes different.

    Notes
    -----
    Fay MP, Feuer EJ (1997). Confidence intervals for directly standardized rates: a method
    based on the gamma distribution. Statistics in Medicine 16:791-801.
    """
    counts, time, standard = broadcast(
        ("cases", "exposure", "standard_population"),
        as_counts(cases, "cases"),
        as_positive(exposure, "exposure"),
        as_non_negative(standard_population, "standard_population"),
    )
    if counts.ndim == 0:
        raise InputError(
            "cases", "no_strata", "cases must have a last axis of strata, even if only one."
        )
    total = standard.sum(axis=-1, keepdims=True)
    if (total <= 0).any():
        raise InputError(
            "standard_population",
            "empty",
            "The standard population is empty; give its size in at least one stratum.",
        )
    multiplier = as_multiplier(per)
    weights = standard / total
    per_case = weights / time
    rate = (per_case * counts).sum(axis=-1)
    # Sum of w_i x_i / n_i, and its Poisson variance, sum of (w_i / n_i)^2 x_i.
    variance = (per_case**2 * counts).sum(axis=-1)
    lower, upper = _gamma_limits(rate, variance, per_case.max(axis=-1), as_confidence(confidence))
    return DirectlyStandardisedRate(
        rate=read_only(rate * multiplier),
        lower=read_only(lower * multiplier),
        upper=read_only(upper * multiplier),
        crude_rate=read_only(counts.sum(axis=-1) / time.sum(axis=-1) * multiplier),
        weights=read_only(weights),
        per=multiplier,
        confidence=confidence,
    )


def _gamma_limits(
    rate: FloatArray, variance: FloatArray, largest_weight: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    tail = (1.0 - confidence) / 2.0
    # Fay and Feuer (1997): gamma laws with the mean and variance of the rate; for the upper limit
    # both are taken with one more case of the largest weight.
    has_cases = rate > 0
    safe_rate = np.where(has_cases, rate, 1.0)
    safe_variance = np.where(has_cases, variance, 1.0)
    lower = np.where(
        has_cases,
        safe_variance / safe_rate * special.gammaincinv(safe_rate**2 / safe_variance, tail),
        0.0,
    )
    upper_rate = rate + largest_weight
    upper_variance = variance + largest_weight**2
    upper = upper_variance / upper_rate * special.gammainccinv(upper_rate**2 / upper_variance, tail)
    return np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
