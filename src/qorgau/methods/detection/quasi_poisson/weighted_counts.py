"""The counts of a block of series as a fit needs them: weighted sums over season blocks."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.growth_sums import GrowthSums, growth_sums
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.week_weights import WeekWeights


@dataclass(frozen=True, eq=False)
class WeightedCounts:
    """Counts and weights of the baseline weeks of a block of series.

    Attributes
    ----------
    counts
        Shape ``(weeks, series)``, zero where a week is not used.
    exposure
        Same shape, population behind each count; None without one.
    weights
        Weights of the weeks. Their common factors do not enter the sums below.
    """

    counts: FloatArray
    exposure: FloatArray | None
    weights: WeekWeights

    @property
    def design(self) -> Design:
        """Season blocks and times."""
        return self.weights.design

    def take(self, chosen: IntArray) -> "WeightedCounts":
        """The same for a selection of the series, given by ascending number."""
        part = WeightedCounts(
            np.take(self.counts, chosen, axis=1),
            None if self.exposure is None else np.take(self.exposure, chosen, axis=1),
            self.weights.take(chosen),
        )
        vars(part)["plain_sums"] = self.plain_sums[:, chosen]
        return part

    def weighted(self, weights: WeekWeights) -> "WeightedCounts":
        """The same counts with other weights; sums that do not depend on them are kept."""
        other = replace(self, weights=weights)
        vars(other)["plain_sums"] = self.plain_sums
        return other

    @property
    def n_series(self) -> int:
        """Number of series."""
        return int(self.counts.shape[1])

    @cached_property
    def plain_sums(self) -> FloatArray:
        """Unweighted cases of each block, cases x scaled time, and cases of each year.

        Shape ``(blocks + 1 + years, series)``.
        """
        sums: FloatArray = self.design.count_sums @ self.counts
        return sums

    @property
    def year_cases(self) -> FloatArray:
        """Unweighted cases of each year, shape ``(years, series)``."""
        return self.plain_sums[self.design.blocks + 1 :]

    @cached_property
    def listed_counts(self) -> FloatArray:
        """Counts of the weeks that the weights list."""
        return self.counts[self.weights.row, self.weights.series]

    @cached_property
    def cases(self) -> FloatArray:
        """Weighted cases of each block, shape ``(blocks, series)``."""
        # Sum of w y = sum of y - sum of (1 - w) y, and 1 - w is 0 except in the listed weeks.
        plain: FloatArray = self.plain_sums[: self.design.blocks]
        if self.weights.is_even:
            return plain
        lost: FloatArray = self.weights.lost(self.listed_counts)[0]
        return plain - lost

    @cached_property
    def moment(self) -> FloatArray:
        """Weighted sum of cases x scaled time, shape ``(series,)``."""
        plain: FloatArray = self.plain_sums[self.design.blocks]
        if self.weights.is_even:
            return plain
        return plain - self.weights.lost_by_series(self.listed_counts * self.weights.time)

    @cached_property
    def growth(self) -> GrowthSums:
        """Sums of growth, whatever the slope."""
        return growth_sums(self.exposure, self.weights)
