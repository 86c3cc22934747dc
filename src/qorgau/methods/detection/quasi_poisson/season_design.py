"""What the baseline weeks of all series have in common: season blocks, times, and their tables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import factorial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.baselines.baseline_weeks import Baseline

ScalarT = TypeVar("ScalarT", bound=np.generic)

# The exponential series of a slope up to 2 on times up to 1 has reached rounding after 25 terms.
STEEPEST_SERIES = 2.0
GROWTH_TERMS = 25
MOMENTS = 3


@dataclass(frozen=True, eq=False)
class YearPattern:
    """Years with the same sequence of blocks differ by a factor only.

    Attributes
    ----------
    linear
        Shape ``(pattern weeks, blocks + 1)``, turns levels and slope into log means of the weeks
        of a year that begins at time 0.
    start
        Shape ``(years,)``, scaled time of the first week of each year.
    rows, places
        For each year, its baseline weeks, and the same weeks of the pattern.
    """

    linear: FloatArray
    start: FloatArray
    rows: list[slice]
    places: list[slice]

    @classmethod
    def of(cls, design: "Design") -> "YearPattern":
        """The pattern of a design: one year for all, and a second where years have 53 weeks."""
        first = np.flatnonzero(np.diff(design.year, prepend=design.year[0] + 1))
        rows = [slice(a, b) for a, b in pairwise([*first.tolist(), design.year.size])]
        longest: list[FloatArray] = []
        pattern_of_year = []
        for year in rows:
            weeks = design.linear[year].copy()
            weeks[:, -1] -= design.scaled_time[year.start]
            same = (i for i, other in enumerate(longest) if _begin_the_same(weeks, other))
            place = next(same, len(longest))
            if place == len(longest):
                longest.append(weeks)
            elif len(weeks) > len(longest[place]):
                longest[place] = weeks
            pattern_of_year.append(place)
        starts = np.cumsum([0, *map(len, longest)])
        places = [
            slice(int(starts[place]), int(starts[place]) + year.stop - year.start)
            for place, year in zip(pattern_of_year, rows, strict=True)
        ]
        return cls(np.vstack(longest), design.scaled_time[first], rows, places)

    def by_year(self, level: FloatArray, slope: FloatArray) -> Iterator[tuple[slice, FloatArray]]:
        """Means of the baseline weeks, year after year.

        Yields
        ------
        rows : slice
            Baseline weeks of the year.
        mean : numpy.ndarray, shape (weeks of the year, series)
            Overwritten for the next year.
        """
        year: FloatArray = np.exp(self.linear @ np.vstack([level, slope]))
        since = np.exp(np.multiply.outer(self.start, slope))
        scratch = np.empty_like(year)
        for rows, place, factor in zip(self.rows, self.places, since, strict=True):
            mean = scratch[: rows.stop - rows.start]
            yield rows, np.multiply(year[place], factor, out=mean)


def _begin_the_same(weeks: FloatArray, other: FloatArray) -> bool:
    shared = min(len(weeks), len(other))
    return bool(np.abs(weeks[:shared] - other[:shared]).max() < 1e-9)


@dataclass(frozen=True, eq=False)
class Design:
    """What the baseline weeks of all series in a block have in common.

    Attributes
    ----------
    indicator
        Shape ``(season blocks, baseline weeks)``, 1 where a week belongs to a block.
    block
        Shape ``(baseline weeks,)``, index of each week's block.
    time
        Shape ``(baseline weeks,)``, weeks, centred.
    tested_block
        Index of the block of the tested week.
    tested_time
        Time of the tested week on the scale of `time`: shape ``(1,)``, or ``(series,)``.
    year
        Shape ``(baseline weeks,)``, years back of each week.
    """

    indicator: FloatArray
    block: IntArray
    time: FloatArray
    tested_block: int
    tested_time: FloatArray
    year: IntArray

    @classmethod
    def of(cls, baseline: Baseline) -> "Design":
        """The design of a baseline."""
        labels, block = np.unique(baseline.season, return_inverse=True)
        centre = (baseline.rows - baseline.week).mean()
        return cls(
            indicator=(block == np.arange(labels.size)[:, None]).astype(np.float64),
            block=block.astype(np.int64),
            time=(baseline.rows - baseline.week) - centre,
            tested_block=int(np.searchsorted(labels, baseline.periods)),
            tested_time=np.array([-centre]),
            year=baseline.year,
        )

    def predicting_earlier(self, weeks: FloatArray) -> "Design":
        """The same with this number of weeks subtracted from the tested time of each series."""
        return replace(self, tested_time=self.tested_time - weeks)

    def for_series(self, series: BoolArray | IntArray) -> "Design":
        """The same design for a selection of the series."""
        if self.tested_time.size == 1:
            return self
        return replace(self, tested_time=self.tested_time[series])

    @property
    def blocks(self) -> int:
        """Number of season blocks that occur."""
        return int(self.indicator.shape[0])

    def block_sums(self, values: FloatArray) -> FloatArray:
        """Sum over the weeks of each block: ``(weeks, series)`` to ``(blocks, series)``."""
        return self.indicator @ values

    def spread(self, values: NDArray[ScalarT]) -> NDArray[ScalarT]:
        """Give each week the value of its block: ``(blocks, series)`` to ``(weeks, series)``."""
        return values[self.block]

    @cached_property
    def time_scale(self) -> float:
        """Number of weeks that is 1 on the scaled time."""
        return float(np.abs(self.time).max()) or 1.0

    @cached_property
    def scaled_time(self) -> FloatArray:
        """Times from -1 to 1, shape ``(baseline weeks,)``."""
        return self.time / self.time_scale

    @cached_property
    def linear(self) -> FloatArray:
        """Turns levels and slope into log means, shape ``(baseline weeks, blocks + 1)``."""
        return np.column_stack([self.indicator.T, self.scaled_time])

    @cached_property
    def pattern(self) -> YearPattern:
        """What its years have in common."""
        return YearPattern.of(self)

    @cached_property
    def block_time_spread(self) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of the scaled time in each block, shape ``(blocks,)`` each."""
        weeks, time, square = self.growth_series[:, 0].reshape(MOMENTS, self.blocks)
        return time / weeks, square / weeks - (time / weeks) ** 2

    @cached_property
    def block_time_powers(self) -> FloatArray:
        """Sums a week's values x scaled time^0, 1, 2 by block, shape ``(3 blocks, weeks)``."""
        return np.vstack([self.indicator * self.scaled_time**power for power in range(MOMENTS)])

    @cached_property
    def count_sums(self) -> FloatArray:
        """Sums counts by block, by time and by year: shape ``(blocks + 1 + years, weeks)``."""
        years = self.year == np.unique(self.year)[:, None]
        return np.vstack([self.indicator, self.scaled_time, years])

    @cached_property
    def time_sums(self) -> FloatArray:
        """Sums a week's values x time by block, and x time^2: shape ``(blocks + 1, weeks)``."""
        return np.vstack([self.indicator * self.scaled_time, self.scaled_time**2])

    @cached_property
    def growth_series(self) -> FloatArray:
        """Exponential series of the sums of growth, shape ``(3 blocks, terms)``.

        Row ``moment x blocks + block`` holds, for each power of the slope, its factor in the sum
        of ``exp(slope time) time^moment`` over the weeks of the block.
        """
        # exp(b t) t^m = sum of b^k t^(k + m) / k!: sums of t^0, t^1, ... over a block serve all
        # moments.
        factors = np.repeat(self.scaled_time[:, None], GROWTH_TERMS + MOMENTS - 1, axis=1)
        factors[:, 0] = 1.0
        sums = self.indicator @ np.cumprod(factors, axis=1)
        divisor = np.array([float(factorial(term)) for term in range(GROWTH_TERMS)])
        return np.vstack([sums[:, m : m + GROWTH_TERMS] / divisor for m in range(MOMENTS)])
