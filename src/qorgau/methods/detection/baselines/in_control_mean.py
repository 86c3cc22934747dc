"""The mean of a series while nothing was wrong: level, and one yearly wave as an option.

Used by the methods that add up excesses (CUSUM, GLR), whose history ends where testing begins.
"""

import numpy as np

from qorgau.methods.arrays import FloatArray
from qorgau.methods.detection.baselines.season_waves import wave_design

MOST_STEPS = 25
CONVERGED = 1e-8
# A year, so that every season has been seen once.
FEWEST_WEEKS_OF_HISTORY = 52
# Cases assumed in a history without any: Jeffreys' prior of a Poisson mean.
CASES_BEHIND_NONE = 0.5


def in_control_mean(
    counts: FloatArray,
    population: FloatArray | None,
    *,
    first_tested: int,
    has_wave: bool,
    is_floored: bool,
) -> FloatArray:
    """Expected count of every week from the weeks before the first tested one.

    Parameters
    ----------
    counts : numpy.ndarray, shape (time, series)
        NaN is a missing week.
    population : numpy.ndarray, shape (time, series), or None
        Persons behind each count; NaN is missing.
    first_tested : int
        Row at which the history ends.
    has_wave : bool
        Whether a Poisson regression on a yearly cosine and sine is fitted.
    is_floored : bool
        Whether missing weeks are left out and a history without a case is given the mean of
        half a case over its length; otherwise the first gives NaN and the second 0, as in the
        R package.

    Returns
    -------
    numpy.ndarray, shape (time, series)
        One read-only row repeated in all weeks, without a wave and a population.
    """
    if population is None and not has_wave:
        return _plain_mean(counts, first_tested, is_floored=is_floored)
    persons = np.ones_like(counts) if population is None else population
    history, exposure = counts[:first_tested], persons[:first_tested]
    is_known = ~(np.isnan(history) | np.isnan(exposure))
    weight = is_known.astype(np.float64)
    cases = np.where(is_known, history, 0.0).sum(axis=0)
    total = np.where(is_known, exposure, 0.0).sum(axis=0)
    mean: FloatArray = _rate(cases, total, is_floored=is_floored) * persons
    if has_wave:
        fitted = cases > 0
        known = np.where(is_known, history, 0.0)[:, fitted]
        offset = np.log(np.where(is_known, exposure, 1.0))[:, fitted]
        log_rate = _wave(known, offset, weight[:, fitted], counts.shape[0])
        mean[:, fitted] = np.exp(log_rate) * persons[:, fitted]
    elif not is_floored:
        mean[:, ~is_known.all(axis=0)] = np.nan
    return mean


def _plain_mean(counts: FloatArray, first_tested: int, *, is_floored: bool) -> FloatArray:
    history = counts[:first_tested]
    cases = history.sum(axis=0)
    weeks = np.full(cases.shape, float(first_tested))
    if is_floored and np.isnan(cases).any():
        is_known = ~np.isnan(history)
        cases = history.sum(axis=0, where=is_known)
        weeks = is_known.sum(axis=0, dtype=np.float64)
    return np.broadcast_to(_rate(cases, weeks, is_floored=is_floored), counts.shape)


def _rate(cases: FloatArray, total: FloatArray, *, is_floored: bool) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        rate: FloatArray = cases / total
        if is_floored:
            rate = np.where(cases > 0, rate, CASES_BEHIND_NONE / total)
            rate[total == 0] = np.nan
    return rate


def _wave(known: FloatArray, offset: FloatArray, weight: FloatArray, length: int) -> FloatArray:
    """Log rate of every week by iteratively reweighted least squares, all series at once."""
    design = wave_design(length, known.shape[0], harmonics=1, has_trend=False)
    history = design[: known.shape[0]]
    mean = known + 0.1
    eta = np.log(mean)
    slopes = np.zeros((known.shape[1], 3))
    deviance = np.full(known.shape[1], np.inf)
    moving = np.ones(known.shape[1], dtype=np.bool_)
    for _step in range(MOST_STEPS):
        # Iteratively reweighted least squares with the log link: working response and weights.
        working = eta - offset + (known - mean) / mean
        pull = weight * mean
        # Normal equations X'WX b = X'Wz of every series at once.
        normal = np.einsum("ti,ts,tj->sij", history, pull, history)
        right = np.einsum("ti,ts->si", history, pull * working)
        slopes[moving] = np.linalg.solve(normal, right[..., None])[moving, :, 0]
        eta = history @ slopes.T + offset
        mean = np.exp(eta)
        before, deviance = deviance, _deviance(known, mean, weight)
        with np.errstate(invalid="ignore"):
            moving &= ~(np.abs(deviance - before) / (np.abs(deviance) + 0.1) < CONVERGED)
        if not moving.any():
            break
    log_rate: FloatArray = design @ slopes.T
    return log_rate


def _deviance(known: FloatArray, mean: FloatArray, weight: FloatArray) -> FloatArray:
    ratio = np.log(np.where(known > 0, known, 1.0) / np.where(known > 0, mean, 1.0))
    deviance: FloatArray = 2.0 * (weight * (known * ratio - (known - mean))).sum(axis=0)
    return deviance
