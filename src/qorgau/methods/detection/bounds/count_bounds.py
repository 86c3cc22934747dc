"""Upper bound and p-value of a count together: summed term by term where the counts are small.

Most series of a register have bounds of a few cases. Their probabilities follow from each other by
a multiplication, which is far cheaper than the distribution function; large counts, very small
p-values and whatever rounding could decide are left to the functions of `thresholds`.
"""

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.count_law import (
    CDF_TOLERANCE,
    count_upper_quantile,
    count_upper_tail,
)

# Terms that are summed, and the largest mean (in standard deviations below) for which they do.
TERMS = 48
DEVIATIONS = 5.0
# The distribution function is summed to about 1e-15.
LEAST_CERTAIN_DIFFERENCE = 1e-12
SMALLEST_SUMMED_TAIL = 1e-4
COUNTS = np.arange(TERMS, dtype=np.float64)[:, None]


def count_bound_and_tail(
    alpha: float, observed: FloatArray, mean: FloatArray, dispersion: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Smallest count whose distribution function reaches ``1 - alpha``, and the p-value.

    Parameters
    ----------
    alpha : float
        One-sided tail probability.
    observed, mean, dispersion : numpy.ndarray, shape (series,)
        Observed count, mean of the law, and its variance divided by its mean, at least 1.

    Returns
    -------
    upper_bound, p_value : numpy.ndarray, shape (series,)
        As `count_upper_quantile` and `count_upper_tail` give them.

    Notes
    -----
    With mean ``m`` and dispersion ``d`` the negative binomial law has
    ``P(k + 1) / P(k) = (m + k (d - 1)) / (d (k + 1))``, and so has the Poisson law with ``d = 1``.
    """
    upper_bound, p_value = np.full((2, mean.size), np.nan)
    is_small = mean + DEVIATIONS * np.sqrt(mean * dispersion) < TERMS
    is_bound_known, is_tail_known = np.zeros((2, mean.size), dtype=np.bool_)
    small = np.flatnonzero(is_small & (mean > 0))
    if small.size:
        cdf = _summed_cdf(mean[small], dispersion[small])
        upper_bound[small], is_bound_known[small] = _bound(alpha, cdf)
        p_value[small], is_tail_known[small] = _tail(observed[small], cdf)
    rest = np.flatnonzero(~is_bound_known)
    upper_bound[rest] = count_upper_quantile(alpha, mean[rest], dispersion[rest])
    rest = np.flatnonzero(~is_tail_known)
    p_value[rest] = count_upper_tail(observed[rest], mean[rest], dispersion[rest])
    return upper_bound, p_value


def _summed_cdf(mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Distribution function at 0, 1, ..., shape ``(terms, series)``."""
    excess = np.maximum(dispersion - 1.0, 0.0)
    terms = np.empty((TERMS, mean.size))
    has_excess = excess > 0
    # P(0) = d^(-m / (d - 1)), which is exp(-m) where d is 1.
    rate = np.where(has_excess, np.log1p(excess) / np.where(has_excess, excess, 1.0), 1.0)
    np.exp(-mean * rate, out=terms[0])
    # Each term over the one before: (m + k (d - 1)) / (d (k + 1)), as in the notes above.
    np.multiply(COUNTS[:-1], excess, out=terms[1:])
    terms[1:] += mean
    terms[1:] /= COUNTS[1:]
    terms[1:] *= 1.0 / (1.0 + excess)
    np.cumprod(terms, axis=0, out=terms)
    return np.cumsum(terms, axis=0, out=terms)


def _bound(alpha: float, cdf: FloatArray) -> tuple[FloatArray, BoolArray]:
    target = (1.0 - alpha) * (1.0 - CDF_TOLERANCE)
    bound = np.count_nonzero(cdf < target, axis=0)
    place = np.minimum(bound, TERMS - 1)
    column = np.arange(cdf.shape[1])
    least = np.abs(cdf[place, column] - target)
    least = np.minimum(least, np.abs(cdf[np.maximum(place - 1, 0), column] - target))
    return bound.astype(np.float64), (bound < TERMS) & (least > LEAST_CERTAIN_DIFFERENCE)


def _tail(observed: FloatArray, cdf: FloatArray) -> tuple[FloatArray, BoolArray]:
    is_within = (observed >= 0) & (observed <= TERMS)
    below = np.where(is_within, observed, 0.0).astype(np.int64) - 1
    tail = np.where(below < 0, 1.0, 1.0 - cdf[np.maximum(below, 0), np.arange(cdf.shape[1])])
    return tail, is_within & (tail > SMALLEST_SUMMED_TAIL)
