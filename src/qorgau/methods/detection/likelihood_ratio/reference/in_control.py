"""In-control mean and extra variance as the R package estimates them."""

import numpy as np

from qorgau.methods.arrays import FloatArray
from qorgau.methods.detection.baselines.baseline_weeks import WEEKS_PER_YEAR
from qorgau.methods.detection.baselines.season_waves import wave_design
from qorgau.methods.detection.likelihood_ratio.in_control import InControlModel
from qorgau.methods.detection.likelihood_ratio.reference.history_fit import fit_history


def reference_in_control_model(
    counts: FloatArray,
    *,
    first_tested: int,
    harmonics: int,
    has_trend: bool,
    alpha: float | None,
) -> InControlModel:
    """Estimate them from the weeks before the first tested one.

    The package takes no person-time, and has no answer to sparse series.

    Parameters
    ----------
    counts, first_tested, harmonics, has_trend, alpha
        As for `in_control_model`.

    Returns
    -------
    InControlModel
    """
    series = counts.shape[1]
    design = wave_design(counts.shape[0], first_tested, harmonics=harmonics, has_trend=has_trend)
    mean, extra = np.full(counts.shape, np.nan), np.full(series, np.nan)
    history = counts[:first_tested]
    usable = (~np.isnan(history)).sum(axis=0) >= design.shape[1]
    if not usable.any():
        return InControlModel(mean, extra, np.full(series, np.nan), usable)
    fit = fit_history(history[:, usable], design, alpha=alpha)
    mean[:, usable], extra[usable] = fit.mean, fit.alpha
    slope = np.full(series, np.nan)
    if has_trend and counts.shape[0] > WEEKS_PER_YEAR:
        years_apart = np.log(mean[WEEKS_PER_YEAR] / mean[0])
        slope = years_apart / WEEKS_PER_YEAR
    return InControlModel(mean, extra, slope, np.zeros(series, dtype=np.bool_))
