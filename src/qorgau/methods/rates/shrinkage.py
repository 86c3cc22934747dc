"""Empirical-Bayes rates: each unit's rate drawn towards the mean by as much as chance explains.

Input: events and exposure of the units of one comparison. The units' true rates are taken to
follow a gamma distribution, the counts to be Poisson around them; the gamma's mean and spread
are estimated from all units by marginal maximum likelihood (Clayton and Kaldor 1987,
Biometrics 43:671-681). A unit with little exposure then borrows from the others, one with
much keeps its own rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    as_confidence,
    as_counts,
    as_multiplier,
    as_positive,
    broadcast,
    read_only,
)
from qorgau.methods.rates.crude import exact_poisson_limits

METHOD = "gamma-Poisson empirical-Bayes rates, marginal maximum likelihood (Clayton, Kaldor 1987)"

_LOG_SPREADS = np.linspace(np.log(1e-6), np.log(1e4), 60)
_LEAST_GAIN = 1e-8


@dataclass(frozen=True, eq=False)
class EmpiricalBayesRates:
    """Shrunk rates of units; arrays have shape (units,).

    Attributes
    ----------
    rate, lower, upper : ndarray
        Shrunk rate per `per` units of exposure, and limits of the unit's true rate given the
        estimated distribution of rates.
    own_weight : ndarray
        Share of the unit's own crude rate in its shrunk rate; the rest is the mean's.
    mean_rate : float
        Estimated mean of the units' true rates, per `per` units of exposure.
    prior_shape : float
        Shape of the gamma distribution of true rates; infinite where the counts show no more
        variation than chance.
    between_unit_variation : float
        Coefficient of variation of the true rates between units, 1 / sqrt(prior_shape).
    per, confidence : float
        Unit of the rates and level of the limits.
    method : str
        Name and source of the method.
    """

    rate: FloatArray
    lower: FloatArray
    upper: FloatArray
    own_weight: FloatArray
    mean_rate: float
    prior_shape: float
    between_unit_variation: float
    per: float
    confidence: float
    method: str = METHOD


def empirical_bayes_rates(
    cases: npt.ArrayLike,
    exposure: npt.ArrayLike,
    *,
    per: float = 1.0,
    confidence: float = 0.95,
) -> EmpiricalBayesRates:
    """Rates of several units, each shrunk towards their common mean.

    Parameters
    ----------
    cases : array_like, shape (units,)
        Counts of events, whole and zero or more; at least two units.
    exposure : array_like, shape (units,)
        Exposure in one unit throughout, greater than zero.
    per : float
        Units of exposure to express the rates per.
    confidence : float
        Level of the limits of the shrunk rates.

    Returns
    -------
    EmpiricalBayesRates
        Shrunk rates with limits, and the estimated distribution of true rates.

    Raises
    ------
    InputError
        If there are fewer than two units, the arrays are not one-dimensional or differ in
        length, a count is negative or not whole, or an exposure is not positive.

    Notes
    -----
    Clayton D, Kaldor J (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43:671-681. The limits take the estimated gamma
    distribution as known, so they are somewhat too narrow when there are few units.
    """
    counts, time = broadcast(
        ("cases", "exposure"), as_counts(cases, "cases"), as_positive(exposure, "exposure")
    )
    if counts.ndim != 1 or counts.size < 2:
        raise InputError(
            "cases",
            "too_few_units",
            "Shrinkage compares units with each other: give one count for each of at least two.",
        )
    multiplier = as_multiplier(per)
    tail = (1.0 - as_confidence(confidence)) / 2.0
    overall = float(counts.sum() / time.sum())
    if counts.sum() == 0:
        return _pooled(counts, time, multiplier, confidence)
    expected = time * overall
    mean, shape = _fit_gamma(counts, expected)
    if np.isinf(shape):
        return _pooled(counts, time, multiplier, confidence)
    # Clayton and Kaldor (1987): a gamma prior and Poisson counts give a gamma posterior.
    posterior_shape = counts + shape
    posterior_inverse_scale = expected + shape / mean
    scale = overall * multiplier / posterior_inverse_scale
    return EmpiricalBayesRates(
        rate=read_only(posterior_shape * scale),
        lower=read_only(special.gammaincinv(posterior_shape, tail) * scale),
        upper=read_only(special.gammainccinv(posterior_shape, tail) * scale),
        own_weight=read_only(expected / posterior_inverse_scale),
        mean_rate=mean * overall * multiplier,
        prior_shape=shape,
        between_unit_variation=float(shape**-0.5),
        per=multiplier,
        confidence=confidence,
    )


def _pooled(
    counts: FloatArray, time: FloatArray, per: float, confidence: float
) -> EmpiricalBayesRates:
    """Rates where the units differ by no more than chance: the pooled rate for each."""
    scale = per / float(time.sum())
    lower, upper = exact_poisson_limits(counts.sum(), confidence=confidence)
    ones = np.ones_like(counts)
    return EmpiricalBayesRates(
        rate=read_only(ones * counts.sum() * scale),
        lower=read_only(ones * lower * scale),
        upper=read_only(ones * upper * scale),
        own_weight=read_only(np.zeros_like(counts)),
        mean_rate=float(counts.sum() * scale),
        prior_shape=float("inf"),
        between_unit_variation=0.0,
        per=per,
        confidence=confidence,
    )


def _fit_gamma(counts: FloatArray, expected: FloatArray) -> tuple[float, float]:
    """Mean and shape of the gamma distribution of relative rates; the shape may be infinite.

    The likelihood is maximised over the mean for each spread (its derivative is monotone in
    the mean), then over the spread: on a grid first, because it may rise again far out.
    """

    def negative(log_spread: float) -> float:
        shape = float(np.exp(-log_spread))
        return -_log_likelihood(counts, expected, _best_mean(counts, expected, shape), shape)

    grid = np.array([negative(s) for s in _LOG_SPREADS])
    best = int(grid.argmin())
    poisson = float((counts * np.log(expected) - expected).sum())
    if best == 0 or -grid[best] - poisson < _LEAST_GAIN:
        return 1.0, float("inf")
    # scipy loads its optimisers on first use: a program that shrinks nothing starts sooner.
    around = (_LOG_SPREADS[best - 1], _LOG_SPREADS[min(best + 1, len(grid) - 1)])
    found = scipy.optimize.minimize_scalar(
        negative, bounds=around, method="bounded", options={"xatol": 1e-10}
    )
    shape = float(np.exp(-found.x))
    return _best_mean(counts, expected, shape), shape


def _best_mean(counts: FloatArray, expected: FloatArray, shape: float) -> float:
    def score(mean: float) -> float:
        # Derivative of the log likelihood in the mean, up to a positive factor.
        return float(((counts - mean * expected) / (shape + mean * expected)).sum())

    relative = counts / expected
    low, high = float(relative.min()), float(relative.max())
    if high - low <= 1e-12 * high:
        return high
    return float(scipy.optimize.brentq(score, low, high, xtol=1e-13))


def _log_likelihood(counts: FloatArray, expected: FloatArray, mean: float, shape: float) -> float:
    """Negative binomial log likelihood, less the terms that hold the counts alone."""
    # Counts are negative binomial once the gamma law of rates is integrated out.
    mu = mean * expected
    return float(
        (
            special.gammaln(counts + shape)
            - special.gammaln(shape)
            - shape * np.log1p(mu / shape)
            + counts * np.log(mu / (shape + mu))
        ).sum()
    )
