"""Fit a block of series, take past outbreaks down, and fit again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.residuals import (
    LARGEST_LEVERAGE,
    residuals,
    standardised,
)
from qorgau.methods.detection.quasi_poisson.week_block import (
    FarringtonOptions,
    Regression,
    WeekBlock,
    needs_standard_errors,
)
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

Fit = Callable[[WeightedCounts, bool, FloatArray | None], BlockFit]
SeDispersions = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class TwoFits:
    """How a mode fits.

    Attributes
    ----------
    fit
        Fits a block with or without a trend, from given slopes where it can use them.
    se_dispersions
        Dispersions behind the standard error of the mean and behind the test of the trend, from
        Pearson's and from that of the relative residuals, neither bounded below.
    """

    fit: Fit
    se_dispersions: SeDispersions

    def __call__(
        self, block: WeekBlock, options: FarringtonOptions, has_trend: bool
    ) -> tuple[Regression, BoolArray]:
        """Fit every series of a block twice.

        Returns
        -------
        regression : Regression
        is_unsure : numpy.ndarray of bool, shape (series,)
            Series that a mode may want to fit in another way.
        """
        series = block.baseline
        first = fit = self.fit(series, has_trend, None)
        is_unsure = first.is_unsure
        if options.reweight:
            series, is_met = outbreaks_down(series, first, options.weights_threshold)
            fit = self.fit(series, has_trend, first.slope)
            is_unsure = is_unsure | is_met | fit.is_unsure
        needs_se = needs_standard_errors(options)
        found = residuals(series, fit, with_relative=needs_se)
        dispersion = found.pearson / fit.residual_df
        log_mean = fit.tested_log_mean(series.design, block.tested_exposure)
        log_se, p_value = np.full((2, log_mean.size), np.nan)
        if needs_se:
            relative = found.relative / fit.residual_df
            log_se, p_value = self._precision(series, fit, dispersion, relative, has_trend)
        slope = fit.slope / series.design.time_scale
        return Regression(
            log_mean=log_mean,
            log_se=log_se,
            dispersion=np.maximum(dispersion, 1.0),
            has_trend=np.full(log_mean.size, has_trend),
            trend_per_week=slope if has_trend else np.full(log_mean.size, np.nan),
            trend_p_value=p_value,
            converged=first.converged & np.isfinite(log_mean),
        ), is_unsure

    def _precision(
        self,
        series: WeightedCounts,
        fit: BlockFit,
        dispersion: FloatArray,
        relative: FloatArray,
        has_trend: bool,
    ) -> tuple[FloatArray, FloatArray]:
        """Standard error of the tested log mean, and p-value of the trend."""
        of_mean, of_trend = self.se_dispersions(dispersion, relative)
        variance = fit.tested_log_variance(series.design, has_trend=has_trend)
        t_value = np.abs(fit.slope) / np.sqrt(of_trend * fit.slope_variance)
        return np.sqrt(of_mean * variance), 2.0 * stdtr(fit.residual_df, -t_value)


def outbreaks_down(
    series: WeightedCounts, fit: BlockFit, threshold: float
) -> tuple[WeightedCounts, BoolArray]:
    """Give past outbreaks less weight.

    Parameters
    ----------
    series : WeightedCounts
        Counts, with weight 1 for every week used.
    fit : BlockFit
        What was fitted to them.
    threshold : float
        Standardised residual above which a week is taken down.

    Returns
    -------
    series : WeightedCounts
        The counts with weights that add up to the number of weeks.
    is_met : numpy.ndarray of bool, shape (series,)
        Series with a week that the fit must meet exactly.

    References
    ----------
    Farrington et al. (1996), section 3.6; threshold 2.58: Noufaily et al. (2013), section 3.4.
    """
    found = residuals(series, fit, threshold=threshold)
    dispersion = np.maximum(found.pearson / fit.residual_df, 1.0)
    residual, leverage = standardised(series, fit, dispersion, found.row, found.series)
    is_met = np.zeros(dispersion.size, dtype=np.bool_)
    is_met[found.series[leverage >= LARGEST_LEVERAGE]] = True
    above = np.flatnonzero(residual > threshold)
    row, column, weight = found.row[above], found.series[above], residual[above] ** -2.0
    lost = np.bincount(column, 1.0 - weight, minlength=dispersion.size)
    scale = fit.weeks / (fit.weeks - lost)
    return series.weighted(series.weights.joined(row, column, weight, scale)), is_met
