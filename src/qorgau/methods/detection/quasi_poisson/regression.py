"""What the regression says about the tested week, and when its trend is kept."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import stdtr

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.options import FarringtonOptions
from qorgau.methods.detection.quasi_poisson.residuals import residuals
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

SeDispersions = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, eq=False)
class Regression:
    """What the regression says about the tested week; all arrays have the shape ``(series,)``.

    Attributes
    ----------
    log_mean, log_se
        Log of the expected count, and its standard error; the latter NaN where no bound needs it.
    dispersion
        At least 1; NaN where no degree of freedom is left.
    has_trend, trend_per_week, trend_p_value
        Whether a trend was fitted, its slope on the log scale, and its two-sided p-value, NaN
        where no rule needs it.
    converged
        Whether the unweighted fit has converged.
    """

    log_mean: FloatArray
    log_se: FloatArray
    dispersion: FloatArray
    has_trend: BoolArray
    trend_per_week: FloatArray
    trend_p_value: FloatArray
    converged: BoolArray

    def put(self, series: BoolArray, other: "Regression") -> None:
        """Overwrite the numbers of a selection of the series."""
        for field in fields(self):
            getattr(self, field.name)[series] = getattr(other, field.name)


FitTwice = Callable[[WeekBlock, bool], Regression]


def predict_tested_week(
    block: WeekBlock,
    series: WeightedCounts,
    fit: BlockFit,
    options: FarringtonOptions,
    se_dispersions: SeDispersions,
    *,
    has_trend: bool,
    converged: BoolArray,
) -> Regression:
    """Predict the tested week from the second fit.

    Parameters
    ----------
    block : WeekBlock
        Baseline and tested week.
    series : WeightedCounts
        Counts with the weights of the second fit.
    fit : BlockFit
        The second fit.
    options : FarringtonOptions
        Options.
    se_dispersions : callable
        Dispersions behind the standard error of the mean and behind the test of the trend, from
        Pearson's and from that of the relative residuals, neither bounded below.
    has_trend : bool
        Whether the log mean is linear in time.
    converged : numpy.ndarray of bool, shape (series,)
        Whether the first fit has converged.

    Returns
    -------
    Regression
    """
    needs_se = options.needs_standard_errors
    found = residuals(series, fit, with_relative=needs_se)
    # phi: Pearson's statistic over its degrees of freedom, at least 1 (Farrington et al. 1996).
    dispersion = found.pearson / fit.residual_df
    log_mean = fit.tested_log_mean(series.design, block.tested_exposure)
    log_se, p_value = np.full((2, log_mean.size), np.nan)
    if needs_se:
        of_mean, of_trend = se_dispersions(dispersion, found.relative / fit.residual_df)
        # Standard error of the log mean: phi times its variance at dispersion 1.
        variance = fit.tested_log_variance(series.design, has_trend=has_trend)
        log_se = np.sqrt(of_mean * variance)
        # The trend is tested by Student's t: its slope over the standard error of the slope.
        t_value = np.abs(fit.slope) / np.sqrt(of_trend * fit.slope_variance)
        p_value = 2.0 * stdtr(fit.residual_df, -t_value)
    slope = fit.slope / series.design.time_scale
    return Regression(
        log_mean=log_mean,
        log_se=log_se,
        dispersion=np.maximum(dispersion, 1.0),
        has_trend=np.full(log_mean.size, has_trend),
        trend_per_week=slope if has_trend else np.full(log_mean.size, np.nan),
        trend_p_value=p_value,
        converged=converged & np.isfinite(log_mean),
    )


def keep_trend_where_it_holds(
    block: WeekBlock, options: FarringtonOptions, fit_twice: FitTwice, may_trend: BoolArray
) -> Regression:
    """Fit with a trend where one is allowed and holds, without one elsewhere.

    Parameters
    ----------
    block : WeekBlock
        Baseline and tested week.
    options : FarringtonOptions
        Options.
    fit_twice : callable
        Fits a block with or without a trend, before and after past outbreaks get less weight.
    may_trend : numpy.ndarray of bool, shape (series,)
        Series for which a trend is tried.

    Returns
    -------
    Regression

    Notes
    -----
    A trend is kept if the baseline has three years, if it is significant at
    `p_threshold_trend`, and if the expected count is at most the largest of the baseline.
    """
    if not may_trend.any():
        return fit_twice(block, False)
    if 2 * np.count_nonzero(may_trend) < may_trend.size:
        whole = fit_twice(block, False)
        candidates = block.take(may_trend)
        allowed = may_trend[may_trend]
        whole.put(may_trend, keep_trend_where_it_holds(candidates, options, fit_twice, allowed))
        return whole
    # To fit a trend to a few more series costs less than to copy the others side by side.
    found = fit_twice(block, True)
    # Farrington et al. (1996): no extrapolation beyond what the baseline has seen.
    largest = block.baseline.counts.max(axis=0, initial=0.0)
    with np.errstate(over="ignore"):
        is_kept = may_trend & found.converged & (np.exp(found.log_mean) <= largest)
    if options.p_threshold_trend < 1.0:
        is_kept &= found.trend_p_value < options.p_threshold_trend
    if not is_kept.all():
        found.put(~is_kept, fit_twice(block.take(~is_kept), False))
    return found
