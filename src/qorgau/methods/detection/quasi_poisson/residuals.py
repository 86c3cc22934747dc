"""Residuals of every baseline week, computed once for all that a fit needs from them.

Pearson's statistic adds the squares up; a week can be a past outbreak only if its square is
large, and only then is its standardised residual computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

# A week that a fit must meet exactly has no residual: this avoids zero divided by zero.
LARGEST_LEVERAGE = 1.0 - 1e-9
# So many series with the weeks of a year stay in a processor's own memory.
SERIES_AT_ONCE = 1024


@dataclass(frozen=True, eq=False)
class Residuals:
    """Sums of squared residuals, and where the large ones are.

    Attributes
    ----------
    pearson
        Shape ``(series,)``, sum of weight x (count - mean)^2 / mean.
    relative
        Same shape, sum of weight x ((count - mean) / mean)^2; 0 unless `with_relative`.
    row, series
        Weeks that may have a standardised residual above the threshold.
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
    """Go through every week of every series once.

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
        Standardised residual above which a week is listed.

    Returns
    -------
    Residuals

    Notes
    -----
    Anscombe's residual never exceeds Pearson's, and a week's leverage never the largest that its
    series can have: a week below both of these bounds is not an outbreak and is left out.
    """
    n_series = fit.slope.size
    pearson, relative = np.zeros((2, n_series))
    large = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    if threshold is not None:
        room = threshold**2 * (1.0 - _largest_leverage(series, fit))
    for start in range(0, n_series, SERIES_AT_ONCE):
        part = slice(start, min(start + SERIES_AT_ONCE, n_series))
        kept = np.empty((series.counts.shape[0] if threshold else 0, part.stop - start))
        for squares, mean, ratio in _squares(series, fit, part, kept):
            if with_relative:
                relative[part] += (squares / mean).sum(axis=0)
            if ratio is not None:
                ratio *= squares
            pearson[part] += (squares if ratio is None else ratio).sum(axis=0)
        if threshold is not None:
            # s <= threshold wherever (y - mu)^2 / mu <= threshold^2 phi (1 - h), with the largest h
            # of the series.
            bound = room[part] * np.maximum(pearson[part] / fit.residual_df[part], 1.0)
            for rows in series.design.pattern.rows:
                row, column = np.divmod(np.flatnonzero(kept[rows] > bound), bound.size)
                large.append((row + rows.start, column + start))
    scale = series.weights.scale
    row, column = (np.concatenate(places) for places in zip(*large, strict=True))
    return Residuals(pearson * scale, relative * scale, row, column)


def _squares(
    series: WeightedCounts, fit: BlockFit, part: slice, kept: FloatArray
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray | None]]:
    """Weighted squares of Pearson's residuals of some of the series, year after year.

    With them come the fitted means and, where the working means differ, working over fitted means.
    The squares are written to `kept` where it has room.
    """
    pattern, listed = series.design.pattern, series.weights.between(part)
    means = pattern.by_year(fit.level[:, part], fit.slope[part])
    ratios = None
    if fit.working_level is not fit.level:
        change = fit.working_level[:, part] - fit.level[:, part]
        ratios = pattern.by_year(change, fit.working_slope[part] - fit.slope[part])
    scratch = np.empty((pattern.linear.shape[0], part.stop - part.start))
    for rows, mean in means:
        squares = kept[rows] if kept.size else scratch[: rows.stop - rows.start]
        if series.exposure is not None:
            mean *= series.exposure[rows, part]
        np.subtract(series.counts[rows, part], mean, out=squares)
        squares *= squares
        squares /= mean
        here = np.flatnonzero((listed.row >= rows.start) & (listed.row < rows.stop))
        squares[listed.row[here] - rows.start, listed.series[here]] *= listed.weight[here]
        yield squares, mean, None if ratios is None else next(ratios)[1]


def _largest_leverage(series: WeightedCounts, fit: BlockFit) -> FloatArray:
    """A leverage that no week of a series exceeds, shape ``(series,)``."""
    mean = np.exp(fit.working_level + np.abs(fit.working_slope))
    if series.exposure is not None:
        mean *= series.exposure.max(axis=0)
    # Both parts of the hat matrix at their largest: no scaled time is beyond 1.
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
    row, column : numpy.ndarray of int, shape (weeks,)
        The weeks.

    Returns
    -------
    residual, leverage : numpy.ndarray, shape (weeks,)

    References
    ----------
    Farrington et al. (1996), section 3.6.
    """
    block, time = series.design.block[row], series.design.scaled_time[row]
    exposure = 1.0 if series.exposure is None else series.exposure[row, column]
    mean = np.exp(fit.level[block, column] + fit.slope[column] * time) * exposure
    working = np.exp(fit.working_level[block, column] + fit.working_slope[column] * time) * exposure
    # Hat matrix of levels and slope: the share of the week in its block, and its distance in time.
    leverage = working / fit.block_weight[block, column]
    time_weight = np.where(fit.time_weight > 0, fit.time_weight, np.inf)[column]
    leverage += working * (time - fit.block_time[block, column]) ** 2 / time_weight
    leverage = np.minimum(leverage, LARGEST_LEVERAGE)
    counts = series.counts[row, column]
    # Farrington et al. (1996): s = 3/2 (y^(2/3) mu^(-1/6) - mu^(1/2)) / (phi (1 - h))^(1/2),
    # Anscombe's residual of a Poisson count, standardised by dispersion and leverage.
    residual = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1.0 / 6.0) - np.sqrt(mean))
    return residual / np.sqrt(dispersion[column] * (1.0 - leverage)), leverage
