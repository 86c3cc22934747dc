"""Did an action change a rate? A series before and after it, against what was expected.

Input: counts and exposure per month or week, and the first period in which the action held. A
regression carries level, trend and season of the time before into the time after; what was
observed is compared with that (Wagner et al. 2002, Journal of Clinical Pharmacy and Therapeutics
27:299-309; Bernal, Cummins and Gasparrini 2017, International Journal of Epidemiology 46:348-355).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import FloatArray, as_confidence, as_counts, as_positive, broadcast
from qorgau.methods.effect.negative_binomial import CountRegression, fit_counts
from qorgau.methods.effect.sides import check_sides

METHOD = "interrupted series, negative binomial, Newey-West limits (Bernal 2017)"


@dataclass(frozen=True, eq=False)
class InterruptedSeries:
    """What changed with an action; arrays have the shape ``(times,)``.

    Attributes
    ----------
    start : int
        0-based first period in which the action held.
    ratio, ratio_lower, ratio_upper : float
        Cases after the action over those expected without it.
    p_value : float
        Two-sided, of a ratio of 1.
    averted, averted_lower, averted_upper : float
        Cases expected without the action less those observed; negative where there were more.
    cases_before, cases_after, exposure_before, exposure_after : float
        Totals on each side.
    expected_after : float
        Cases expected after the action if it had not been taken.
    fitted : ndarray
        Cases by the model with the action.
    without, without_lower, without_upper : ndarray
        Cases by the model without it, and limits of that mean.
    trend_per_year : float
        Factor by which the rate changed from year to year apart from the action.
    alpha : float
        Overdispersion: variance is ``mean + alpha mean^2``.
    lags : int
        Periods over which neighbours may be correlated in the limits.
    confidence : float
        Two-sided level of all limits.
    method : str
        Name and source of the method.
    """

    start: int
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    averted: float
    averted_lower: float
    averted_upper: float
    cases_before: float
    cases_after: float
    exposure_before: float
    exposure_after: float
    expected_after: float
    fitted: FloatArray
    without: FloatArray
    without_lower: FloatArray
    without_upper: FloatArray
    trend_per_year: float
    alpha: float
    lags: int
    confidence: float
    method: str = METHOD


def interrupted_series(
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike | None = None,
    *,
    start: int,
    periods_per_year: int = 12,
    waves: int = 1,
    has_trend: bool = True,
    is_slope_changed: bool = False,
    covariates: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> InterruptedSeries:
    """Estimate the effect of an action from the series it interrupted.

    Parameters
    ----------
    counts : array_like, shape (times,)
        Cases per period, oldest first.
    exposure : array_like, shape (times,), optional
        Person-time, or anything the cases are proportional to; equal throughout if left out.
    start : int
        0-based first period in which the action held.
    periods_per_year : int
        12 for months, 52 for weeks.
    waves : int
        Pairs of cosine and sine of the year in the season; 0 leaves the season out.
    has_trend : bool
        Whether the rate may have changed steadily apart from the action.
    is_slope_changed : bool
        Whether the action may also have bent the trend; the ratio is then the mean over the
        periods after it.
    covariates : array_like, shape (times, covariates), optional
        Further explanations, entered linearly on the log scale.
    confidence : float
        Two-sided level of all limits.

    Returns
    -------
    InterruptedSeries

    Raises
    ------
    InputError
        If there are fewer than four periods or no case on a side, or the series cannot carry
        the model.

    Notes
    -----
    Limits of the ratio and of the averted cases follow from the robust covariance by the delta
    method on the log scale, with quantiles of Student's t. A season needs a year on each side of
    its own; a trend before the action is taken to go on.
    """
    cases, time = broadcast(
        ("counts", "exposure"),
        as_counts(counts, "counts"),
        as_positive(1.0 if exposure is None else exposure, "exposure"),
    )
    check_sides(cases, start=start)
    level = as_confidence(confidence)
    common = _common_design(cases.size, periods_per_year, waves, has_trend, covariates)
    step = (np.arange(cases.size) >= start).astype(np.float64)
    effect = [step]
    if is_slope_changed:
        effect.append(step * (np.arange(cases.size) - start) / periods_per_year)
    design = np.column_stack([common, *effect])
    fit = fit_counts(cases, design, np.log(time))
    return _summarise(fit, design, cases, time, start, len(effect), level, has_trend)


def _common_design(
    length: int,
    periods_per_year: int,
    waves: int,
    has_trend: bool,
    covariates: npt.ArrayLike | None,
) -> FloatArray:
    time = np.arange(length, dtype=np.float64)
    columns = [np.ones(length)]
    if has_trend:
        columns.append((time - time.mean()) / periods_per_year)
    for wave in range(1, waves + 1):
        angle = 2.0 * np.pi * wave * time / periods_per_year
        columns += [np.cos(angle), np.sin(angle)]
    if covariates is not None:
        further = np.asarray(covariates, dtype=np.float64).reshape(length, -1)
        columns.extend((further - further.mean(axis=0)).T)
    return np.column_stack(columns)


def _summarise(
    fit: CountRegression,
    design: FloatArray,
    cases: FloatArray,
    time: FloatArray,
    start: int,
    effects: int,
    confidence: float,
    has_trend: bool,
) -> InterruptedSeries:
    freedom = cases.size - design.shape[1]
    z = float(special.stdtrit(freedom, (1.0 + confidence) / 2.0))
    design_without = design.copy()
    design_without[:, -effects:] = 0.0
    log_without = design_without @ fit.slopes + np.log(time)
    # Counterfactual: the fitted model with the columns of the action set to 0 (Bernal et al. 2017).
    without = np.exp(log_without)
    log_se = _standard_error(fit, design_without)
    after = slice(start, None)
    expected, gradient = _log_sum(without[after], design_without[after])
    modelled, modelled_gradient = _log_sum(fit.mean[after], design[after])
    log_ratio = modelled - expected
    ratio_se = float(_standard_error(fit, (modelled_gradient - gradient)[None, :])[0])
    total = float(np.exp(expected))
    observed = float(cases[after].sum())
    # Averted cases are the observed ones times (1 / ratio - 1), so they share its limits.
    low, high = np.exp(log_ratio - z * ratio_se), np.exp(log_ratio + z * ratio_se)
    return InterruptedSeries(
        start=start,
        ratio=float(np.exp(log_ratio)),
        ratio_lower=float(low),
        ratio_upper=float(high),
        p_value=float(2.0 * special.stdtr(freedom, -abs(log_ratio) / ratio_se)),
        averted=observed * (float(np.exp(-log_ratio)) - 1.0),
        averted_lower=observed * (1.0 / float(high) - 1.0),
        averted_upper=observed * (1.0 / float(low) - 1.0),
        cases_before=float(cases[:start].sum()),
        cases_after=observed,
        exposure_before=float(time[:start].sum()),
        exposure_after=float(time[after].sum()),
        expected_after=total,
        fitted=fit.mean,
        without=without,
        without_lower=np.exp(log_without - z * log_se),
        without_upper=np.exp(log_without + z * log_se),
        trend_per_year=float(np.exp(fit.slopes[1])) if has_trend else 1.0,
        alpha=fit.alpha,
        lags=fit.lags,
        confidence=confidence,
    )


def _log_sum(mean: FloatArray, design: FloatArray) -> tuple[float, FloatArray]:
    """Log of a sum of means, and its gradient in the slopes."""
    total = mean.sum()
    gradient: FloatArray = mean @ design / total
    return float(np.log(total)), gradient


def _standard_error(fit: CountRegression, gradients: FloatArray) -> FloatArray:
    """Robust, but never below the model's own: in a short series the robust one errs low."""
    robust = np.einsum("ti,ij,tj->t", gradients, fit.covariance, gradients)
    model = np.einsum("ti,ij,tj->t", gradients, fit.model_covariance, gradients)
    error: FloatArray = np.sqrt(np.maximum(robust, model))
    return error
