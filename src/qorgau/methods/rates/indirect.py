"""Indirect standardisation: events observed against events expected at reference rates.

Input: observed counts and the number expected if each stratum of the unit had the reference
population's rate (the sum over strata of exposure times reference rate). The ratio is the
SMR for deaths and the SIR for cases. Limits are exact Poisson limits of the observed count
over the expected number, which is taken as known (Ulm 1990, Am J Epidemiol 131:373-375).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import FloatArray, as_counts, as_positive, broadcast, read_only
from qorgau.methods.rates.crude import exact_poisson_limits

METHOD = "standardised ratio with exact Poisson limits (Ulm 1990)"


@dataclass(frozen=True, eq=False)
class StandardisedRatio:
    """Observed over expected events, with exact limits; all arrays share one shape.

    Attributes
    ----------
    cases, expected_cases : ndarray
        Observed count and number expected at the reference rates.
    ratio, lower, upper : ndarray
        Observed over expected (1 means as expected), and its limits.
    p_value : ndarray
        Exact two-sided p-value of a ratio of one: twice the smaller tail, at most one.
    confidence : float
        Two-sided confidence level of the limits.
    method : str
        Name and source of the method.
    """

    cases: FloatArray
    expected_cases: FloatArray
    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray
    confidence: float
    method: str = METHOD


def standardised_ratio(
    cases: npt.ArrayLike, expected_cases: npt.ArrayLike, *, confidence: float = 0.95
) -> StandardisedRatio:
    """Ratio of observed to expected events (SMR, SIR), with exact limits.

    Parameters
    ----------
    cases : array_like, shape S
        Observed counts of events, whole and zero or more.
    expected_cases : array_like, shape broadcastable to S
        Events expected at the reference rates, greater than zero; taken as known.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    StandardisedRatio
        Ratios, limits and p-values of shape S.

    Raises
    ------
    InputError
        If a count is negative or not whole, an expected number not positive, or shapes differ.

    Notes
    -----
    Ulm K (1990). A simple method to calculate the confidence interval of a standardized
    mortality ratio (SMR). American Journal of Epidemiology 131:373-375.
    """
    counts, expected = broadcast(
        ("cases", "expected_cases"),
        as_counts(cases, "cases"),
        as_positive(expected_cases, "expected_cases"),
    )
    lower, upper = exact_poisson_limits(counts, confidence=confidence)
    # Exact Poisson tails at the expected number, the smaller doubled.
    at_most = special.pdtr(counts, expected)
    at_least = np.where(counts > 0, special.pdtrc(np.maximum(counts - 1.0, 0.0), expected), 1.0)
    return StandardisedRatio(
        cases=read_only(counts),
        expected_cases=read_only(expected),
        ratio=read_only(counts / expected),
        lower=read_only(lower / expected),
        upper=read_only(upper / expected),
        p_value=read_only(np.minimum(1.0, 2.0 * np.minimum(at_most, at_least))),
        confidence=confidence,
    )
