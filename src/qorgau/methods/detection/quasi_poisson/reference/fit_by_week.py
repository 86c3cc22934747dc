"""Quasi-Poisson regression of many series at once on one season factor and one linear trend.

All series of a block share the design: every baseline week belongs to one season block and has
one time. The normal equations are then an arrow: given the slope, each block has its own level.
Centring the time within the blocks solves them without a matrix, and stays exact where weights
differ by many powers of ten.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.season_design import Design


@dataclass(frozen=True, eq=False)
class Geometry:
    """Weighted sums that fix the precision of a fit; arrays end in the series axis.

    Attributes
    ----------
    weight
        Shape ``(weeks, series)``, working weights.
    block_weight
        Shape ``(blocks, series)``.
    block_time
        Shape ``(blocks, series)``, weighted mean time of each block.
    centred_time
        Shape ``(weeks, series)``, time less the mean of its block.
    time_weight
        Shape ``(series,)``, weighted sum of squares of the centred time.
    """

    weight: FloatArray
    block_weight: FloatArray
    block_time: FloatArray
    centred_time: FloatArray
    time_weight: FloatArray

    @classmethod
    def of(cls, design: Design, weight: FloatArray) -> "Geometry":
        """Sums of one set of working weights."""
        block_weight = design.block_sums(weight)
        divisor = np.where(block_weight > 0, block_weight, 1.0)
        block_time = design.block_sums(weight * design.time[:, None]) / divisor
        centred_time = design.time[:, None] - design.spread(block_time)
        time_weight = np.einsum("ts,ts,ts->s", weight, centred_time, centred_time)
        return cls(weight, block_weight, block_time, centred_time, time_weight)

    def leverage(self, design: Design, *, has_trend: bool) -> FloatArray:
        """Diagonal of the hat matrix, shape ``(weeks, series)``."""
        inverse = np.where(self.block_weight > 0, self.block_weight, np.inf)
        share: FloatArray = self.weight / design.spread(inverse)
        if not has_trend:
            return share
        time_weight = np.where(self.time_weight > 0, self.time_weight, np.inf)
        share = share + self.weight * self.centred_time**2 / time_weight
        return share

    def tested_variance(self, design: Design, *, has_trend: bool) -> FloatArray:
        """Variance of the tested week's log mean at dispersion 1, shape ``(series,)``."""
        block_weight = self.block_weight[design.tested_block]
        variance: FloatArray = 1.0 / np.where(block_weight > 0, block_weight, np.nan)
        if not has_trend:
            return variance
        distance = design.tested_time - self.block_time[design.tested_block]
        time_weight = np.where(self.time_weight > 0, self.time_weight, np.nan)
        variance = variance + distance**2 / time_weight
        return variance


@dataclass(frozen=True, eq=False)
class QuasiPoissonFit:
    """One fit of every series in a block.

    Attributes
    ----------
    mean
        Shape ``(weeks, series)``, fitted means.
    working_mean
        Same shape, the means from which the working weights were made.
    leverage
        Same shape, diagonal of the hat matrix.
    trend_per_week
        Shape ``(series,)``, slope on the log scale; NaN without a trend.
    trend_variance
        Same shape, variance of the slope at dispersion 1; NaN without a trend.
    tested_log_mean
        Same shape, log mean of the tested week, its own population included.
    tested_log_variance
        Same shape, its variance at dispersion 1.
    residual_df
        Same shape, weeks used less parameters.
    converged
        Same shape.
    """

    mean: FloatArray
    working_mean: FloatArray
    leverage: FloatArray
    trend_per_week: FloatArray
    trend_variance: FloatArray
    tested_log_mean: FloatArray
    tested_log_variance: FloatArray
    residual_df: FloatArray
    converged: BoolArray


def squared_relative_residuals(
    counts: FloatArray, mean: FloatArray, prior_weight: FloatArray
) -> FloatArray:
    """Prior weight times ``((y - mean) / mean)^2``; zero where the weight is zero."""
    is_used = prior_weight > 0
    relative = (counts - mean) / np.where(is_used, mean, 1.0)
    return np.where(is_used, prior_weight * relative**2, 0.0)


def pearson_dispersion(
    counts: FloatArray, fit: QuasiPoissonFit, prior_weight: FloatArray
) -> FloatArray:
    """Pearson's statistic over its degrees of freedom, not bounded below.

    Parameters
    ----------
    counts, prior_weight : numpy.ndarray, shape (weeks, series)
        Counts without NaN; weights are zero for weeks not used.
    fit : QuasiPoissonFit
        Where the working mean is the fitted one, this is Pearson's estimate as defined.

    Returns
    -------
    numpy.ndarray, shape (series,)
        NaN where no degree of freedom is left.
    """
    squares = squared_relative_residuals(counts, fit.mean, prior_weight)
    # Q1: R multiplies by the means of the step before, which its working weights come from.
    total: FloatArray = np.einsum("ts,ts->s", squares, fit.working_mean)
    return total / np.where(fit.residual_df > 0, fit.residual_df, np.nan)


def outbreak_weights(
    counts: FloatArray,
    fit: QuasiPoissonFit,
    dispersion: FloatArray,
    is_used: BoolArray,
    threshold: float,
) -> FloatArray:
    """Smaller weights for past outbreaks, from standardised Anscombe residuals.

    Parameters
    ----------
    counts : numpy.ndarray, shape (weeks, series)
        Counts without NaN.
    fit : QuasiPoissonFit
        Unweighted fit.
    dispersion : numpy.ndarray, shape (series,)
        At least 1.
    is_used : numpy.ndarray of bool, shape (weeks, series)
        Weeks that took part in the fit.
    threshold : float
        Residual above which a week gets less weight.

    Returns
    -------
    numpy.ndarray, shape (weeks, series)
        Zero for unused weeks; the others add up to their number.

    References
    ----------
    Farrington et al. (1996), section 3.6; threshold 2.58: Noufaily et al. (2013), section 3.4.
    """
    mean = np.where(is_used, fit.mean, 1.0)
    # Anscombe residual and weights as in `quasi_poisson.residuals` and `quasi_poisson.reweighting`.
    residual = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1.0 / 6.0) - np.sqrt(mean))
    scale = np.sqrt(dispersion * np.maximum(1.0 - fit.leverage, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = residual / scale
        weight = np.where(standardised > threshold, standardised**-2.0, 1.0)
    weight = np.where(is_used, weight, 0.0)
    scaled: FloatArray = weight * is_used.sum(axis=0) / weight.sum(axis=0)
    return scaled
