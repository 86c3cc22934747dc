"""Exact maximum of the quasi-Poisson likelihood, with the season levels profiled out.

Given the slope, the level of each season block has a closed form, so that one number per series
is left to search: Newton's method on a concave function. Blocks without a case have the maximum
at a mean of zero; they say nothing of the dispersion and must be left out by the caller.
"""

import numpy as np

from qorgau.methods.detection.panel import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson import Design, Geometry, QuasiPoissonFit

LARGEST_ITERATIONS = 50
TOLERANCE = 1e-10
# A week that a fit must meet exactly has no residual; it is not to divide zero by zero.
LARGEST_LEVERAGE = 1.0 - 1e-9


def fit_profile(
    counts: FloatArray,
    design: Design,
    *,
    exposure: FloatArray | None,
    tested_exposure: FloatArray | None,
    prior_weight: FloatArray,
    has_trend: bool,
) -> QuasiPoissonFit:
    """Fit every series of a block by maximum likelihood.

    Parameters
    ----------
    counts : numpy.ndarray, shape (weeks, series)
        Counts without NaN.
    design : Design
        Season blocks and times.
    exposure : numpy.ndarray, shape (weeks, series), or None
        Population behind each count.
    tested_exposure : numpy.ndarray, shape (series,), or None
        Population of the tested week.
    prior_weight : numpy.ndarray, shape (weeks, series)
        Zero for weeks not used, and for all weeks of blocks without a case.
    has_trend : bool
        Whether the log mean is linear in time.

    Returns
    -------
    QuasiPoissonFit
        `converged` is False where a trend has no finite maximum.
    """
    scale = np.abs(design.time).max() or 1.0
    time = design.time / scale
    weight = prior_weight if exposure is None else prior_weight * exposure
    block_counts = design.block_sums(prior_weight * counts)
    slope = np.zeros(counts.shape[1])
    converged = np.ones(counts.shape[1], dtype=np.bool_)
    if has_trend:
        slope, converged = _maximise(
            np.einsum("ts,ts,t->s", prior_weight, counts, time), block_counts, weight, time, design
        )
    growth = np.exp(np.outer(time, slope)) if has_trend else np.ones((time.size, 1))
    block_exposure = design.block_sums(weight * growth)
    rate = block_counts / np.where(block_exposure > 0, block_exposure, 1.0)
    mean = design.spread(rate) * growth * (1.0 if exposure is None else exposure)
    geometry = Geometry.of(design, prior_weight * mean)
    with np.errstate(divide="ignore"):
        tested = np.log(rate[design.tested_block]) + slope * design.tested_time / scale
    if tested_exposure is not None:
        tested = tested + np.log(tested_exposure)
    return _describe(
        mean, design, geometry, prior_weight, has_trend, slope / scale, tested, converged
    )


def _maximise(
    moment: FloatArray,
    block_counts: FloatArray,
    weight: FloatArray,
    time: FloatArray,
    design: Design,
) -> tuple[FloatArray, BoolArray]:
    """Newton steps of at most 1 on the slope of the time scaled to [-1, 1]."""
    slope = np.zeros(moment.size)
    converged = np.zeros(moment.size, dtype=np.bool_)
    going = np.arange(moment.size)
    for _ in range(LARGEST_ITERATIONS):
        growth = weight[:, going] * np.exp(np.outer(time, slope[going]))
        total = design.block_sums(growth)
        divisor = np.where(total > 0, total, 1.0)
        first = design.block_sums(growth * time[:, None]) / divisor
        second = design.block_sums(growth * (time**2)[:, None]) / divisor
        gradient = moment[going] - np.einsum("bs,bs->s", block_counts[:, going], first)
        spread = np.maximum(second - first**2, 0.0)
        information = np.einsum("bs,bs->s", block_counts[:, going], spread)
        has_information = information > 1e-12
        step = gradient / np.where(has_information, information, 1.0)
        slope[going] += np.where(has_information, np.clip(step, -1.0, 1.0), 0.0)
        is_done = has_information & (np.abs(step) < TOLERANCE)
        converged[going[is_done]] = True
        going = going[has_information & ~is_done]
        if going.size == 0:
            break
    return slope, converged


def _describe(
    mean: FloatArray,
    design: Design,
    geometry: Geometry,
    prior_weight: FloatArray,
    has_trend: bool,
    slope: FloatArray,
    tested: FloatArray,
    converged: BoolArray,
) -> QuasiPoissonFit:
    absent = np.full(slope.size, np.nan)
    time_weight = np.where(geometry.time_weight > 0, geometry.time_weight, np.nan)
    parameters = (geometry.block_weight > 0).sum(axis=0) + int(has_trend)
    return QuasiPoissonFit(
        mean=mean,
        working_mean=mean,
        leverage=np.minimum(geometry.leverage(design, has_trend=has_trend), LARGEST_LEVERAGE),
        trend_per_week=slope if has_trend else absent,
        trend_variance=1.0 / time_weight if has_trend else absent,
        tested_log_mean=tested,
        tested_log_variance=geometry.tested_variance(design, has_trend=has_trend),
        residual_df=(prior_weight > 0).sum(axis=0) - parameters.astype(np.float64),
        converged=converged,
    )
