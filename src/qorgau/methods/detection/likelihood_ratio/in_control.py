"""In-control mean and extra variance of a history, for the likelihood ratio chart."""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.baselines.baseline_weeks import WEEKS_PER_YEAR
from qorgau.methods.detection.baselines.in_control_mean import in_control_mean
from qorgau.methods.detection.baselines.season_waves import wave_design
from qorgau.methods.detection.likelihood_ratio.negative_binomial_fit import fit_negative_binomial

# A coefficient with fewer cases behind it follows single ones (Peduzzi et al. 1996).
CASES_PER_COEFFICIENT = 10


@dataclass(frozen=True, eq=False)
class InControlModel:
    """Mean and extra variance of a series while nothing was wrong.

    Attributes
    ----------
    mean
        Shape ``(time, series)``, NaN where it cannot be estimated.
    alpha
        Shape ``(series,)``; the variance of a count is ``mean + alpha mean^2``.
    trend_per_week
        Shape ``(series,)``, slope on the log scale; NaN without a trend.
    is_level
        Shape ``(series,)``: too few cases for season and trend, so that the rate is constant.
    """

    mean: FloatArray
    alpha: FloatArray
    trend_per_week: FloatArray
    is_level: BoolArray


def in_control_model(
    counts: FloatArray,
    population: FloatArray | None,
    *,
    first_tested: int,
    harmonics: int,
    has_trend: bool,
    alpha: float | None,
) -> InControlModel:
    """Estimate mean and extra variance together from the weeks before the first tested one.

    Parameters
    ----------
    counts : numpy.ndarray, shape (time, series)
        NaN is a missing week.
    population : numpy.ndarray, shape (time, series), or None
        Person-time behind each count; NaN is missing.
    first_tested : int
        Row at which the history ends.
    harmonics : int
        Waves of the year.
    has_trend : bool
        Whether the log mean is linear in time.
    alpha : float or None
        Extra variance where it is known.

    Returns
    -------
    InControlModel

    References
    ----------
    Lawless (1987), Canadian Journal of Statistics 15, 209-225; Peduzzi et al. (1996), Journal of
    Clinical Epidemiology 49, 1373-1379.
    """
    history = counts[:first_tested]
    is_known = ~np.isnan(history)
    offset = np.zeros(history.shape)
    if population is not None:
        is_known &= ~np.isnan(population[:first_tested])
        # log mean = log persons + level + waves + trend.
        offset = np.log(np.where(is_known, population[:first_tested], 1.0))
    known = np.where(is_known, history, 0.0)
    weight = is_known.astype(np.float64)
    cases = known.sum(axis=0)
    level = in_control_mean(
        counts, population, first_tested=first_tested, has_wave=False, is_floored=True
    )
    mean = level.copy()
    extra = np.full(cases.size, 0.0 if alpha is None else alpha)
    slope = np.full(cases.size, np.nan)
    design = wave_design(counts.shape[0], first_tested, harmonics=harmonics, has_trend=has_trend)
    coefficients = design.shape[1] - 1
    is_level = np.ones(cases.size, dtype=np.bool_)
    enough = (cases > 0) & (cases >= CASES_PER_COEFFICIENT * coefficients)
    if coefficients:
        enough &= weight.sum(axis=0) >= WEEKS_PER_YEAR
    # With season and trend where the cases carry them, and a constant rate for all others.
    for chosen, columns in ((enough, design), (cases > 0, design[:, :1])):
        todo = np.flatnonzero(chosen & is_level)
        parts = (known[:, todo], offset[:, todo], weight[:, todo])
        fit = fit_negative_binomial(*parts, columns[:first_tested], alpha=alpha)
        done, slopes = todo[fit.converged], fit.slopes[:, fit.converged]
        mean[:, done] = np.exp(columns @ slopes)
        if population is not None:
            mean[:, done] *= population[:, done]
        extra[done] = fit.alpha[fit.converged]
        if columns is design:
            is_level[done] = False
            if has_trend:
                slope[done] = slopes[-1] * 2.0 / max(first_tested - 1, 1)
    return InControlModel(mean, extra, slope, is_level & (coefficients > 0) | (cases == 0))
