"""Iteratively reweighted least squares, step by step as R's ``glm.fit`` takes them.

For `reference` mode alone: sparse series have no finite maximum, and the numbers that the
package reports for them depend on where its iterations happen to stop.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.reference.fit_by_week import Geometry, QuasiPoissonFit
from qorgau.methods.detection.quasi_poisson.season_design import Design

LARGEST_ITERATIONS = 25
TOLERANCE = 1e-8
SMALLEST_MEAN = float(np.finfo(np.float64).eps)


@dataclass(eq=False)
class _WeeklyState:
    """State of the iterations of each series; `level` is ``(blocks, series)``."""

    level: FloatArray
    slope: FloatArray
    log_mean: FloatArray
    mean: FloatArray
    working_mean: FloatArray
    deviance: FloatArray
    converged: BoolArray

    def take(self, series: BoolArray) -> "_WeeklyState":
        return _WeeklyState(*(array[..., series] for array in vars(self).values()))

    def put(self, series: BoolArray, other: "_WeeklyState") -> None:
        for name, array in vars(self).items():
            array[..., series] = getattr(other, name)


def fit_irls(
    counts: FloatArray,
    design: Design,
    *,
    log_population: FloatArray | None,
    tested_log_population: FloatArray | None,
    prior_weight: FloatArray,
    has_trend: bool,
) -> QuasiPoissonFit:
    """Fit every series of a block as R's ``glm`` would.

    Parameters
    ----------
    counts : numpy.ndarray, shape (weeks, series)
        Counts without NaN.
    design : Design
        Season blocks and times.
    log_population : numpy.ndarray, shape (weeks, series), or None
        Offset.
    tested_log_population : numpy.ndarray, shape (series,), or None
        Offset of the tested week.
    prior_weight : numpy.ndarray, shape (weeks, series)
        Zero for weeks not used.
    has_trend : bool
        Whether the log mean is linear in time.

    Returns
    -------
    QuasiPoissonFit
        Weights and leverages belong to the step before the last, as in R.
    """
    offset = np.zeros((1, counts.shape[1])) if log_population is None else log_population
    offset = np.broadcast_to(offset, counts.shape)
    state = _iterate(counts, design, offset, prior_weight, has_trend)
    geometry = Geometry.of(design, prior_weight * state.working_mean)
    tested = state.level[design.tested_block] + state.slope * design.tested_time
    if tested_log_population is not None:
        tested = tested + tested_log_population
    parameters = (geometry.block_weight > 0).sum(axis=0) + int(has_trend)
    absent = np.full(counts.shape[1], np.nan)
    is_identified = geometry.time_weight > 0
    return QuasiPoissonFit(
        mean=state.mean,
        working_mean=state.working_mean,
        leverage=_saturate(geometry.leverage(design, has_trend=has_trend)),
        trend_per_week=state.slope if has_trend else absent,
        trend_variance=1.0 / np.where(is_identified, geometry.time_weight, np.nan)
        if has_trend
        else absent,
        tested_log_mean=tested,
        tested_log_variance=geometry.tested_variance(design, has_trend=has_trend),
        residual_df=(prior_weight > 0).sum(axis=0) - parameters.astype(np.float64),
        converged=state.converged,
    )


def _saturate(leverage: FloatArray) -> FloatArray:
    """R takes a leverage within ten units in the last place of 1 as 1."""
    return np.where(leverage > 1.0 - 10.0 * np.finfo(float).eps, 1.0, leverage)


def _iterate(
    counts: FloatArray,
    design: Design,
    offset: FloatArray,
    prior_weight: FloatArray,
    has_trend: bool,
) -> _WeeklyState:
    series = counts.shape[1]
    mean = counts + 0.1
    state = _WeeklyState(
        level=np.full((design.indicator.shape[0], series), np.nan),
        slope=np.zeros(series),
        log_mean=np.log(mean),
        mean=mean,
        working_mean=mean.copy(),
        deviance=_deviance(counts, mean, prior_weight),
        converged=np.zeros(series, dtype=np.bool_),
    )
    done = np.zeros(series, dtype=np.bool_)
    for iteration in range(LARGEST_ITERATIONS):
        going = ~done
        if not going.any():
            break
        part = state.take(going)
        is_defined = _step(
            part,
            counts[:, going],
            design,
            offset[:, going],
            prior_weight[:, going],
            has_trend,
            is_first=iteration == 0,
        )
        state.put(going, part)
        done[going] = part.converged | ~is_defined
    return state


def _step(
    state: _WeeklyState,
    counts: FloatArray,
    design: Design,
    offset: FloatArray,
    prior_weight: FloatArray,
    has_trend: bool,
    *,
    is_first: bool,
) -> BoolArray:
    """Take one step in place; return the series with a finite deviance after it."""
    # Working response and weights of the log link: eta + (y - mu) / mu, and mu (McCullagh and
    # Nelder 1989, the algorithm of generalised linear models).
    response = state.log_mean - offset + (counts - state.mean) / state.mean
    old_level, old_slope, old_deviance = state.level, state.slope, state.deviance
    state.working_mean = state.mean
    state.level, state.slope = _solve(design, prior_weight * state.mean, response, has_trend)
    _predict(state, counts, design, offset, prior_weight)
    for _ in range(0 if is_first else LARGEST_ITERATIONS):
        is_lost = ~np.isfinite(state.deviance)
        if not is_lost.any():
            break
        state.level = np.where(is_lost, (state.level + old_level) / 2.0, state.level)
        state.slope = np.where(is_lost, (state.slope + old_slope) / 2.0, state.slope)
        _predict(state, counts, design, offset, prior_weight)
    is_defined = np.isfinite(state.deviance)
    # As R's glm.control: |deviance - before| / (|deviance| + 0.1) below 1e-8.
    change = np.abs(np.where(is_defined, state.deviance, np.inf) - old_deviance)
    state.converged = change / (np.abs(state.deviance) + 0.1) < TOLERANCE
    return is_defined


def _solve(
    design: Design, weight: FloatArray, response: FloatArray, has_trend: bool
) -> tuple[FloatArray, FloatArray]:
    """Weighted least squares for the levels of the blocks and the common slope."""
    geometry = Geometry.of(design, weight)
    divisor = np.where(geometry.block_weight > 0, geometry.block_weight, 1.0)
    level = design.block_sums(weight * response) / divisor
    if not has_trend:
        return level, np.zeros(weight.shape[1])
    residual = response - design.spread(level)
    moment = np.einsum("ts,ts,ts->s", weight, geometry.centred_time, residual)
    slope = moment / np.where(geometry.time_weight > 0, geometry.time_weight, np.inf)
    return level - slope * geometry.block_time, slope


def _predict(
    state: _WeeklyState,
    counts: FloatArray,
    design: Design,
    offset: FloatArray,
    prior_weight: FloatArray,
) -> None:
    state.log_mean = design.spread(state.level) + state.slope * design.time[:, None] + offset
    with np.errstate(over="ignore"):
        state.mean = np.maximum(np.exp(state.log_mean), SMALLEST_MEAN)
        state.deviance = _deviance(counts, state.mean, prior_weight)


def _deviance(counts: FloatArray, mean: FloatArray, prior_weight: FloatArray) -> FloatArray:
    positive = np.where(counts > 0, counts, 1.0)
    # Poisson deviance: y log(y / mu) - (y - mu), twice and weighted.
    unit = np.where(counts > 0, counts * np.log(positive / mean) - (counts - mean), mean)
    deviance: FloatArray = 2.0 * np.einsum("ts,ts->s", prior_weight, unit)
    return deviance
