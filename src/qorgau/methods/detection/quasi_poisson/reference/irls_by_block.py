"""R's ``glm.fit`` step by step, on sums over season blocks.

For `reference` mode. With the log link a step of iteratively reweighted least squares is one of
Newton's, and all it needs of the weeks are the sums of `growth_sums`; only the first step, which
starts from the counts themselves, uses each week. The package raises means to at least 2.2e-16;
series that come near, or are unusual in another way, are marked `is_unsure`, and fitted by week.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.growth_sums import SERIES_AT_ONCE, GrowthSums
from qorgau.methods.detection.quasi_poisson.reference.irls_by_week import (
    LARGEST_ITERATIONS,
    SMALLEST_MEAN,
    TOLERANCE,
)
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

LOWEST_LOG_MEAN = float(np.log(SMALLEST_MEAN)) + 0.5
LEAST_TIME_VARIANCE = 1e-2
# With more cases the rounding error of a deviance is near the tolerance of the iterations.
MOST_CASES = 1e9
SMALLEST_WEIGHT = float(np.finfo(np.float64).tiny)
WORTH_LEAVING_OUT = 0.3


@dataclass(frozen=True, eq=False)
class StartingSums:
    """Sums over weeks for the first step and the deviance; ``m`` is ``count + 0.1``.

    Attributes
    ----------
    mean, mean_time, response
        Shape ``(blocks, series)``, sums of ``m``, of ``m`` x time, and of ``m`` x the working
        response.
    mean_square, response_time
        Shape ``(series,)``, sums of ``m`` x time^2 and of ``m`` x response x time.
    saturated
        Shape ``(series,)``, half of what is constant in the deviance.
    """

    mean: FloatArray
    mean_time: FloatArray
    mean_square: FloatArray
    response: FloatArray
    response_time: FloatArray
    saturated: FloatArray

    @classmethod
    def of(cls, series: WeightedCounts) -> "StartingSums":
        """The sums with weight 1 for every week, also for those that are listed."""
        design, blocks = series.design, series.design.blocks
        to_response, to_mean = design.count_sums[: blocks + 1], design.time_sums
        of_response, of_mean = np.empty((2, blocks + 1, series.counts.shape[1]))
        saturated = np.empty(series.counts.shape[1])
        for start in range(0, saturated.size, SERIES_AT_ONCE):
            part = slice(start, start + SERIES_AT_ONCE)
            counts = np.ascontiguousarray(series.counts[:, part])
            exposure = None if series.exposure is None else series.exposure[:, part]
            of_mean[:, part] = to_mean @ counts
            response, own = _terms(counts, exposure)
            of_response[:, part] = to_response @ response
            saturated[part] = own.sum(axis=0)
        of_mean += 0.1 * to_mean.sum(axis=1)[:, None]
        return cls(
            series.plain_sums[:blocks] + 0.1 * design.indicator.sum(axis=1)[:, None],
            of_mean[:blocks],
            of_mean[blocks],
            of_response[:blocks],
            of_response[blocks],
            saturated,
        )

    def weighted(self, series: WeightedCounts) -> "StartingSums":
        """The sums less what the weeks listed in the weights of the series lack."""
        weights = series.weights
        if weights.is_even:
            return self
        exposure, time, mean = None, weights.time, series.listed_counts + 0.1
        if series.exposure is not None:
            exposure = series.exposure[weights.row, weights.series]
        response, saturated = _terms(series.listed_counts, exposure)
        of_mean, of_mean_time, of_response = weights.lost(mean, mean * time, response)
        return StartingSums(
            self.mean - of_mean,
            self.mean_time - of_mean_time,
            self.mean_square - weights.lost_by_series(mean * time**2),
            self.response - of_response,
            self.response_time - weights.lost_by_series(response * time),
            self.saturated - weights.lost_by_series(saturated),
        )


def _terms(counts: FloatArray, exposure: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Each week's ``m`` x working response, and its part of the saturated likelihood."""
    if exposure is None and counts.max(initial=0.0) < len(TABLED_TERMS[0]):
        # The same few counts occur again and again: a table is cheaper than two logarithms.
        whole = counts.astype(np.intp)
        return TABLED_TERMS[0].take(whole), TABLED_TERMS[1].take(whole)
    return _computed_terms(counts, exposure)


