"""Past outbreaks in the baseline, and the smaller weight that they get.

Source: Farrington et al. (1996), J. R. Statist. Soc. A 159, 547-563, section 3.6; the threshold
2.58: Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222, section 3.4.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.quasi_poisson.block_fit import BlockFit
from qorgau.methods.detection.quasi_poisson.residuals import (
    LARGEST_LEVERAGE,
    residuals,
    standardised,
)
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


@dataclass(frozen=True, eq=False)
class PastOutbreaks:
    """Baseline weeks whose counts are far above the first fit.

    Attributes
    ----------
    row, series
        Shape ``(weeks found,)``, where they are.
    residual
        Same shape, their standardised Anscombe residuals.
    is_met
        Shape ``(series,)``: series with a week that the fit must meet exactly.
    """

    row: IntArray
    series: IntArray
    residual: FloatArray
    is_met: BoolArray


def find_past_outbreaks(series: WeightedCounts, fit: BlockFit, threshold: float) -> PastOutbreaks:
    """Find the baseline weeks with a large standardised residual.

    Parameters
    ----------
    series : WeightedCounts
        Counts, with weight 1 for every week used.
    fit : BlockFit
        The first fit.
    threshold : float
        Standardised Anscombe residual above which a week is a past outbreak.

    Returns
    -------
    PastOutbreaks
    """
    found = residuals(series, fit, threshold=threshold)
    dispersion = np.maximum(found.pearson / fit.residual_df, 1.0)
    residual, leverage = standardised(series, fit, dispersion, found.row, found.series)
    is_met = np.zeros(dispersion.size, dtype=np.bool_)
    is_met[found.series[leverage >= LARGEST_LEVERAGE]] = True
    above = np.flatnonzero(residual > threshold)
    return PastOutbreaks(found.row[above], found.series[above], residual[above], is_met)


def lower_their_weights(
    series: WeightedCounts, fit: BlockFit, outbreaks: PastOutbreaks
) -> WeightedCounts:
    """Give past outbreaks less weight, so that they do not lift the bound.

    Parameters
    ----------
    series : WeightedCounts
        Counts, with weight 1 for every week used.
    fit : BlockFit
        The first fit.
    outbreaks : PastOutbreaks
        Weeks that get less weight.

    Returns
    -------
    WeightedCounts
        The counts with weights that add up to the number of weeks.
    """
    # The weight is the residual to the power -2, or 1, times a factor that keeps the sum.
    weight = outbreaks.residual**-2.0
    # Farrington et al. (1996): the factor gamma makes the weights add up to the number of weeks.
    lost = np.bincount(outbreaks.series, 1.0 - weight, minlength=fit.slope.size)
    scale = fit.weeks / (fit.weeks - lost)
    weights = series.weights.joined(outbreaks.row, outbreaks.series, weight, scale)
    return series.weighted(weights)
