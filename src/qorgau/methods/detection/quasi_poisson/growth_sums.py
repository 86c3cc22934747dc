"""Sums of ``exp(slope time)`` over the weeks of each season block, and their first two moments.

They are all that a fit needs from its weeks. Without a population they are functions of the
slope alone, the same for every series: the exponential series turns them into one small matrix
product. With a population every week of every series is summed.
"""

from typing import Protocol

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.season_design import (
    GROWTH_TERMS,
    MOMENTS,
    STEEPEST_SERIES,
    Design,
)
from qorgau.methods.detection.quasi_poisson.week_weights import WeekWeights

# So many series with all their weeks stay in a processor's own memory.
SERIES_AT_ONCE = 256


class GrowthSums(Protocol):
    """Weighted sums over the weeks of each block, for a slope of each series."""

    def at(self, slope: FloatArray) -> FloatArray:
        """Sums of growth, growth x time, growth x time^2: shape ``(3, blocks, series)``.

        Time is scaled to [-1, 1]; common factors of the weights are left out. The array may be
        changed, and is overwritten by the next call.
        """

    def take(self, chosen: IntArray) -> "GrowthSums":
        """The same for a selection of the series, given by ascending number."""


class SharedGrowth:
    """Sums without a population: a power series, less what the listed weeks lack."""

    def __init__(self, weights: WeekWeights) -> None:
        self._weights = weights
        self._weekless = None if weights.weeks.all() else weights.weeks == 0
        self._powers = np.empty((GROWTH_TERMS, weights.scale.size))
        self._sums = np.empty((MOMENTS, weights.design.blocks, weights.scale.size))

    def at(self, slope: FloatArray) -> FloatArray:
        """Sums at one slope for each series."""
        design, weights = self._weights.design, self._weights
        is_steep = np.abs(slope) > STEEPEST_SERIES
        within = np.where(is_steep, 0.0, slope) if is_steep.any() else slope
        sums = self._sums
        flat = sums.reshape(MOMENTS * design.blocks, slope.size)
        # exp(b t) = sum of (b t)^k / k!: the powers of the times are the same for all series.
        np.matmul(design.growth_series, _raise(within, self._powers), out=flat)
        if within is not slope:
            sums[:, :, is_steep] = _summed(design, _growth(design, slope[is_steep]))
        if not weights.is_even:
            growth = np.exp(slope[weights.series] * weights.time)
            pull = growth * weights.time
            sums -= weights.lost(growth, pull, pull * weights.time)
        if self._weekless is not None:
            # Subtraction leaves a rounding error of a block without a week.
            sums[:, self._weekless] = 0.0
        return sums

    def take(self, chosen: IntArray) -> "SharedGrowth":
        """The same for a selection of the series."""
        return SharedGrowth(self._weights.take(chosen))


class ExposedGrowth:
    """Sums with a population behind each week of each series."""

    def __init__(self, design: Design, exposure: FloatArray) -> None:
        self._design = design
        self._exposure = exposure

    def at(self, slope: FloatArray) -> FloatArray:
        """Sums at one slope for each series."""
        sums = np.empty((MOMENTS, self._design.blocks, slope.size))
        for start in range(0, slope.size, SERIES_AT_ONCE):
            part = slice(start, start + SERIES_AT_ONCE)
            growth = _growth(self._design, slope[part])
            growth *= self._exposure[:, part]
            sums[:, :, part] = _summed(self._design, growth)
        return sums

    def take(self, chosen: IntArray) -> "ExposedGrowth":
        """The same for a selection of the series."""
        return ExposedGrowth(self._design, self._exposure[:, chosen])


def growth_sums(exposure: FloatArray | None, weights: WeekWeights) -> SharedGrowth | ExposedGrowth:
    """The sums for a block of series.

    Parameters
    ----------
    exposure : numpy.ndarray, shape (weeks, series), or None
        Population behind each count.
    weights : WeekWeights
        Weights of the weeks.

    Returns
    -------
    SharedGrowth or ExposedGrowth
    """
    if exposure is None:
        return SharedGrowth(weights)
    weighted = exposure.copy()
    weighted[weights.row, weights.series] *= weights.weight
    return ExposedGrowth(weights.design, weighted)


def _raise(slope: FloatArray, powers: FloatArray) -> FloatArray:
    """Write the powers 0, 1, 2, ... of each slope, shape ``(terms, series)``, by doubling."""
    powers[0] = 1.0
    known = 1
    while known < GROWTH_TERMS:
        more = min(known, GROWTH_TERMS - known)
        np.multiply(powers[:more], powers[known - 1] * slope, out=powers[known : known + more])
        known += more
    return powers


def _growth(design: Design, slope: FloatArray) -> FloatArray:
    growth: FloatArray = np.multiply.outer(design.scaled_time, slope)
    return np.exp(growth, out=growth)


def _summed(design: Design, growth: FloatArray) -> FloatArray:
    sums: FloatArray = (design.block_time_powers @ growth).reshape(
        MOMENTS, design.blocks, growth.shape[1]
    )
    return sums
