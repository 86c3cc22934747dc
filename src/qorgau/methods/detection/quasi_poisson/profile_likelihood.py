"""Exact maximum of the quasi-Poisson likelihood, with the season levels profiled out.

Given the slope, the level of each season block has a closed form, so that one number per series
is left to search: Newton's method on a concave function of sums over blocks. Blocks without a
case have the maximum at a mean of zero; they add nothing to the dispersion and are left out.
"""

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.block_fit import NO_CASES, BlockFit
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

LARGEST_ITERATIONS = 50
# After a step of Newton's method the error is of the size of the step's square.
TOLERANCE = 2e-6
LEAST_INFORMATION = 1e-12
SMALLEST_GROWTH = 1e-300
# Converged series are left out of the steps once they are this part of all.
WORTH_LEAVING_OUT = 0.3


def fit_profile(
    series: WeightedCounts, *, has_trend: bool, start: FloatArray | None = None
) -> BlockFit:
    """Fit every series of a block by maximum likelihood.

    Parameters
    ----------
    series : WeightedCounts
        Counts and weights.
    has_trend : bool
        Whether the log mean is linear in time.
    start : numpy.ndarray, shape (series,), optional
        Slopes from which to start, over the scaled time.

    Returns
    -------
    BlockFit
        `converged` is False where a trend has no finite maximum.
    """
    n_series = series.counts.shape[1]
    slope = np.zeros(n_series)
    converged = np.ones(n_series, dtype=np.bool_)
    if has_trend:
        slope = _first_slope(series) if start is None else start.copy()
        converged = _maximise(series, slope)
    growth, time, square = series.growth.at(slope)
    cases = series.cases
    has_cases = cases > 0
    exposure = np.where(has_cases, growth, 1.0)
    # Given the slope, the likelihood is largest where each block expects as many cases as it has.
    level = np.log(np.where(has_cases, cases, 1.0) / exposure)
    level[~has_cases] = NO_CASES
    block_weight = series.weights.scale * cases
    time /= exposure
    square /= exposure
    square -= time**2
    return BlockFit(
        level=level,
        slope=slope,
        working_level=level,
        working_slope=slope,
        block_weight=block_weight,
        block_time=time,
        time_weight=(block_weight * np.maximum(square, 0.0)).sum(axis=0) * has_trend,
        weeks=(has_cases * series.weights.weeks).sum(axis=0),
        parameters=has_cases.sum(axis=0) + float(has_trend),
        converged=converged,
        is_unsure=np.zeros(n_series, dtype=np.bool_),
    )


def _first_slope(series: WeightedCounts) -> FloatArray:
    """About one step of Newton's from a slope of zero, as if every week had the weight 1."""
    # Score over information at slope 0, with the levels profiled out.
    mean, variance = series.design.block_time_spread
    information = np.maximum(variance @ series.cases, LEAST_INFORMATION)
    slope: FloatArray = (series.moment - mean @ series.cases) / information
    return np.clip(slope, -1.0, 1.0)


def _maximise(series: WeightedCounts, slope: FloatArray) -> BoolArray:
    """Newton steps of at most 1 on the slopes, in place; return which have converged."""
    converged = np.zeros(slope.size, dtype=np.bool_)
    going, is_open = np.arange(slope.size), np.ones(slope.size, dtype=np.bool_)
    cases, moment, growth = series.cases, series.moment, series.growth
    moving = slope.copy()
    for _ in range(LARGEST_ITERATIONS):
        gradient, information = _derivatives(cases, moment, growth.at(moving))
        is_open &= information > LEAST_INFORMATION
        step = gradient / np.where(is_open, information, np.inf)
        moving += np.clip(step, -1.0, 1.0)
        is_done = is_open & (np.abs(step) < TOLERANCE)
        converged[going[is_done]] = True
        is_open &= ~is_done
        left = np.count_nonzero(is_open)
        if left == 0:
            break
        if left < (1.0 - WORTH_LEAVING_OUT) * is_open.size:
            slope[going] = moving
            chosen = np.flatnonzero(is_open)
            going, moving, is_open = going[chosen], moving[chosen], is_open[chosen]
            cases, moment, growth = cases[:, chosen], moment[chosen], growth.take(chosen)
    slope[going] = moving
    return converged


def _derivatives(
    cases: FloatArray, moment: FloatArray, sums: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gradient and information of the profile log-likelihood, shape ``(series,)`` each."""
    growth, time, square = sums
    # A block without a week has no case either: this avoids a division by zero.
    share = cases / np.maximum(growth, SMALLEST_GROWTH, out=growth)
    time_of_cases = share * time
    # Score of the slope: observed less expected sum of cases x time; information: the variance of
    # the time within blocks, weighted by expected cases.
    gradient = moment - time_of_cases.sum(axis=0)
    time /= growth
    square *= share
    square -= np.multiply(time_of_cases, time, out=time)
    return gradient, np.maximum(square, 0.0, out=square).sum(axis=0)
