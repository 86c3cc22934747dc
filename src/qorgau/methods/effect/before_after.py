"""Rates before and after an action, for units too small for a series.

Input: cases and exposure on each side, and, where there are any, those of comparable units before
the action. An action is often taken because a rate was high; part of the fall that follows is the
chance that made it high wearing off. Comparable units say how much (Hauer 1997, Observational
Before-After Studies in Road Safety, Pergamon).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import InputError, as_confidence, as_counts, as_multiplier, as_positive
from qorgau.methods.rates.shrinkage import empirical_bayes_rates

METHOD = "before and after, exact conditional limits"
SHRUNK_METHOD = "before and after, empirical Bayes (Hauer 1997)"


@dataclass(frozen=True)
class BeforeAfter:
    """What changed with an action.

    Attributes
    ----------
    rate_before, rate_after : float
        Cases over exposure, per `per`.
    rate_without : float
        Rate expected after the action if it had changed nothing: `rate_before`, or that
        rate shrunk towards comparable units.
    rate_without_lower, rate_without_upper : float
        Its limits.
    own_weight : float
        Weight of the unit's own rate in it; 1 without comparable units.
    ratio, ratio_lower, ratio_upper : float
        Rate after over `rate_without`; NaN where that is 0.
    p_value : float
        Two-sided, of a ratio of 1.
    expected_after, averted, averted_lower, averted_upper : float
        Cases expected after the action without it, and what was averted of them.
    per, confidence : float
    method : str
        Name and source of the method.
    """

    rate_before: float
    rate_after: float
    rate_without: float
    rate_without_lower: float
    rate_without_upper: float
    own_weight: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    expected_after: float
    averted: float
    averted_lower: float
    averted_upper: float
    per: float
    confidence: float
    method: str


def before_after(
    before: tuple[float, float],
    after: tuple[float, float],
    *,
    comparable: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    per: float = 1.0,
    confidence: float = 0.95,
) -> BeforeAfter:
    """Compare the rates before and after an action.

    Parameters
    ----------
    before, after : tuple of (cases, exposure)
        Of the unit, on each side of the action.
    comparable : tuple of (cases, exposure), each shape (units,), optional
        Of units like it over the time before, from which the spread of true rates is estimated.
    per : float
        Units of exposure to express rates per.
    confidence : float
        Two-sided level of the limits.

    Returns
    -------
    BeforeAfter

    Raises
    ------
    InputError
        If a count is negative or not whole, or an exposure is not positive.

    Notes
    -----
    With a gamma law of true rates of shape ``a`` and inverse scale ``b``, the unit's rate before
    is gamma with ``a + cases`` and ``b + exposure``; without comparable units ``a = b = 0``, and
    the limits are the exact conditional ones of a ratio of two Poisson rates (Przyborowski and
    Wilenski 1940, Biometrika 31:313-323), and those of the rate itself are exact too (Garwood 1936,
    Biometrika 28:437-442).
    """
    x1, e1 = _side(before, "before")
    x2, e2 = _side(after, "after")
    multiplier, level = as_multiplier(per), as_confidence(confidence)
    shape, inverse_scale = _prior(x1, e1, comparable)
    # Gamma prior and Poisson count: the posterior of the unit's rate before (Hauer 1997).
    a, b = x1 + shape, e1 + inverse_scale
    rate = a / b
    ratio = (x2 / e2) / rate if rate > 0 else float("nan")
    lower, upper = _ratio_limits(a, b, x2, e2, level)
    rate_lower, rate_upper = _rate_limits(a, b, level, is_shrunk=comparable is not None)
    return BeforeAfter(
        rate_before=x1 / e1 * multiplier,
        rate_after=x2 / e2 * multiplier,
        rate_without=rate * multiplier,
        rate_without_lower=rate_lower * multiplier,
        rate_without_upper=rate_upper * multiplier,
        own_weight=e1 / b,
        ratio=ratio,
        ratio_lower=lower,
        ratio_upper=upper,
        p_value=_p_value(a, b, x2, e2),
        expected_after=rate * e2,
        averted=rate * e2 - x2,
        averted_lower=rate * e2 * (1.0 - upper) if rate > 0 else float("-inf"),
        averted_upper=rate * e2 * (1.0 - lower),
        per=multiplier,
        confidence=level,
        method=METHOD if comparable is None else SHRUNK_METHOD,
    )


def _side(side: tuple[float, float], name: str) -> tuple[float, float]:
    cases, exposure = side
    return float(as_counts(cases, f"{name} (cases)")), float(
        as_positive(exposure, f"{name} (exposure)")
    )


def _prior(
    cases: float, exposure: float, comparable: tuple[npt.ArrayLike, npt.ArrayLike] | None
) -> tuple[float, float]:
    """Shape and inverse scale of the law of true rates among the unit and those like it."""
    if comparable is None:
        return 0.0, 0.0
    others, their_exposure = (np.atleast_1d(np.asarray(of, dtype=np.float64)) for of in comparable)
    all_cases, all_exposure = np.append(others, cases), np.append(their_exposure, exposure)
    group = empirical_bayes_rates(all_cases, all_exposure)
    if group.mean_rate <= 0:
        raise InputError(
            "comparable", "no_cases", "Neither the unit nor those like it had a case before."
        )
    # Units that differ by no more than chance share one rate: a law with hardly any spread.
    shape = min(group.prior_shape, 1e6)
    return shape, shape / group.mean_rate


def _rate_limits(a: float, b: float, confidence: float, *, is_shrunk: bool) -> tuple[float, float]:
    """Limits of the rate expected without the action: of its gamma law, or exact ones."""
    tail = (1.0 - confidence) / 2.0
    lower = special.gammaincinv(a, tail) / b if a > 0 else 0.0
    upper = special.gammaincinv(a if is_shrunk else a + 1.0, 1.0 - tail) / b
    return float(lower), float(upper)


def _ratio_limits(
    a: float, b: float, x2: float, e2: float, confidence: float
) -> tuple[float, float]:
    tail = (1.0 - confidence) / 2.0
    lower, upper = 0.0, float("inf")
    if x2 > 0:
        # The ratio of two gamma-distributed rates is a multiple of an F-distributed variable.
        lower = b / e2 * x2 / (a + 1) * special.fdtri(2 * x2, 2 * (a + 1), tail)
    if a > 0:
        upper = b / e2 * (x2 + 1) / a * special.fdtri(2 * (x2 + 1), 2 * a, 1.0 - tail)
    return float(lower), float(upper)


def _p_value(a: float, b: float, x2: float, e2: float) -> float:
    """Twice the smaller tail of the cases after, given those before and a ratio of 1."""
    # With a gamma law of the rate before, the count after is negative binomial: a beta tail.
    share = e2 / (b + e2)
    at_most = special.betainc(a, x2 + 1, 1.0 - share) if a > 0 else 1.0
    at_least = special.betainc(x2, a + 1, share) if x2 > 0 else 1.0
    return float(min(1.0, 2.0 * min(at_most, at_least)))
