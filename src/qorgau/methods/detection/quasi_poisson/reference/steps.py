"""Farrington's steps as ``farringtonFlexible`` of R's package surveillance 1.20.3 takes them.

Written from a description of its behaviour, for people who must compare. Where it differs from
the papers is marked Q1 to Q4, as in ``docs/methods/farrington_flexible.md``.
"""

from dataclasses import replace
from functools import partial

import numpy as np
from scipy.special import ndtri

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.count_bounds import count_bound_and_tail
from qorgau.methods.detection.panels.results import CellReason, Cells, Mode
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.options import (
    FEWEST_YEARS_FOR_TREND,
    FarringtonOptions,
)
from qorgau.methods.detection.quasi_poisson.reference.irls_by_block import (
    StartingSums,
    fit_irls_blocks,
)
from qorgau.methods.detection.quasi_poisson.reference.reweighting_by_week import fit_twice_by_week
from qorgau.methods.detection.quasi_poisson.regression import Regression
from qorgau.methods.detection.quasi_poisson.steps import Fit, WeekThreshold, power_normal_threshold
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


class ReferenceSteps:
    """What ``reference`` mode does at each step of `FarringtonSteps`."""

    mode: Mode = "reference"

    def predict_sparse(
        self, block: WeekBlock, options: FarringtonOptions
    ) -> tuple[Cells, BoolArray]:
        """Every series has a regression, however few its cases."""
        shape = block.tested_counts.shape
        return Cells.empty(shape, CellReason.MISSING_COUNTS), np.ones(shape, dtype=np.bool_)

    def may_trend(self, block: WeekBlock, options: FarringtonOptions) -> BoolArray:
        """Three years of records are enough."""
        is_allowed = options.trend and options.years >= FEWEST_YEARS_FOR_TREND
        return np.full(block.tested_counts.size, is_allowed)

    def fitting(self, baseline: WeightedCounts) -> Fit:
        """Iteratively reweighted least squares, stopped where R's ``glm`` stops."""
        starting = StartingSums.of(baseline)

        def fit(series: WeightedCounts, has_trend: bool, _start: FloatArray | None) -> BlockFit:
            return fit_irls_blocks(series, starting, has_trend=has_trend)

        return fit

    def se_dispersions(
        self, pearson: FloatArray, relative: FloatArray, *, is_reweighted: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Dispersions behind the standard error of the mean and behind the test of the trend."""
        # Q2: after reweighting, the mean is missing from the dispersion behind standard errors.
        used = relative if is_reweighted else pearson
        return used, used

    def refit_unsure(
        self,
        found: Regression,
        is_unsure: BoolArray,
        block: WeekBlock,
        options: FarringtonOptions,
        *,
        has_trend: bool,
    ) -> None:
        """Fit week by week where sums over blocks cannot follow the package."""
        if is_unsure.any():
            dispersions = partial(self.se_dispersions, is_reweighted=options.reweight)
            unsure = block.take(is_unsure)
            refitted = fit_twice_by_week(unsure, options, dispersions, has_trend=has_trend)
            found.put(is_unsure, refitted)

    def threshold(
        self, observed: FloatArray, options: FarringtonOptions, found: Regression
    ) -> WeekThreshold:
        """Bound and p-value by the chosen threshold method."""
        log_mean, mean = found.log_mean, np.exp(found.log_mean)
        z = ndtri(1.0 - options.alpha)
        if options.threshold_method == "delta":
            normal, mean_se = power_normal_threshold(observed, options, found)
            # Q4: the mean that is reported is an upper limit, though the bound is not from it.
            return replace(normal, expected=mean, law_mean=np.exp(mean + z * mean_se))
        is_muan = options.threshold_method == "muan"
        law_mean = np.exp(log_mean + z * found.log_se) if is_muan else mean
        upper_bound, p_value = count_bound_and_tail(
            options.alpha, observed, law_mean, found.dispersion
        )
        p_value = np.where(np.isfinite(law_mean), p_value, np.nan)
        # Q3: the score is measured from the logarithm of the mean.
        return WeekThreshold(mean, law_mean, upper_bound, p_value, centre=log_mean)

    def exceedance(self, observed: FloatArray, threshold: WeekThreshold) -> Cells:
        """Score, and an alarm above 1, which Q3 makes differ from a count above the bound."""
        cells = threshold.cells(observed)
        room = threshold.upper_bound - threshold.centre
        cells.score[:] = (observed - threshold.centre) / room
        cells.alarm[:] = (cells.score > 1.0) & (observed != 0)
        return cells

    def mark_unusable(self, cells: Cells, found: Regression) -> None:
        """Name the cells whose first fit has not converged; `conclude` withdraws them."""
        cells.reason[~found.converged] = CellReason.NOT_CONVERGED

    def conclude(self, cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
        """Withhold bound and alarm after too few cases, or after any missing week."""
        has_not_converged = cells.reason == CellReason.NOT_CONVERGED
        recent = block.recent_counts.sum(axis=0)
        is_missing = np.isnan(recent)
        is_enough: BoolArray = recent >= options.limit54[0]
        cells.reason[~is_enough] = CellReason.TOO_FEW_CASES
        cells.reason[is_missing] = CellReason.MISSING_COUNTS
        for array in (cells.upper_bound, cells.expected):
            array[~is_enough] = np.nan
        cells.alarm &= is_enough
        is_unbounded = (cells.reason == CellReason.TESTED) & np.isnan(cells.upper_bound)
        cells.reason[is_unbounded] = CellReason.NOT_CONVERGED
        cells.withdraw(has_not_converged, CellReason.NOT_CONVERGED)


class ReferenceStepsOf1996(ReferenceSteps):
    """What the package's older ``farrington`` does differently: it has no Q2."""

    def se_dispersions(
        self, pearson: FloatArray, relative: FloatArray, *, is_reweighted: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Pearson's dispersion, at least 1 for the mean and as it is for the trend."""
        return np.maximum(pearson, 1.0), pearson

    def conclude(self, cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
        """The same, with a bound of 0 after too few cases."""
        super().conclude(cells, block, options)
        cells.upper_bound[cells.reason == CellReason.TOO_FEW_CASES] = 0.0
