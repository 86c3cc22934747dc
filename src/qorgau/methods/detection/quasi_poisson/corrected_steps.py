"""Farrington's steps as the papers define them, with an answer for sparse series."""

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.count_bounds import count_bound_and_tail
from qorgau.methods.detection.bounds.sparse_prediction import predict_sparse
from qorgau.methods.detection.bounds.thresholds import exceedance_score, mean_upper_limit
from qorgau.methods.detection.panels.results import TESTED_REASONS, CellReason, Cells, Mode
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.options import (
    FEWEST_YEARS_FOR_TREND,
    FarringtonOptions,
)
from qorgau.methods.detection.quasi_poisson.profile_likelihood import fit_profile
from qorgau.methods.detection.quasi_poisson.regression import Regression
from qorgau.methods.detection.quasi_poisson.steps import Fit, WeekThreshold, power_normal_threshold
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


class CorrectedSteps:
    """What ``corrected`` mode does at each step of `FarringtonSteps`."""

    mode: Mode = "corrected"

    def predict_sparse(
        self, block: WeekBlock, options: FarringtonOptions
    ) -> tuple[Cells, BoolArray]:
        """Take the exact prediction where the season of the tested week has no case.

        The regression has no finite maximum there: its log mean runs to minus infinity.
        """
        design, baseline = block.design, block.baseline
        has_season = baseline.weights.weeks[design.tested_block] > 0
        has_cases = baseline.cases[design.tested_block] > 0
        cells = Cells.empty(has_cases.shape, CellReason.MISSING_COUNTS)
        is_sparse = has_season & ~has_cases
        if is_sparse.any():
            cells.put(is_sparse, self._predict(block.take(is_sparse), options))
        return cells, has_cases

    def _predict(self, block: WeekBlock, options: FarringtonOptions) -> Cells:
        in_season = block.design.block == block.design.tested_block
        baseline, observed = block.baseline, block.tested_counts
        found = predict_sparse(
            baseline.counts, baseline.exposure, block.tested_exposure, block.is_used, in_season
        )
        threshold = _count_threshold(
            observed, options, found.mean, found.mean, found.law_dispersion
        )
        cells = self.exceedance(observed, threshold)
        cells.dispersion[:] = found.dispersion
        cells.reason[cells.reason == CellReason.TESTED] = CellReason.TESTED_SPARSE
        return cells

    def may_trend(self, block: WeekBlock, options: FarringtonOptions) -> BoolArray:
        """A trend needs cases in three different years, not only three years of records."""
        with_cases = (block.baseline.year_cases > 0).sum(axis=0)
        is_enough: BoolArray = with_cases >= FEWEST_YEARS_FOR_TREND
        return is_enough & (options.trend and options.years >= FEWEST_YEARS_FOR_TREND)

    def fitting(self, baseline: WeightedCounts) -> Fit:
        """Maximum likelihood.

        Blocks of the year without a case are left out: their mean is zero whatever the slope, and
        they would lower the dispersion.
        """

        def fit(series: WeightedCounts, has_trend: bool, start: FloatArray | None) -> BlockFit:
            return fit_profile(series, has_trend=has_trend, start=start)

        return fit

    def se_dispersions(
        self, pearson: FloatArray, relative: FloatArray, *, is_reweighted: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Pearson's dispersion, at least 1, for both."""
        return np.maximum(pearson, 1.0), np.maximum(pearson, 1.0)

    def refit_unsure(
        self,
        found: Regression,
        is_unsure: BoolArray,
        block: WeekBlock,
        options: FarringtonOptions,
        *,
        has_trend: bool,
    ) -> None:
        """Sums over blocks are enough for every series."""

    def threshold(
        self, observed: FloatArray, options: FarringtonOptions, found: Regression
    ) -> WeekThreshold:
        """Bound and p-value by the chosen threshold method."""
        if options.threshold_method == "delta":
            return power_normal_threshold(observed, options, found)[0]
        expected = law_mean = np.exp(found.log_mean)
        if options.threshold_method == "muan":
            law_mean = mean_upper_limit(options.alpha, found.log_mean, found.log_se)
        # By default the law with the expected count as its mean and phi as its dispersion.
        law_dispersion = found.dispersion
        if options.threshold_method == "nb-predictive":
            # The count varies around a mean that has a variance itself: phi mean + (se mean)^2,
            # divided by the mean.
            law_dispersion = found.dispersion + found.log_se**2 * expected
        return _count_threshold(observed, options, expected, law_mean, law_dispersion)

    def exceedance(self, observed: FloatArray, threshold: WeekThreshold) -> Cells:
        """Score on the scale of counts; an alarm above the bound."""
        cells = threshold.cells(observed)
        cells.score[:] = exceedance_score(observed, threshold.centre, threshold.upper_bound)
        cells.alarm[:] = observed > threshold.upper_bound
        cells.reason[np.isnan(observed)] = CellReason.MISSING_COUNTS
        return cells

    def mark_unusable(self, cells: Cells, found: Regression) -> None:
        """Without a degree of freedom there is no dispersion, and so no bound."""
        cells.withdraw(np.isnan(found.dispersion), CellReason.INSUFFICIENT_HISTORY)

    def conclude(self, cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
        """Hold alarms back, keep the bounds, and withdraw what has none."""
        _hold_back_after_few_cases(cells, block, options)
        # A test without a bound could never alarm: give the reason instead.
        is_bounded = np.isfinite(cells.upper_bound) & np.isfinite(cells.p_value)
        cells.withdraw(
            np.isin(cells.reason, TESTED_REASONS) & ~is_bounded, CellReason.NOT_CONVERGED
        )


def _count_threshold(
    observed: FloatArray,
    options: FarringtonOptions,
    expected: FloatArray,
    law_mean: FloatArray,
    law_dispersion: FloatArray,
) -> WeekThreshold:
    """Bound and p-value from a Poisson or negative binomial law."""
    upper_bound, p_value = count_bound_and_tail(options.alpha, observed, law_mean, law_dispersion)
    return WeekThreshold(expected, law_mean, upper_bound, p_value, centre=expected)


def _hold_back_after_few_cases(cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
    """Farrington et al. (1996): no alarm unless 5 cases came in the last 4 weeks.

    Missing weeks count neither way: fewer cases are needed in fewer known weeks.
    """
    cases, weeks = options.limit54
    is_known = ~np.isnan(block.recent_counts)
    needed = cases * is_known.sum(axis=0) / weeks
    is_short = np.where(is_known, block.recent_counts, 0.0).sum(axis=0) < needed
    is_tested = np.isin(cells.reason, (CellReason.TESTED, CellReason.TESTED_SPARSE))
    cells.reason[is_short & is_tested] = CellReason.TOO_FEW_CASES
    cells.alarm &= ~is_short
