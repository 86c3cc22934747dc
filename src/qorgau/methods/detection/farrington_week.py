"""One tested week of a block of series: what both modes of Farrington's method share."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import stdtr

from qorgau.methods.detection.panel import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson import (
    Design,
    QuasiPoissonFit,
    outbreak_weights,
    pearson_dispersion,
)

ThresholdMethod = Literal["delta", "muan", "nb-plugin"]
PowerTransform = Literal["2/3", "1/2", "none"]

FEWEST_YEARS_FOR_TREND = 3


@dataclass(frozen=True)
class FarringtonOptions:
    """Options of Farrington's method; meanings in `farrington_flexible`."""

    alpha: float
    years: int
    half_window: int
    periods: int
    past_weeks_not_included: int
    reweight: bool
    weights_threshold: float
    trend: bool
    p_threshold_trend: float
    threshold_method: ThresholdMethod
    power_transform: PowerTransform
    limit54: tuple[int, int]


@dataclass(frozen=True, eq=False)
class WeekBlock:
    """The baseline and the tested week of a block of series.

    Attributes
    ----------
    design
        Season blocks and times of the baseline weeks.
    year
        Shape ``(weeks,)``, years back of each baseline week.
    counts
        Shape ``(weeks, series)``, zero where not used.
    is_used
        Same shape.
    exposure
        Same shape, 1 where not used; None without a population.
    tested_counts
        Shape ``(series,)``, NaN where missing.
    tested_exposure
        Shape ``(series,)``, or None.
    recent_counts
        Shape ``(weeks of limit54, series)``, the newest weeks with the tested one.
    """

    design: Design
    year: IntArray
    counts: FloatArray
    is_used: BoolArray
    exposure: FloatArray | None
    tested_counts: FloatArray
    tested_exposure: FloatArray | None
    recent_counts: FloatArray

    def take(self, series: BoolArray) -> "WeekBlock":
        """The same week for a selection of the series."""
        return WeekBlock(
            self.design.for_series(series),
            self.year,
            self.counts[:, series],
            self.is_used[:, series],
            None if self.exposure is None else self.exposure[:, series],
            self.tested_counts[series],
            None if self.tested_exposure is None else self.tested_exposure[series],
            self.recent_counts[:, series],
        )

    def use_only(self, weeks: BoolArray) -> "WeekBlock":
        """The same block with fewer baseline weeks, chosen per series."""
        is_used = self.is_used & weeks
        return replace(self, is_used=is_used, counts=np.where(is_used, self.counts, 0.0))


@dataclass(frozen=True, eq=False)
class Regression:
    """What the regression says of the tested week; all arrays have the shape ``(series,)``.

    Attributes
    ----------
    log_mean, log_se
        Log of the expected count, and its standard error.
    dispersion
        At least 1; NaN where no degree of freedom is left.
    has_trend, trend_per_week, trend_p_value
        Whether a trend was fitted, its slope on the log scale, and its two-sided p-value.
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
        for name, array in vars(self).items():
            array[series] = getattr(other, name)


FitOnce = Callable[[WeekBlock, FloatArray, bool], QuasiPoissonFit]
SeDispersion = Callable[[FloatArray, QuasiPoissonFit, FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class RegressionRules:
    """Where the two modes differ.

    Attributes
    ----------
    fit_once
        Fits a block with given prior weights.
    se_dispersion
        Dispersion behind standard errors, from counts, fit, weights and unbounded dispersion.
    trend_dispersion
        The same behind the p-value of the trend; that of standard errors where it is None.
    """

    fit_once: FitOnce
    se_dispersion: SeDispersion
    trend_dispersion: SeDispersion | None = None


def regress(
    block: WeekBlock, options: FarringtonOptions, rules: RegressionRules, may_trend: BoolArray
) -> Regression:
    """Fit with a trend where one is allowed and holds, without one elsewhere.

    Parameters
    ----------
    block : WeekBlock
        Baseline and tested week.
    options : FarringtonOptions
        Options.
    rules : RegressionRules
        Fit and standard error of the mode.
    may_trend : numpy.ndarray of bool, shape (series,)
        Series for which a trend is tried.

    Returns
    -------
    Regression

    Notes
    -----
    A trend is kept if the baseline has three years, if it is significant at
    `p_threshold_trend`, and if the expected count does not exceed the largest of the baseline.
    """
    result = _fit_twice(block.take(~may_trend), options, rules, has_trend=False)
    whole = _spread_out(result, ~may_trend)
    if not may_trend.any():
        return whole
    candidates = block.take(may_trend)
    trended = _fit_twice(candidates, options, rules, has_trend=True)
    largest = candidates.counts.max(axis=0, initial=0.0)
    with np.errstate(over="ignore"):
        is_kept = trended.converged & (np.exp(trended.log_mean) <= largest)
    if options.p_threshold_trend < 1.0:
        is_kept &= trended.trend_p_value < options.p_threshold_trend
    if not is_kept.all():
        flat = _fit_twice(candidates.take(~is_kept), options, rules, has_trend=False)
        trended.put(~is_kept, flat)
    whole.put(may_trend, trended)
    return whole


def _spread_out(part: Regression, series: BoolArray) -> Regression:
    """Room for all series, filled where `series` is true."""
    arrays = {name: np.zeros(series.size, dtype=array.dtype) for name, array in vars(part).items()}
    whole = Regression(**arrays)
    whole.put(series, part)
    return whole


def _fit_twice(
    block: WeekBlock, options: FarringtonOptions, rules: RegressionRules, *, has_trend: bool
) -> Regression:
    """Fit, take past outbreaks down, and fit again."""
    weight = block.is_used.astype(np.float64)
    first = fit = rules.fit_once(block, weight, has_trend)
    dispersion = pearson_dispersion(block.counts, fit, weight)
    if options.reweight:
        weight = outbreak_weights(
            block.counts,
            fit,
            np.maximum(dispersion, 1.0),
            block.is_used,
            options.weights_threshold,
        )
        fit = rules.fit_once(block, weight, has_trend)
        dispersion = pearson_dispersion(block.counts, fit, weight)
    se_dispersion = rules.se_dispersion(block.counts, fit, weight, dispersion)
    of_trend = rules.trend_dispersion or rules.se_dispersion
    trend_dispersion = of_trend(block.counts, fit, weight, dispersion)
    with np.errstate(invalid="ignore", divide="ignore"):
        t_value = np.abs(fit.trend_per_week) / np.sqrt(trend_dispersion * fit.trend_variance)
    return Regression(
        log_mean=fit.tested_log_mean,
        log_se=np.sqrt(se_dispersion * fit.tested_log_variance),
        dispersion=np.maximum(dispersion, 1.0),
        has_trend=np.full(block.tested_counts.size, has_trend),
        trend_per_week=fit.trend_per_week,
        trend_p_value=2.0 * stdtr(fit.residual_df, -t_value),
        converged=first.converged & np.isfinite(fit.tested_log_mean),
    )