def _computed_terms(
    counts: FloatArray, exposure: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    mean = counts + 0.1
    response = np.log(mean)
    own = np.log(np.maximum(counts, 0.1))
    own -= 1.0
    if exposure is not None:
        offset = np.log(exposure)
        response -= offset
        own -= offset
    response *= mean
    response -= 0.1
    own *= counts
    return response, own


TABLED_TERMS = _computed_terms(np.arange(2048.0), None)


def _first_deviance(series: WeightedCounts, chosen: IntArray) -> FloatArray:
    """Deviance of the means ``count + 0.1`` from the counts, for a selection of the series."""
    counts, weights = series.counts[:, chosen], series.weights.take(chosen)
    excess = counts * np.log(np.maximum(counts, 0.1) / (counts + 0.1)) + 0.1
    deviance: FloatArray = 2.0 * weights.scale * (weights.dense() * excess).sum(axis=0)
    return deviance


@dataclass(eq=False)
class _BlockState:
    """State of the series that are still iterated; arrays end in the series axis.

    `moments` are sums of the means, of means x time and of means x time^2 over the blocks.
    """

    level: FloatArray
    slope: FloatArray
    moments: FloatArray
    deviance: FloatArray

    def take(self, chosen: IntArray) -> "_BlockState":
        return _BlockState(*(array[..., chosen] for array in vars(self).values()))


@dataclass(frozen=True, eq=False)
class _BlockSums:
    """What does not change from step to step."""

    cases: FloatArray
    moment: FloatArray
    growth: GrowthSums
    saturated: FloatArray
    scale: FloatArray
    lowest_offset: FloatArray
    has_weeks: BoolArray

    def take(self, chosen: IntArray) -> "_BlockSums":
        return _BlockSums(
            self.cases[:, chosen],
            self.moment[chosen],
            self.growth.take(chosen),
            self.saturated[chosen],
            self.scale[chosen],
            self.lowest_offset[chosen],
            self.has_weeks[:, chosen],
        )


def fit_irls_blocks(series: WeightedCounts, starting: StartingSums, *, has_trend: bool) -> BlockFit:
    """Fit every series of a block as R's ``glm`` would.

    Parameters
    ----------
    series : WeightedCounts
        Counts and weights.
    starting : StartingSums
        Sums of the same counts with weight 1.
    has_trend : bool
        Whether the log mean is linear in time.

    Returns
    -------
    BlockFit
        Working levels, weights and times belong to the step before the last, as in R.
        `is_unsure` for means near the package's least one, a deviance that is not finite, and a
        season or a slope that the weeks do not determine.
    """
    starting = starting.weighted(series)
    data = _data(series, starting)
    state = _first_step(data, starting, has_trend)
    found = _BlockSolution.room_for(state)
    found.is_unsure |= _is_unusual(data, state) | _has_converged_at_once(series, state)
    found.is_unsure |= ~data.has_weeks[series.design.tested_block]
    found.is_unsure |= data.cases.sum(axis=0) > MOST_CASES
    # A block's only week is met exactly, and what R makes of it is a matter of rounding.
    found.is_unsure |= (series.weights.weeks == 1).any(axis=0)
    going, is_open = np.arange(state.slope.size), ~found.is_unsure
    for iteration in range(2, LARGEST_ITERATIONS + 1):
        before, state = state, _step(data, state, has_trend)
        is_unusual = is_open & _is_unusual(data, state)
        found.is_unsure[going[is_unusual]] = True
        has_converged = is_open & ~is_unusual & _has_converged(state.deviance, before.deviance)
        found.converged[going[has_converged]] = True
        is_last = iteration == LARGEST_ITERATIONS
        is_ending = is_open & ~is_unusual if is_last else has_converged
        found.keep(going, is_ending, before, state)
        is_open &= ~(is_unusual | is_ending)
        left = np.count_nonzero(is_open)
        if left == 0:
            break
        if left < (1.0 - WORTH_LEAVING_OUT) * is_open.size:
            chosen = np.flatnonzero(is_open)
            going, is_open = going[chosen], is_open[chosen]
            data, state = data.take(chosen), state.take(chosen)
    return _describe(series, found, has_trend)


@dataclass(eq=False)
class _BlockSolution:
    """Last step of every series."""

    level: FloatArray
    slope: FloatArray
    working_level: FloatArray
    working_slope: FloatArray
    converged: BoolArray
    is_unsure: BoolArray

    @classmethod
    def room_for(cls, state: _BlockState) -> "_BlockSolution":
        return cls(
            np.zeros_like(state.level),
            np.zeros_like(state.slope),
            np.zeros_like(state.level),
            np.zeros_like(state.slope),
            np.zeros(state.slope.size, dtype=np.bool_),
            np.zeros(state.slope.size, dtype=np.bool_),
        )

    def keep(
        self, going: IntArray, is_ending: BoolArray, before: _BlockState, state: _BlockState
    ) -> None:
        """Store what was found for series that have ended, from their last two steps."""
        if not is_ending.any():
            return
        ending, place = np.flatnonzero(is_ending), going[is_ending]
        self.level[:, place] = state.level[:, ending]
        self.slope[place] = state.slope[ending]
        self.working_level[:, place] = before.level[:, ending]
        self.working_slope[place] = before.slope[ending]


def _data(series: WeightedCounts, starting: StartingSums) -> _BlockSums:
    lowest_offset = np.zeros(series.counts.shape[1])
    if series.exposure is not None:
        lowest_offset = np.log(series.exposure.min(axis=0))
    return _BlockSums(
        series.cases,
        series.moment,
        series.growth,
        starting.saturated,
        series.weights.scale,
        lowest_offset,
        np.broadcast_to(series.weights.weeks > 0, series.cases.shape),
    )


def _has_converged_at_once(series: WeightedCounts, state: _BlockState) -> BoolArray:
    """Series at their end after one step; it had no working means in the form kept here."""
    has_converged = np.zeros(state.slope.size, dtype=np.bool_)
    # Each week's part of the deviance before the first step is at most 0.2.
    most = 0.2 * series.weights.scale * series.counts.shape[0]
    chosen = np.flatnonzero(state.deviance < most + 1.0)
    first_deviance = _first_deviance(series, chosen)
    has_converged[chosen] = _has_converged(state.deviance[chosen], first_deviance)
    return has_converged


def _first_step(data: _BlockSums, starting: StartingSums, has_trend: bool) -> _BlockState:
    """Least squares of the working response of the counts."""
    # R's poisson() starts from mu = y + 0.1.
    mean = np.where(data.has_weeks, starting.mean, 1.0)
    level = np.where(data.has_weeks, starting.response, 0.0) / mean
    slope = np.zeros(level.shape[1])
    if has_trend:
        time = np.where(data.has_weeks, starting.mean_time, 0.0) / mean
        spread = starting.mean_square - (mean * time**2).sum(axis=0)
        slope = (starting.response_time - (time * mean * level).sum(axis=0)) / spread
        level -= slope * time
    return _state(data, level, slope)


def _step(data: _BlockSums, state: _BlockState, has_trend: bool) -> _BlockState:
    """One step from the means of the last one."""
    weight, time, square = state.moments
    weight = np.maximum(weight, SMALLEST_WEIGHT)
    level = data.cases / weight
    level -= 1.0
    slope = state.slope
    if has_trend:
        # The normal equations have the shape of an arrow: the slope is solved for with the time
        # centred in each block, then the levels follow.
        centre = time / weight
        spread = (square - centre * time).sum(axis=0)
        # Newton's step of the slope: observed less expected sum of cases x centred time, over the
        # sum of squares of the centred time.
        change = (data.moment - (centre * data.cases).sum(axis=0)) / spread
        slope = slope + change
        centre *= change
        level -= centre
    level += state.level
    if not data.has_weeks.all():
        level = np.where(data.has_weeks, level, 0.0)
    return _state(data, level, slope)


def _state(data: _BlockSums, level: FloatArray, slope: FloatArray) -> _BlockState:
    moments = data.growth.at(slope)
    moments *= np.exp(level)
    # Half the deviance: sum of y log y - y less sum of y eta - mu; sums over blocks are enough for
    # the second part.
    gain = (moments[0] - level * data.cases).sum(axis=0) - slope * data.moment
    return _BlockState(level, slope, moments, 2.0 * data.scale * (data.saturated + gain))


def _has_converged(deviance: FloatArray, before: FloatArray) -> BoolArray:
    change = np.abs(deviance - before) / (np.abs(deviance) + 0.1)
    has_converged: BoolArray = change < TOLERANCE
    return has_converged


def _is_unusual(data: _BlockSums, state: _BlockState) -> BoolArray:
    """Series for which sums over blocks are not enough to follow the package's next step."""
    lowest = state.level.min(axis=0) + data.lowest_offset - np.abs(state.slope)
    is_unusual: BoolArray = ~np.isfinite(state.deviance) | ~(lowest > LOWEST_LOG_MEAN)
    return is_unusual


def _describe(series: WeightedCounts, found: _BlockSolution, has_trend: bool) -> BlockFit:
    growth, time_sum, square_sum = series.growth.at(found.working_slope)
    weeks = np.broadcast_to(series.weights.weeks, found.level.shape)
    has_weeks = weeks > 0
    mean_of_level = series.weights.scale * np.exp(found.working_level)
    weight = np.where(has_weeks, mean_of_level * growth, 0.0)
    divisor = np.where(weight > 0, weight, 1.0)
    time = mean_of_level * time_sum / divisor
    # Second moment about the mean time of the block.
    spread = np.maximum(mean_of_level * square_sum - weight * time**2, 0.0)
    is_unsettled = spread.sum(axis=0) < LEAST_TIME_VARIANCE * weight.sum(axis=0)
    if has_trend:
        found.is_unsure |= is_unsettled
    return BlockFit(
        level=found.level,
        slope=found.slope,
        working_level=found.working_level,
        working_slope=found.working_slope,
        block_weight=weight,
        block_time=time,
        time_weight=spread.sum(axis=0) * has_trend,
        weeks=weeks.sum(axis=0),
        parameters=has_weeks.sum(axis=0) + float(has_trend),
        converged=found.converged,
        is_unsure=found.is_unsure,
    )
