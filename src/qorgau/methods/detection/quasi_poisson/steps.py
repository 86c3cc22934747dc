"""The steps of Farrington's algorithm that the two modes take differently."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.thresholds import power_normal_bound
from qorgau.methods.detection.panels.results import CellReason, Cells, Mode
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.options import FarringtonOptions
from qorgau.methods.detection.quasi_poisson.regression import Regression
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

SMALLEST_MEAN = float(np.finfo(np.float64).eps)

# Counts, whether they have a trend, and the slopes to start from where a fit can use them.
Fit = Callable[[WeightedCounts, bool, FloatArray | None], BlockFit]


@dataclass(frozen=True, eq=False)
class WeekThreshold:
    """What a week's count is compared with; all arrays have the shape ``(series,)``.

    Attributes
    ----------
    expected
        Expected count.
    law_mean
        Mean of the law from which the bound was taken.
    upper_bound, p_value
        Largest count without an alarm, and probability of a count at least as large as observed.
    centre
        What the score is measured from.
    """

    expected: FloatArray
    law_mean: FloatArray
    upper_bound: FloatArray
    p_value: FloatArray
    centre: FloatArray

    def cells(self, observed: FloatArray) -> Cells:
        """Cells with these numbers, tested, still without score and alarm."""
        cells = Cells.empty(observed.shape, CellReason.TESTED)
        cells.expected[:] = self.expected
        cells.threshold_mean[:] = self.law_mean
        cells.upper_bound[:] = self.upper_bound
        cells.p_value[:] = self.p_value
        return cells


class FarringtonSteps(Protocol):
    """What a mode does where the modes differ; the order is that of `farrington_flexible`."""

    mode: Mode

    def predict_sparse(
        self, block: WeekBlock, options: FarringtonOptions
    ) -> tuple[Cells, BoolArray]:
        """Test the series too sparse for a regression; return which series have one."""

    def may_trend(self, block: WeekBlock, options: FarringtonOptions) -> BoolArray:
        """Series for which a trend is tried."""

    def fitting(self, baseline: WeightedCounts) -> Fit:
        """How a baseline is fitted, once and again with other weights."""

    def se_dispersions(
        self, pearson: FloatArray, relative: FloatArray, *, is_reweighted: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Dispersions behind the standard error of the mean and behind the test of the trend.

        They come from Pearson's and from that of the relative residuals, neither bounded below.
        """

    def refit_unsure(
        self,
        found: Regression,
        is_unsure: BoolArray,
        block: WeekBlock,
        options: FarringtonOptions,
        *,
        has_trend: bool,
    ) -> None:
        """Write again, in place, what sums over blocks were not enough for."""

    def threshold(
        self, observed: FloatArray, options: FarringtonOptions, found: Regression
    ) -> WeekThreshold:
        """Bound and p-value from the law of the tested week's count."""

    def exceedance(self, observed: FloatArray, threshold: WeekThreshold) -> Cells:
        """Score and alarm, beside what they come from."""

    def mark_unusable(self, cells: Cells, found: Regression) -> None:
        """Give a reason to the cells whose regression cannot be used."""

    def conclude(self, cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
        """Hold alarms back after too few cases, and withdraw what has no bound."""


def power_normal_threshold(
    observed: FloatArray, options: FarringtonOptions, found: Regression
) -> tuple[WeekThreshold, FloatArray]:
    """Bound and p-value from a normal law of the transformed count, and the mean's standard error.

    Farrington et al. (1996): the count to the power 2/3 is nearly normal.
    """
    mean = np.maximum(np.exp(found.log_mean), SMALLEST_MEAN)
    mean_se = found.log_se * mean
    upper_bound, p_value = power_normal_bound(
        alpha=options.alpha,
        observed=observed,
        mean=mean,
        mean_se=mean_se,
        dispersion=found.dispersion,
        power_transform=options.power_transform,
    )
    return WeekThreshold(mean, mean, upper_bound, p_value, mean), mean_se
