"""Farrington's method as ``farringtonFlexible`` of the R package surveillance 1.20.3 computes it.

Written from a description of its behaviour, for people who must compare. The places where it
departs from the papers are marked Q1 to Q4, as in ``docs/methods/farrington_flexible.md``.
"""

import numpy as np
from scipy.special import ndtri

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.bounds.count_bounds import count_bound_and_tail
from qorgau.methods.detection.bounds.thresholds import power_normal_bound
from qorgau.methods.detection.panels.results import Cells, Reason
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.reference.irls_by_block import (
    StartingSums,
    fit_irls_blocks,
)
from qorgau.methods.detection.quasi_poisson.reference.reweighting_by_week import (
    fit_twice_elementwise,
)
from qorgau.methods.detection.quasi_poisson.reweighting import SeDispersions, TwoFits
from qorgau.methods.detection.quasi_poisson.week_block import (
    FEWEST_YEARS_FOR_TREND,
    FarringtonOptions,
    FitTwice,
    Regression,
    WeekBlock,
    regress,
)
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


def estimate_reference(block: WeekBlock, options: FarringtonOptions) -> Cells:
    """Test one week of a block of series, bound and alarm as the package gives them.

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
    """

    def dispersions(pearson: FloatArray, relative: FloatArray) -> tuple[FloatArray, FloatArray]:
        # Q2: after reweighting, the mean is missing from the dispersion behind standard errors.
        used = relative if options.reweight else pearson
        return used, used

    return _estimate(block, options, dispersions)


def estimate_1996_reference(block: WeekBlock, options: FarringtonOptions) -> Cells:
    """Test one week as the package's older ``farrington`` does, which has no Q2.

    Parameters and result are those of `estimate_reference`; where too few cases came, the
    package states a bound of 0.
    """

    def dispersions(pearson: FloatArray, relative: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.maximum(pearson, 1.0), pearson

    cells = _estimate(block, options, dispersions)
    cells.upper_bound[cells.reason == Reason.TOO_FEW_CASES] = 0.0
    return cells


def _estimate(block: WeekBlock, options: FarringtonOptions, dispersions: SeDispersions) -> Cells:
    may_trend = options.trend and options.years >= FEWEST_YEARS_FOR_TREND
    series = block.tested_counts.size
    with np.errstate(all="ignore"):
        fit_twice = _fit_twice(options, dispersions)
        found = regress(block, options, fit_twice, np.full(series, may_trend))
        cells = _bound(block, options, found)
    _apply_limit54(cells, block, options)
    is_unbounded = (cells.reason == Reason.TESTED) & np.isnan(cells.upper_bound)
    cells.reason[is_unbounded] = Reason.NOT_CONVERGED
    cells.withdraw(~found.converged, Reason.NOT_CONVERGED)
    return cells


def _fit_twice(options: FarringtonOptions, dispersions: SeDispersions) -> FitTwice:
    def fit_twice(block: WeekBlock, has_trend: bool) -> Regression:
        starting = StartingSums.of(block.baseline)

        def fit(series: WeightedCounts, has_trend: bool, _start: FloatArray | None) -> BlockFit:
            return fit_irls_blocks(series, starting, has_trend=has_trend)

        found, is_unsure = TwoFits(fit, dispersions)(block, options, has_trend)
        if is_unsure.any():
            unsure = block.take(is_unsure)
            found.put(is_unsure, fit_twice_elementwise(unsure, options, dispersions, has_trend))
        return found

    return fit_twice


def _bound(block: WeekBlock, options: FarringtonOptions, found: Regression) -> Cells:
    observed, log_mean, dispersion = block.tested_counts, found.log_mean, found.dispersion
    mean = np.exp(log_mean)
    z = ndtri(1.0 - options.alpha)
    if options.threshold_method == "delta":
        floored = np.maximum(mean, np.finfo(np.float64).eps)
        mean_se = found.log_se * floored
        upper_bound, p_value = power_normal_bound(
            alpha=options.alpha,
            observed=observed,
            mean=floored,
            mean_se=mean_se,
            dispersion=dispersion,
            power_transform=options.power_transform,
        )
        threshold_mean = np.exp(mean + z * mean_se)  # Q4
        centre = floored
    else:
        is_muan = options.threshold_method == "muan"
        threshold_mean = np.exp(log_mean + z * found.log_se) if is_muan else mean
        upper_bound, p_value = count_bound_and_tail(
            options.alpha, observed, threshold_mean, dispersion
        )
        p_value = np.where(np.isfinite(threshold_mean), p_value, np.nan)
        centre = log_mean  # Q3
    score = (observed - centre) / (upper_bound - centre)
    return Cells(
        expected=mean.copy(),
        upper_bound=upper_bound,
        p_value=p_value,
        score=score,
        dispersion=dispersion,
        trend=found.has_trend,
        trend_per_week=found.trend_per_week,
        threshold_mean=threshold_mean,
        alarm=(score > 1.0) & (observed != 0),
        reason=np.full(observed.shape, Reason.TESTED, dtype=np.int8),
    )


def _apply_limit54(cells: Cells, block: WeekBlock, options: FarringtonOptions) -> None:
    """Withhold bound and alarm after too few cases, or after any missing week."""
    recent = block.recent_counts.sum(axis=0)
    is_missing = np.isnan(recent)
    is_enough: BoolArray = recent >= options.limit54[0]
    cells.reason[~is_enough] = Reason.TOO_FEW_CASES
    cells.reason[is_missing] = Reason.MISSING_COUNTS
    for array in (cells.upper_bound, cells.expected):
        array[~is_enough] = np.nan
    cells.alarm &= is_enough
