"""Thresholds that need no count law: a limit of the mean, a power-normal bound, the score."""

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri

from qorgau.methods.arrays import BoolArray, FloatArray

POWERS = {"2/3": 2.0 / 3.0, "1/2": 0.5, "none": 1.0}

# With fewer cases behind a mean than this, its limits are far from symmetric on the log scale.
FEWEST_CASES_FOR_LOG_NORMAL = 10.0

# A count so little above a whole number is that number.
ROUNDING = 1e-9


def mean_upper_limit(alpha: float, log_mean: FloatArray, log_se: FloatArray) -> FloatArray:
    """Upper confidence limit of a mean.

    Parameters
    ----------
    alpha : float
        One-sided error probability.
    log_mean, log_se : numpy.ndarray
        Log of the mean and its standard error; arrays of one shape.

    Returns
    -------
    numpy.ndarray
        Same shape.

    Notes
    -----
    The limit is normal on the log scale. Where the mean rests on fewer than ten cases
    (``1 / log_se**2``) it is that of a gamma law with this number, which for a plain count is
    the exact Poisson limit: there the normal limit runs away.

    References
    ----------
    Fay and Feuer (1997), Statistics in Medicine 16, 791-801.
    """
    limit: FloatArray = np.exp(log_mean + ndtri(1.0 - alpha) * log_se)
    with np.errstate(divide="ignore"):
        # The variance of the log of a Poisson mean is 1 / cases.
        cases = np.where(log_se > 0, log_se, np.nan) ** -2.0
    few = cases < FEWEST_CASES_FOR_LOG_NORMAL
    # Fay and Feuer (1997): the upper limit is a quantile of the gamma law with one case more; a
    # plain count has Garwood's exact limit.
    factor = gammaincinv(np.where(few, cases, 1.0) + 1.0, 1.0 - alpha) / np.where(few, cases, 1.0)
    gamma_limit: FloatArray = np.exp(log_mean) * factor
    return np.where(few, gamma_limit, limit)


def power_normal_bound(
    *,
    alpha: float,
    observed: FloatArray,
    mean: FloatArray,
    mean_se: FloatArray,
    dispersion: FloatArray,
    power_transform: str,
) -> tuple[FloatArray, FloatArray]:
    """Bound and p-value from a normal law of the transformed count (delta method).

    Parameters
    ----------
    alpha : float
        One-sided tail probability.
    observed, mean, mean_se, dispersion : numpy.ndarray
        Count of the week, its expected value, the standard error of that value, and the
        dispersion; arrays of one shape.
    power_transform : {'2/3', '1/2', 'none'}
        Power at which the count is taken to be normal.

    Returns
    -------
    upper_bound, p_value : numpy.ndarray
        Same shape.

    References
    ----------
    Farrington et al. (1996), J. R. Statist. Soc. A 159, 547-563, section 3.7.
    """
    power = POWERS[power_transform]
    # Farrington et al. (1996), the threshold: tau = phi + var(mean) / mean; by the delta method the
    # count to the power p has the standard deviation p mean^(p - 1/2) tau^(1/2).
    spread = dispersion + mean_se**2 / mean
    deviation = power * mean ** (power - 0.5) * np.sqrt(spread)
    centre = mean**power
    # U = mean (1 + p z (tau / mean)^(1/2))^(1/p), with 0 where the bracket is negative.
    bound = np.maximum(centre + ndtri(1.0 - alpha) * deviation, 0.0) ** (1.0 / power)
    return bound, ndtr(-(observed**power - centre) / deviation)


def exceedance_score(
    observed: FloatArray,
    mean: FloatArray,
    upper_bound: FloatArray,
    out: FloatArray | None = None,
) -> FloatArray:
    """Exceedance ``(observed - mean) / (upper_bound - mean)`` on the scale of counts.

    Parameters
    ----------
    observed, mean, upper_bound : numpy.ndarray
        Arrays of one shape.
    out : numpy.ndarray, optional
        Where the score is written.

    Returns
    -------
    numpy.ndarray
        Same shape as the inputs; NaN where the bound is not above the mean, which
        happens for rare events: use the p-value there.

    References
    ----------
    Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222.
    """
    # X = (y - mean) / (U - mean): Farrington et al. (1996), the exceedance score.
    room = upper_bound - mean
    has_room: BoolArray = room > 0
    if not has_room.all():
        room[~has_room] = np.nan
    score = np.subtract(observed, mean, out=out)
    return np.divide(score, room, out=score)


def largest_quiet_count(critical: FloatArray, *, out: FloatArray) -> None:
    """Largest count without an alarm, for charts that alarm once a statistic reaches its threshold.

    Parameters
    ----------
    critical : numpy.ndarray
        Count, not whole, at which the statistic would reach the threshold.
    out : numpy.ndarray
        Where the largest whole count below is written.
    """
    np.subtract(critical, ROUNDING, out=out)
    np.ceil(out, out=out)
    out -= 1.0
    np.maximum(out, 0.0, out=out)
