"""The one look at every baseline week that a fit needs: its residual.

Pearson's statistic adds the squares up; the weeks that may be past outbreaks are those whose
square is large, and only for these is the standardised residual worked out.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.detection.block_fit import BlockFit
from qorgau.methods.detection.growth_sums import SERIES_AT_ONCE
from qorgau.methods.detection.panel import FloatArray, IntArray
from qorgau.methods.detection.weighted_counts import WeightedCounts

# A week that a fit must meet exactly has no residual; it is not to divide zero by zero.
LARGEST_LEVERAGE = 1.0 - 1e-9


@dataclass(frozen=True, eq=False)
class Residuals:
    """Sums of squared residuals, and where the large ones are.

    Attributes
    ----------
    pearson
        Shape ``(series,)``, sum of weight x (count - mean)^2 / mean.
    relative
        Same shape, sum of weight x ((count - mean) / mean)^2; NaN unless asked for.
    row, series
        Weeks that may have a standardised residual above the threshold asked for.
    """

    pearson: FloatArray
    relative: FloatArray
    row: IntArray
    series: IntArray


def residuals(
    series: WeightedCounts,
    fit: BlockFit,
    *,
    with_relative: bool = False,
    threshold: float | None = None,
) -> Residuals:
    """Look at every week of every series once.

    Parameters
    ----------
    series : WeightedCounts
        Counts and weights.
    fit : BlockFit
        What was fitted to them. Where its working means are not the fitted ones, squares are
        multiplied by working over fitted mean, as the R package does.
    with_relative : bool
        Whether squares of relative residuals are summed too.
    threshold : float, optional
        Standardised residual above which a week is to be found.

    Returns
    -------
    Residuals

    Notes
    -----
    Anscombe's residual never exceeds Pearson's, and a week's leverage never the largest that its
    series can have: a week below both of these bounds is no outbreak and is not looked at again.
    """
    n_series = fit.slope.size
    pearson, relative = np.empty(n_series), np.full(n_series, np.nan)
    large = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    if threshold is not None:
        room = threshold**2 * (1.0 - _largest_leverage(series, fit))
    scratch = np.empty((2, series.counts.shape[0], min(n_series, SERIES_AT_ONCE)))
    for start in range(0, n_series, SERIES_AT_ONCE):
        part = slice(start, min(start + SERIES_AT_ONCE, n_series))
        squares, mean = _squares(series, fit, part, scratch[:, :, : part.stop - start])
        if with_relative:
            relative[part] = (squares / mean).sum(axis=0)
        if fit.working_level is fit.level:
            pearson[part] = squares.sum(axis=0)
        else:
            ratio = _working_over_fitted(series, fit, part, mean)
            pearson[part] = np.multiply(ratio, squares, out=ratio).sum(axis=0)
        if threshold is not None:
            dispersion = np.maximum(pearson[part] / fit.residual_df[part], 1.0)
            cell = np.flatnonzero(squares > room[part] * dispersion)
            row, column = np.divmod(cell, squares.shape[1])
            large.append((row, column + start))
    scale = series.weights.scale
    row, column = (np.concatenate(places) for places in zip(*large, strict=True))
    return Residuals(pearson * scale, relative * scale, row, column)


def _squares(
    series: WeightedCounts, fit: BlockFit, part: slice, scratch: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Weighted squares of Pearson's residuals, and fitted means, of some of the series."""
    squares, mean = scratch
    series.design.pattern.means(fit.level[:, part], fit.slope[part], mean)
    if series.exposure is not None:
        mean *= series.exposure[:, part]
    np.subtract(series.counts[:, part], mean, out=squares)
    squares *= squares
    squares /= mean
    if not series.weights.is_even:
        listed = series.weights.between(part)
        squares[listed.row, listed.series] *= listed.weight
    return squares, mean


def _working_over_fitted(
    series: WeightedCounts, fit: BlockFit, part: slice, scratch: FloatArray
) -> FloatArray:
    change = fit.working_level[:, part] - fit.level[:, part]
    slope = fit.working_slope[part] - fit.slope[part]
    return series.design.pattern.means(change, slope, scratch)


def _largest_leverage(series: WeightedCounts, fit: BlockFit) -> FloatArray:
    """A leverage that no week of a series exceeds, shape ``(series,)``."""
    mean = np.exp(fit.working_level + np.abs(fit.working_slope))
    if series.exposure is not None:
        mean *= series.exposure.max(axis=0)
    share = mean / np.where(fit.block_weight > 0, fit.block_weight, np.inf)
    pull = mean * (1.0 + np.abs(fit.block_time)) ** 2
    time_weight = np.where(fit.time_weight > 0, fit.time_weight, np.inf)
    largest: FloatArray = share.max(axis=0) + pull.max(axis=0) / time_weight
    return np.minimum(largest, LARGEST_LEVERAGE)


def standardised(
    series: WeightedCounts, fit: BlockFit, dispersion: FloatArray, row: IntArray, column: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Standardised Anscombe residuals of some weeks.

    Parameters
    ----------
    series : WeightedCounts
        Counts and weights, all of them 0 or 1.
    fit : BlockFit
        What was fitted to them.
    dispersion : numpy.ndarray, shape (series,)
        At least 1.
    row, column : numpy.ndarray of int, shape (weeks asked for,)
        The weeks.

    Returns
    -------
    residual, leverage : numpy.ndarray, shape (weeks asked for,)

    References
    ----------
    Farrington et al. (1996), section 3.6.
    """
    block, time = series.design.block[row], series.design.scaled_time[row]
    exposure = 1.0 if series.exposure is None else series.exposure[row, column]
    mean = np.exp(fit.level[block, column] + fit.slope[column] * time) * exposure
    working = np.exp(fit.working_level[block, column] + fit.working_slope[column] * time) * exposure
    leverage = working / fit.block_weight[block, column]
    time_weight = np.where(fit.time_weight > 0, fit.time_weight, np.inf)[column]
    leverage += working * (time - fit.block_time[block, column]) ** 2 / time_weight
    leverage = np.minimum(leverage, LARGEST_LEVERAGE)
    counts = series.counts[row, column]
    residual = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1.0 / 6.0) - np.sqrt(mean))
    return residual / np.sqrt(dispersion[column] * (1.0 - leverage)), leverage
