"""Weights of baseline weeks: 1, except for missing weeks and past outbreaks.

Only the few are listed, so that a second fit costs little more than the first.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.season_design import Design


@dataclass(frozen=True, eq=False)
class WeekWeights:
    """Weights of the baseline weeks of a block of series.

    Attributes
    ----------
    design
        Season blocks and times.
    row, series
        Shape ``(listed,)``, the weeks whose weight is not 1.
    weight
        Same shape, their weights; 0 for a week that is not used.
    scale
        Shape ``(series,)``, a factor common to all weeks of a series.
    """

    design: Design
    row: IntArray
    series: IntArray
    weight: FloatArray
    scale: FloatArray

    @classmethod
    def of_used(cls, design: Design, is_used: BoolArray | None, series: int) -> "WeekWeights":
        """Weight 1 for the weeks used, of shape ``(weeks, series)``; None for all of them."""
        row = column = np.zeros(0, dtype=np.int64)
        if is_used is not None:
            row, column = np.nonzero(~is_used)
        return cls(design, row, column, np.zeros(row.size), np.ones(series))

    def take(self, chosen: IntArray) -> "WeekWeights":
        """The weights of a selection of the series, given by ascending number."""
        place = np.full(self.scale.size, -1)
        place[chosen] = np.arange(chosen.size)
        series = place[self.series]
        kept = np.flatnonzero(series >= 0)
        return WeekWeights(
            self.design.for_series(chosen),
            self.row[kept],
            series[kept],
            self.weight[kept],
            self.scale[chosen],
        )

    def between(self, part: slice) -> "WeekWeights":
        """The weights of the series from `part.start` to `part.stop`, numbered from 0."""
        inside = np.flatnonzero((self.series >= part.start) & (self.series < part.stop))
        series = self.series[inside] - part.start
        return WeekWeights(
            self.design, self.row[inside], series, self.weight[inside], self.scale[part]
        )

    def joined(
        self, row: IntArray, series: IntArray, weight: FloatArray, scale: FloatArray
    ) -> "WeekWeights":
        """These weights, with others for weeks that had the weight 1."""
        return WeekWeights(
            self.design,
            np.concatenate([self.row, row]),
            np.concatenate([self.series, series]),
            np.concatenate([self.weight, weight]),
            scale,
        )

    def dense(self) -> FloatArray:
        """All weights without the common factors, shape ``(weeks, series)``."""
        weight = np.ones((self.design.time.size, self.scale.size))
        weight[self.row, self.series] = self.weight
        return weight

    @property
    def is_even(self) -> bool:
        """Whether every week has the weight 1."""
        return self.row.size == 0

    @cached_property
    def time(self) -> FloatArray:
        """Scaled times of the listed weeks."""
        return self.design.scaled_time[self.row]

    @cached_property
    def _lack(self) -> FloatArray:
        return 1.0 - self.weight

    @cached_property
    def _cell(self) -> IntArray:
        return self.design.block[self.row] * self.scale.size + self.series

    def lost(self, *values: FloatArray) -> FloatArray:
        """What is missing from sums over blocks because of the weights of the listed weeks.

        Parameters
        ----------
        *values : numpy.ndarray, shape (listed,)
            Values of the listed weeks, one array for each sum.

        Returns
        -------
        numpy.ndarray, shape (sums, blocks, series)
        """
        # One bincount for all sums: the cells of each are offset by the size of one.
        size = self.design.blocks * self.scale.size
        cells = np.concatenate([self._cell + place * size for place in range(len(values))])
        lacking = np.concatenate([self._lack * value for value in values])
        lost = np.bincount(cells, lacking, minlength=len(values) * size).astype(np.float64)
        return lost.reshape(len(values), self.design.blocks, self.scale.size)

    def lost_by_series(self, values: FloatArray) -> FloatArray:
        """The same for a sum over all weeks, shape ``(series,)``."""
        lost = np.bincount(self.series, self._lack * values, minlength=self.scale.size)
        return lost.astype(np.float64)

    @cached_property
    def weeks(self) -> FloatArray:
        """Weeks used in each block: shape ``(blocks, 1)``, or ``(blocks, series)``."""
        weeks: FloatArray = self.design.indicator.sum(axis=1)[:, None]
        is_unused = self.weight == 0
        if not is_unused.any():
            return weeks
        size = self.design.blocks * self.scale.size
        unused = np.bincount(self._cell[is_unused], minlength=size)
        return weeks - unused.reshape(self.design.blocks, self.scale.size)
