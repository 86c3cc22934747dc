"""Regression of overdispersed counts, with limits for correlated neighbours in time.

Negative binomial of the second kind (variance ``mean + alpha mean^2``), fitted by maximum
likelihood; standard errors robust to autocorrelation after Newey and West (1987, Econometrica
55:703-708).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from scipy import special

from qorgau.methods.arrays import FloatArray, InputError

MOST_STEPS = 100
LARGEST_ALPHA = 1e3


@dataclass(frozen=True, eq=False)
class CountRegression:
    """A fitted regression.

    Attributes
    ----------
    slopes : ndarray, shape (parameters,)
    covariance : ndarray, shape (parameters, parameters)
        Robust to autocorrelation up to `lags`.
    model_covariance : ndarray, same shape
        As the negative binomial law has it.
    mean : ndarray, shape (times,)
    alpha : float
        0 is the Poisson law.
    lags : int
    """

    slopes: FloatArray
    covariance: FloatArray
    model_covariance: FloatArray
    mean: FloatArray
    alpha: float
    lags: int


def fit_counts(
    counts: FloatArray, design: FloatArray, log_exposure: FloatArray, *, lags: int | None = None
) -> CountRegression:
    """Fit the log mean of counts as a linear predictor plus log exposure.

    Parameters
    ----------
    counts : numpy.ndarray, shape (times,)
    design : numpy.ndarray, shape (times, parameters)
    log_exposure : numpy.ndarray, shape (times,)
    lags : int, optional
        Weeks or months over which neighbours may be correlated; by default ``4 (n / 100)^(2/9)``.

    Returns
    -------
    CountRegression

    Raises
    ------
    InputError
        If the counts cannot carry the model.
    """
    n, p = design.shape
    if n <= p or np.linalg.matrix_rank(design) < p:
        raise InputError(
            "counts",
            "too_short",
            "The series is too short for this model: leave out the season, or give more of it.",
        )
    alpha = 0.0
    slopes = _fit_mean(counts, design, log_exposure, alpha)
    for _step in range(MOST_STEPS):
        mean = np.exp(design @ slopes + log_exposure)
        before, alpha = alpha, _fit_alpha(counts, mean)
        slopes = _fit_mean(counts, design, log_exposure, alpha)
        if abs(alpha - before) <= 1e-8 * (1.0 + alpha):
            break
    mean = np.exp(design @ slopes + log_exposure)
    lags = usual_lags(n) if lags is None else lags
    factor = 1.0 + alpha * mean
    model = np.asarray(np.linalg.inv(design.T @ (design * (mean / factor)[:, None])))
    score = design * ((counts - mean) / factor)[:, None]
    robust = newey_west(model, score, lags)
    return CountRegression(slopes, robust, model, mean, alpha, lags)


def _fit_mean(
    counts: FloatArray, design: FloatArray, log_exposure: FloatArray, alpha: float
) -> FloatArray:
    """Iteratively reweighted least squares at a given overdispersion."""
    mean: FloatArray = np.maximum(counts, 0.5)
    eta = np.log(mean)
    slopes: FloatArray = np.zeros(design.shape[1])
    for _step in range(MOST_STEPS):
        # Working weights of the log link under the variance mean + alpha mean^2.
        weight = mean / (1.0 + alpha * mean)
        working = eta - log_exposure + (counts - mean) / mean
        root = np.sqrt(weight)
        before = slopes
        solution = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        slopes = np.asarray(solution, dtype=np.float64)
        # A slope without a maximum grows at every step; it is stopped, and its limits show it.
        eta = np.clip(design @ slopes + log_exposure, -30.0, 30.0)
        mean = np.exp(eta)
        if np.abs(slopes - before).max() < 1e-10 * (1.0 + np.abs(slopes).max()):
            break
    return slopes


def _fit_alpha(counts: FloatArray, mean: FloatArray) -> float:
    """Maximum of the likelihood over the overdispersion; 0 where the Poisson law fits best."""

    def minus_log_likelihood(log_alpha: float) -> float:
        size = np.exp(-log_alpha)
        terms = (
            special.gammaln(counts + size)
            - special.gammaln(size)
            - special.gammaln(counts + 1.0)
            + size * np.log(size / (size + mean))
            + special.xlogy(counts, mean / (size + mean))
        )
        return -float(terms.sum())

    found = scipy.optimize.minimize_scalar(
        minus_log_likelihood, bounds=(np.log(1e-8), np.log(LARGEST_ALPHA)), method="bounded"
    )
    alpha = float(np.exp(found.x))
    poisson = float((special.xlogy(counts, mean) - mean - special.gammaln(counts + 1.0)).sum())
    return alpha if -float(found.fun) > poisson + 1e-6 else 0.0


def newey_west(bread: FloatArray, score: FloatArray, lags: int) -> FloatArray:
    """Covariance of slopes with scores that may be correlated over `lags` periods.

    Parameters
    ----------
    bread : numpy.ndarray, shape (parameters, parameters)
        Covariance if the model's variance is right.
    score : numpy.ndarray, shape (times, parameters)
        Contribution of each period to the estimating equations, in the order of time.
    lags : int

    Returns
    -------
    numpy.ndarray, shape (parameters, parameters)
    """
    n, p = score.shape
    # Newey and West (1987): autocovariances of the scores with Bartlett's weights 1 - l / (L + 1).
    middle = score.T @ score
    for lag in range(1, lags + 1):
        shared = score[lag:].T @ score[:-lag]
        middle += (1.0 - lag / (lags + 1.0)) * (shared + shared.T)
    # The sandwich, with a factor for the parameters fitted.
    covariance: FloatArray = bread @ middle @ bread * (n / (n - p))
    return covariance


def usual_lags(periods: int) -> int:
    """Newey and West's rule: ``4 (n / 100)^(2/9)``."""
    return int(4.0 * (periods / 100.0) ** (2.0 / 9.0))
