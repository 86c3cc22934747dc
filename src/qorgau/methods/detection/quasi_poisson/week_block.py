"""One tested week of a block of series: what both modes of Farrington's method share."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

ThresholdMethod = Literal["delta", "muan", "nb-plugin", "nb-predictive"]
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

    Series of several weeks may stand beside each other, where their baselines are laid out alike.

    Attributes
    ----------
    baseline
        Counts and weights (0 for a week not used) of the baseline weeks.
    tested_counts
        Shape ``(series,)``, NaN where missing.
    tested_exposure
        Shape ``(series,)``, or None.
    recent_counts
        Shape ``(weeks of limit54, series)``, the newest weeks with the tested one.
    """

    baseline: WeightedCounts
    tested_counts: FloatArray
    tested_exposure: FloatArray | None
    recent_counts: FloatArray

    @property
    def design(self) -> Design:
        """Season blocks and times."""
        return self.baseline.design

    @property
    def is_used(self) -> BoolArray:
        """Weeks that are known, shape ``(weeks, series)``."""
        is_used: BoolArray = self.baseline.weights.dense() > 0
        return is_used

    def take(self, series: BoolArray) -> "WeekBlock":
        """The same for a selection of the series."""
        if series.all():
            return self
        chosen = np.flatnonzero(series)
        return WeekBlock(
            self.baseline.take(chosen),
            self.tested_counts[chosen],
            None if self.tested_exposure is None else self.tested_exposure[chosen],
            self.recent_counts[:, chosen],
        )


@dataclass(frozen=True, eq=False)
class Regression:
    """What the regression says of the tested week; all arrays have the shape ``(series,)``.

    Attributes
    ----------
    log_mean, log_se
        Log of the expected count, and its standard error; the latter NaN where no bound needs it.
    dispersion
        At least 1; NaN where no degree of freedom is left.
    has_trend, trend_per_week, trend_p_value
        Whether a trend was fitted, its slope on the log scale, and its two-sided p-value, NaN
        where no rule asks for it.
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


def needs_standard_errors(options: FarringtonOptions) -> bool:
    """Whether any bound or rule asks how precise the fit is."""
    return options.threshold_method != "nb-plugin" or options.p_threshold_trend < 1.0


def regress(
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
        Fits a block with or without a trend, before and after past outbreaks are taken down.
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
    if not may_trend.any():
        return fit_twice(block, False)
    if 2 * np.count_nonzero(may_trend) < may_trend.size:
        whole = fit_twice(block, False)
        candidates = block.take(may_trend)
        whole.put(may_trend, regress(candidates, options, fit_twice, may_trend[may_trend]))
        return whole
    # To fit a trend to a few more costs less than to lay the others side by side.
    found = fit_twice(block, True)
    largest = block.baseline.counts.max(axis=0, initial=0.0)
    with np.errstate(over="ignore"):
        is_kept = may_trend & found.converged & (np.exp(found.log_mean) <= largest)
    if options.p_threshold_trend < 1.0:
        is_kept &= found.trend_p_value < options.p_threshold_trend
    if not is_kept.all():
        found.put(~is_kept, fit_twice(block.take(~is_kept), False))
    return found
