"""Distribution of counts, their tails and quantiles: Poisson, and negative binomial.

The negative binomial law is written by its mean and its dispersion, the variance divided by the
mean; dispersion 1 is the Poisson law. The quantile is found by bisection on the distribution
function, because library quantile functions fail on the extreme sizes that sparse series reach.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import betainc, gammainc, gammaincc, gammaln, ndtri

from qorgau.methods.arrays import FloatArray

# A distribution function that meets a level up to rounding counts as meeting it.
CDF_TOLERANCE = 64.0 * float(np.finfo(np.float64).eps)

# Above this mean the integer grid no longer matters and the normal approximation is used.
LARGEST_EXACT_MEAN = 1e9

# From here to the search of a quantile: how far below its expansion the search begins, and when
# sums of logarithms are exact enough to decide it.
GUESS_BELOW_START = 0.25
LEAST_CERTAIN_DIFFERENCE = 1e-8
LARGEST_CERTAIN_SIZE = 1e6


def count_cdf(count: FloatArray, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Probability of at most `count` cases.

    Parameters
    ----------
    count, mean, dispersion : numpy.ndarray
        Arrays of one shape; `count` whole numbers from -1, `mean` positive, `dispersion` at
        least 1.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    # P(Y <= k) is a regularised incomplete function of k + 1: gamma for Poisson's law, and beta for
    # the negative binomial law, which has size m / (d - 1) and success probability 1 / d.
    following = np.maximum(count + 1.0, 1.0)
    probability = _by_law(
        (following, mean, dispersion),
        gammaincc,
        lambda k, m, d: betainc(m / (d - 1.0), k, 1.0 / d),
    )
    return np.where(count < 0, 0.0, probability)


def count_upper_tail(count: FloatArray, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Probability of at least `count` cases; parameters as in `count_cdf`.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where an input is NaN.
    """
    at_least_one = np.where(count > 0, count, 1.0)
    tail = _by_law(
        (at_least_one, mean, dispersion),
        gammainc,
        lambda k, m, d: betainc(k, m / (d - 1.0), (d - 1.0) / d),
    )
    is_missing = np.isnan(count) | np.isnan(mean) | np.isnan(dispersion)
    return np.where(is_missing, np.nan, np.where(count > 0, tail, 1.0))


def _by_law(
    arguments: tuple[FloatArray, FloatArray, FloatArray],
    poisson: Callable[[FloatArray, FloatArray], FloatArray],
    negative_binomial: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> FloatArray:
    """Values of one of two functions of count, mean and dispersion; each law is costly."""
    count, mean, dispersion = arguments
    is_poisson = dispersion <= 1.0
    if not is_poisson.any():
        return negative_binomial(count, mean, dispersion)
    value = np.empty(count.shape)
    value[is_poisson] = poisson(count[is_poisson], mean[is_poisson])
    other = ~is_poisson
    value[other] = negative_binomial(count[other], mean[other], dispersion[other])
    return value


def count_probability(count: FloatArray, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Probability of exactly `count` cases; parameters as in `count_cdf`.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """

    def negative_binomial(k: FloatArray, m: FloatArray, d: FloatArray) -> FloatArray:
        # With the variance d m the law has size m / (d - 1) and success probability 1 / d.
        size = m / (d - 1.0)
        ways = gammaln(k + size) - gammaln(size) - gammaln(k + 1.0)
        # Of huge sizes the logarithms keep no digit; no probability exceeds 1 for that.
        log_probability = np.minimum(ways - size * np.log(d) + k * np.log1p(-1.0 / d), 0.0)
        probability: FloatArray = np.exp(log_probability)
        return probability

    return _by_law(
        (count, mean, dispersion),
        lambda k, m: np.exp(k * np.log(m) - m - gammaln(k + 1.0)),
        negative_binomial,
    )


def count_upper_quantile(alpha: float, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Smallest whole number whose distribution function reaches ``1 - alpha``.

    Parameters
    ----------
    alpha : float
        One-sided tail probability.
    mean, dispersion : numpy.ndarray
        Arrays of one shape.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where the mean is not finite or not positive.

    Notes
    -----
    ``1 - alpha`` is lowered by 64 units in the last place, so that a distribution function
    which meets it up to rounding counts as meeting it.
    """
    bound = np.full(mean.shape, np.nan)
    usable = np.isfinite(mean) & np.isfinite(dispersion) & (mean > 0)
    target = (1.0 - alpha) * (1.0 - CDF_TOLERANCE)
    start = _cornish_fisher(alpha, mean[usable], dispersion[usable])
    is_small = mean[usable] <= LARGEST_EXACT_MEAN
    solution = np.ceil(start)
    solution[is_small] = _exact_quantile(
        target, start[is_small], mean[usable][is_small], dispersion[usable][is_small]
    )
    bound[usable] = solution
    return bound


def _cornish_fisher(alpha: float, mean: FloatArray, dispersion: FloatArray) -> FloatArray:
    z = ndtri(1.0 - alpha)
    deviation = np.sqrt(mean * dispersion)
    # Cornish and Fisher (1937): the normal quantile corrected by the skewness. The third central
    # moment is m d (2 d - 1).
    skewness = (2.0 * dispersion - 1.0) / deviation
    start: FloatArray = mean + deviation * (z + skewness * (z * z - 1.0) / 6.0)
    return np.maximum(start, 0.0)


def _exact_quantile(
    target: float, start: FloatArray, mean: FloatArray, dispersion: FloatArray
) -> FloatArray:
    """The quantile is nearly always the first guess or the count above it; else it is searched."""
    guess = np.maximum(np.floor(start - GUESS_BELOW_START), 0.0)
    below = count_cdf(guess, mean, dispersion)
    reaches = below >= target
    step = count_probability(guess + ~reaches, mean, dispersion)
    other = np.where(reaches, below - step, below + step)
    is_found = reaches == (other < target)
    # The neighbour's probability carries the rounding of logarithms: no tie is decided by it.
    is_found &= np.abs(other - target) > LEAST_CERTAIN_DIFFERENCE
    excess = np.where(dispersion > 1.0, np.minimum(dispersion - 1.0, 1.0), 1.0)
    is_found &= mean < LARGEST_CERTAIN_SIZE * excess
    quantile = np.where(reaches, guess, guess + 1.0)
    lost = ~is_found
    quantile[lost] = _search_quantile(target, start[lost], mean[lost], dispersion[lost])
    return quantile


def _search_quantile(
    target: float, start: FloatArray, mean: FloatArray, dispersion: FloatArray
) -> FloatArray:
    """Bisect on whole numbers from a bracket widened around `start`."""
    if start.size == 0:
        return start
    low, high = np.floor(start) - 2.0, np.floor(start) + 2.0
    step = 4.0
    while (too_high := (low >= 0) & (count_cdf(low, mean, dispersion) >= target)).any():
        low[too_high] -= step
        step *= 4.0
    low = np.maximum(low, -1.0)
    step = 4.0
    while (too_low := count_cdf(high, mean, dispersion) < target).any():
        low[too_low] = high[too_low]
        high[too_low] += step
        step *= 4.0
    while (is_open := high - low > 1.0).any():
        middle = np.where(is_open, np.floor((low + high) / 2.0), high)
        reaches = count_cdf(middle, mean, dispersion) >= target
        high = np.where(reaches, middle, high)
        low = np.where(reaches, low, middle)
    return high
