"""Farrington's two fits week by week, for series that sums over season blocks cannot follow.

For `reference` mode alone, where results depend on how the package treats means near zero.
"""

import numpy as np
from scipy.special import stdtr

from qorgau.methods.arrays import FloatArray
from qorgau.methods.detection.quasi_poisson.options import FarringtonOptions
from qorgau.methods.detection.quasi_poisson.reference.fit_by_week import (
    QuasiPoissonFit,
    outbreak_weights,
    pearson_dispersion,
    squared_relative_residuals,
)
from qorgau.methods.detection.quasi_poisson.reference.irls_by_week import fit_irls
from qorgau.methods.detection.quasi_poisson.regression import Regression, SeDispersions
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock


def fit_twice_by_week(
    block: WeekBlock, options: FarringtonOptions, se_dispersions: SeDispersions, *, has_trend: bool
) -> Regression:
    """Fit, give past outbreaks less weight, and fit again.

    Parameters
    ----------
    block : WeekBlock
        Baseline and tested week.
    options : FarringtonOptions
        Options.
    se_dispersions : callable
        As in `predict_tested_week`.
    has_trend : bool
        Whether the log mean is linear in time.

    Returns
    -------
    Regression
    """
    counts, is_used = block.baseline.counts, block.is_used
    weight = is_used.astype(np.float64)
    first = fit = _fit_once(block, weight, has_trend)
    dispersion = pearson_dispersion(counts, fit, weight)
    if options.reweight:
        weight = outbreak_weights(
            counts, fit, np.maximum(dispersion, 1.0), is_used, options.weights_threshold
        )
        fit = _fit_once(block, weight, has_trend)
        dispersion = pearson_dispersion(counts, fit, weight)
    relative = squared_relative_residuals(counts, fit.mean, weight).sum(axis=0) / fit.residual_df
    of_mean, of_trend = se_dispersions(dispersion, relative)
    # Student's t of the slope, with the dispersion that the mode uses for it.
    t_value = np.abs(fit.trend_per_week) / np.sqrt(of_trend * fit.trend_variance)
    return Regression(
        log_mean=fit.tested_log_mean,
        log_se=np.sqrt(of_mean * fit.tested_log_variance),
        dispersion=np.maximum(dispersion, 1.0),
        has_trend=np.full(block.tested_counts.size, has_trend),
        trend_per_week=fit.trend_per_week,
        trend_p_value=2.0 * stdtr(fit.residual_df, -t_value),
        converged=first.converged & np.isfinite(fit.tested_log_mean),
    )


def _fit_once(block: WeekBlock, weight: FloatArray, has_trend: bool) -> QuasiPoissonFit:
    exposure = block.baseline.exposure
    return fit_irls(
        block.baseline.counts,
        block.design,
        log_population=None if exposure is None else np.log(exposure),
        tested_log_population=(
            None if block.tested_exposure is None else np.log(block.tested_exposure)
        ),
        prior_weight=weight,
        has_trend=has_trend,
    )
