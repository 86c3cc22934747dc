"""Farrington's method as its papers define it, with an answer for series that are sparse."""

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.count_bounds import count_bound_and_tail
from qorgau.methods.detection.bounds.sparse_prediction import predict_sparse
from qorgau.methods.detection.bounds.thresholds import (
    mean_upper_limit,
    power_normal_bound,
    response_score,
)
from qorgau.methods.detection.panels.results import Cells, Reason
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.profile_likelihood import fit_profile
from qorgau.methods.detection.quasi_poisson.reweighting import TwoFits
from qorgau.methods.detection.quasi_poisson.week_block import (
    FEWEST_YEARS_FOR_TREND,
    FarringtonOptions,
    FitTwice,
    Regression,
    WeekBlock,
    regress,
)
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


def estimate_corrected(block: WeekBlock, options: FarringtonOptions) -> Cells:
    """Test one week of a block of series.

    Parameters
    ----------
    block : WeekBlock
        Baseline and tested week.
    options : FarringtonOptions
        Options.

    Returns
    -------
    Cells
        Arrays of the shape ``(series,)``.

    Notes
    -----
    Series without a case in the season of the tested week take the exact prediction of
    `predict_sparse`; all others the regression, from which blocks of the year without a case are
    left out: their mean is zero whatever the slope, and they would pull the dispersion down.
    """
    design, baseline = block.design, block.baseline
    has_season = baseline.weights.weeks[design.tested_block] > 0
    has_cases = baseline.cases[design.tested_block] > 0
    cells = Cells.empty(has_cases.shape, Reason.MISSING_COUNTS)
    is_sparse = has_season & ~has_cases
    # Populations many powers of ten apart overflow; what is lost by it is stated below.
    with np.errstate(all="ignore"):
        if is_sparse.any():
            cells.put(is_sparse, _estimate_sparse(block.take(is_sparse), options))
        if 2 * np.count_nonzero(has_cases) > has_cases.size:
            # To fit a few more costs less than to lay the others side by side.
            cells.put(has_cases, _estimate_regression(block, options).take(has_cases))
        elif has_cases.any():
            cells.put(has_cases, _estimate_regression(block.take(has_cases), options))
    _apply_limit54(cells, block, options)
    _withdraw_undefined(cells)
    return cells


def _estimate_regression(block: WeekBlock, options: FarringtonOptions) -> Cells:
    found = regress(block, options, _fit_twice(options), _may_trend(block, options))
    if options.threshold_method == "delta":
        cells = _power_normal_cells(block, options, found)
    else:
        expected = np.exp(found.log_mean)
        is_muan = options.threshold_method == "muan"
        law_mean = (
            mean_upper_limit(options.alpha, found.log_mean, found.log_se) if is_muan else expected
        )
        law_dispersion = found.dispersion
        if options.threshold_method == "nb-predictive":
            # Variance of a count around a mean that has a variance itself, over that mean.
            law_dispersion = found.dispersion + found.log_se**2 * expected
        cells = _count_cells(block, options, expected, law_mean, law_dispersion)
    cells.dispersion[:] = found.dispersion
    cells.trend[:] = found.has_trend
    cells.trend_per_week[:] = found.trend_per_week
    has_no_freedom = np.isnan(found.dispersion)
    cells.withdraw(has_no_freedom, Reason.INSUFFICIENT_HISTORY)
    return cells


def _may_trend(block: WeekBlock, options: FarringtonOptions) -> BoolArray:
    """A trend needs cases in three different years, not only three years of records."""
    with_cases = (block.baseline.year_cases > 0).sum(axis=0)
    is_enough: BoolArray = with_cases >= FEWEST_YEARS_FOR_TREND
    return is_enough & (options.trend and options.years >= FEWEST_YEARS_FOR_TREND)


def _fit_twice(options: FarringtonOptions) -> FitTwice:
    def fit(series: WeightedCounts, has_trend: bool, start: FloatArray | None) -> BlockFit:
        return fit_profile(series, has_trend=has_trend, start=start)

    def dispersions(pearson: FloatArray, relative: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.maximum(pearson, 1.0), np.maximum(pearson, 1.0)

    two_fits = TwoFits(fit, dispersions)
    return lambda block, has_trend: two_fits(block, options, has_trend)[0]


def _estimate_sparse(block: WeekBlock, options: FarringtonOptions) -> Cells:
    in_season = block.design.block == block.design.tested_block
    baseline = block.baseline
    found = predict_sparse(
        baseline.counts, baseline.exposure, block.tested_exposure, block.is_used, in_season
    )
    cells = _count_cells(block, options, found.mean, found.mean, found.law_dispersion)
    cells.dispersion[:] = found.dispersion
    cells.reason[cells.reason == Reason.TESTED] = Reason.TESTED_SPARSE
    return cells


def _count_cells(
    block: WeekBlock,
    options: FarringtonOptions,
    expected: FloatArray,
    law_mean: FloatArray,
    law_dispersion: FloatArray,
) -> Cells:
    """Bound and p-value from a Poisson or negative binomial law."""
    upper_bound, p_value = count_bound_and_tail(
        options.alpha, block.tested_counts, law_mean, law_dispersion
    )
    return _cells(block.tested_counts, expected, law_mean, upper_bound, p_value)


def _power_normal_cells(block: WeekBlock, options: FarringtonOptions, found: Regression) -> Cells:
    """Bound and p-value from a normal law of the transformed count."""
    mean = np.maximum(np.exp(found.log_mean), np.finfo(np.float64).eps)
    upper_bound, p_value = power_normal_bound(
        alpha=options.alpha,
        observed=block.tested_counts,
        mean=mean,
        mean_se=found.log_se * mean,
        dispersion=found.dispersion,
        power_transform=options.power_transform,
    )
    return _cells(block.tested_counts, mean, mean, upper_bound, p_value)


def _cells(
    observed: FloatArray,
    expected: FloatArray,
    law_mean: FloatArray,
    upper_bound: FloatArray,
    p_value: FloatArray,
) -> Cells:
    cells = Cells.empty(observed.shape, Reason.TESTED)
    cells.expected[:] = expected
    cells.threshold_mean[:] = law_mean
    cells.upper_bound[:] = upper_bound
    cells.p_value[:] = p_value
    cells.score[:] = response_score(observed, expected, upper_bound)
    cells.alarm[:] = observed > upper_bound
    cells.reason[np.isnan(observed)] = Reason.MISSING_COUNTS
    return cells


def _withdraw_undefined(cells: Cells) -> None:
    """A test without a bound is none: say so instead of an alarm that can never come."""
    is_tested = np.isin(cells.reason, (Reason.TESTED, Reason.TESTED_SPARSE, Reason.TOO_FEW_CASES))
    is_lost = is_tested & ~(np.isfinite(cells.upper_bound) & np.isfinite(cells.p_value))
    cells.withdraw(is_lost, Reason.NOT_CONVERGED)


def _apply_limit54(cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
    """Hold back an alarm after too few cases; weeks that are missing count neither way."""
    cases, weeks = options.limit54
    is_known = ~np.isnan(block.recent_counts)
    needed = cases * is_known.sum(axis=0) / weeks
    is_short = np.where(is_known, block.recent_counts, 0.0).sum(axis=0) < needed
    is_tested = np.isin(cells.reason, (Reason.TESTED, Reason.TESTED_SPARSE))
    cells.reason[is_short & is_tested] = Reason.TOO_FEW_CASES
    cells.alarm &= ~is_short
