"""Prediction from a baseline in which the season of the tested week has no case.

A regression has no finite maximum there: it would predict zero and be certain of it. What is
known is the number of cases in so much exposure, and the exact prediction of a Poisson count
from it is negative binomial.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray

IMPLAUSIBLE = 0.05


@dataclass(frozen=True, eq=False)
class SparsePrediction:
    """Predictive law of the tested week; all arrays have the shape ``(series,)``.

    Attributes
    ----------
    mean
        Mean of the law.
    law_dispersion
        Its variance divided by its mean: the noise of the week and the uncertainty of the rate.
    dispersion
        Dispersion of the baseline alone, at least 1.
    """

    mean: FloatArray
    law_dispersion: FloatArray
    dispersion: FloatArray


def predict_sparse(
    counts: FloatArray,
    exposure: FloatArray | None,
    tested_exposure: FloatArray | None,
    is_used: BoolArray,
    in_season: BoolArray,
) -> SparsePrediction:
    """Predict a count from weeks with few cases and none in the season of the tested week.

    Parameters
    ----------
    counts : numpy.ndarray, shape (weeks, series)
        Counts without NaN.
    exposure : numpy.ndarray, shape (weeks, series), or None
        Population behind each count.
    tested_exposure : numpy.ndarray, shape (series,), or None
        Population of the tested week.
    is_used : numpy.ndarray of bool, shape (weeks, series)
        Weeks that are known.
    in_season : numpy.ndarray of bool, shape (weeks,)
        Weeks of the season block of the tested week.

    Returns
    -------
    SparsePrediction

    Notes
    -----
    With ``X`` cases in exposure ``E`` and exposure ``e`` in the tested week, the law is negative
    binomial with size ``X + 1`` and success probability ``E / (E + e)``. Its upper tail is the
    exact conditional test of Przyborowski and Wilenski (1940), the dual of Nelson's (1970)
    prediction limit: a false alarm is at most as probable as stated. All seasons are pooled,
    unless the absence of cases in this one would then have a probability under 0.05; then this
    season is used alone. A dispersion above 1 widens the law.
    """
    used = is_used.astype(np.float64)
    persons = used if exposure is None else used * np.where(is_used, exposure, 0.0)
    tested = np.ones(counts.shape[1]) if tested_exposure is None else tested_exposure
    all_exposure = persons.sum(axis=0)
    season_exposure = persons[in_season].sum(axis=0)
    cases = (used * counts).sum(axis=0)
    share = season_exposure / np.where(all_exposure > 0, all_exposure, 1.0)
    # If the rate were the same in all seasons, each case would fall outside this one with the
    # probability 1 - share.
    is_alone = (1.0 - np.minimum(share, 1.0)) ** cases < IMPLAUSIBLE
    cases = np.where(is_alone, 0.0, cases)
    total = np.where(is_alone, season_exposure, all_exposure)
    total = np.where(total > 0, total, np.nan)
    # Negative binomial with size X + 1 and success probability E / (E + e): its mean is (X + 1) e /
    # E, and its variance over its mean 1 + e / E.
    dispersion = _constant_rate_dispersion(counts, persons, cases / total, is_used)
    return SparsePrediction(
        mean=(cases + 1.0) * tested / total,
        law_dispersion=dispersion * (1.0 + tested / total),
        dispersion=dispersion,
    )


def _constant_rate_dispersion(
    counts: FloatArray, persons: FloatArray, rate: FloatArray, is_used: BoolArray
) -> FloatArray:
    expected = persons * rate
    is_informative = is_used & (expected > 0)
    divisor = np.where(is_informative, expected, 1.0)
    squares = np.where(is_informative, (counts - expected) ** 2 / divisor, 0.0)
    freedom = is_informative.sum(axis=0) - 1.0
    dispersion: FloatArray = squares.sum(axis=0) / np.where(freedom > 0, freedom, np.inf)
    return np.maximum(dispersion, 1.0)
