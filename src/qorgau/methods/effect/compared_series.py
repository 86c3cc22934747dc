"""Did an action change a rate more than the rate of those who did not have it?

Input: a series of the units with the action and one of units without it, and the first period in
which it held. What changes both series in the same way (season, weather, reporting) drops out:
given the cases of both in a period, those of the first are binomial (difference in differences on
the log scale; Lopez Bernal, Cummins and Gasparrini 2018, International Journal of Epidemiology
47:2082-2093).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import FloatArray, as_confidence, as_counts, as_positive, broadcast
from qorgau.methods.effect.negative_binomial import newey_west, usual_lags
from qorgau.methods.effect.sides import check_sides

METHOD = "compared series, conditional quasi-binomial, Newey-West limits (Lopez Bernal 2018)"
MOST_STEPS = 100


@dataclass(frozen=True)
class ComparedSeries:
    """What changed with an action, beside those without it.

    Attributes
    ----------
    start : int
        0-based first period in which the action held.
    ratio, ratio_lower, ratio_upper : float
        Change of the rate with the action over the change without it.
    p_value : float
        Two-sided, of a ratio of 1.
    expected_after, averted, averted_lower, averted_upper : float
        Cases of the first series expected after the action had it moved like the other, and
        what was averted of them.
    dispersion : float
        Variance over the binomial one, at least 1.
    lags : int
        Periods over which neighbours may be correlated.
    confidence : float
    method : str
        Name and source of the method.
    """

    start: int
    ratio: float
    ratio_lower: float
    ratio_upper: float
    p_value: float
    expected_after: float
    averted: float
    averted_lower: float
    averted_upper: float
    dispersion: float
    lags: int
    confidence: float
    method: str = METHOD


def compared_series(
    counts: npt.ArrayLike,
    compared: npt.ArrayLike,
    exposure: npt.ArrayLike | None = None,
    compared_exposure: npt.ArrayLike | None = None,
    *,
    start: int,
    confidence: float = 0.95,
) -> ComparedSeries:
    """Estimate the effect of an action beside a series that did not have it.

    Parameters
    ----------
    counts, compared : array_like, shape (times,)
        Cases per period with the action, and without it.
    exposure, compared_exposure : array_like, shape (times,), optional
        Their person-time; equal throughout if left out.
    start : int
        0-based first period in which the action held.
    confidence : float
        Two-sided level of the limits.

    Returns
    -------
    ComparedSeries

    Raises
    ------
    InputError
        If there are fewer than four periods on a side, or a series has no case on a side.
    """
    cases, other, time, other_time = broadcast(
        ("counts", "compared", "exposure", "compared_exposure"),
        as_counts(counts, "counts"),
        as_counts(compared, "compared"),
        as_positive(1.0 if exposure is None else exposure, "exposure"),
        as_positive(1.0 if compared_exposure is None else compared_exposure, "compared_exposure"),
    )
    check_sides(cases, other, start=start)
    level = as_confidence(confidence)
    step = (np.arange(cases.size) >= start).astype(np.float64)
    design = np.column_stack([np.ones(cases.size), step])
    lags = usual_lags(cases.size)
    slopes, covariance, dispersion = _fit(
        cases, cases + other, design, np.log(time / other_time), lags
    )
    z = float(special.ndtri((1.0 + level) / 2.0))
    se = float(np.sqrt(covariance[1, 1]))
    low, ratio, high = np.exp(slopes[1] + np.array([-z, 0.0, z]) * se)
    observed = float(cases[start:].sum())
    return ComparedSeries(
        start=start,
        ratio=float(ratio),
        ratio_lower=float(low),
        ratio_upper=float(high),
        p_value=float(2.0 * special.ndtr(-abs(slopes[1]) / se)),
        expected_after=observed / float(ratio),
        averted=observed * (1.0 / float(ratio) - 1.0),
        averted_lower=observed * (1.0 / float(high) - 1.0),
        averted_upper=observed * (1.0 / float(low) - 1.0),
        dispersion=dispersion,
        lags=lags,
        confidence=level,
    )


def _fit(
    cases: FloatArray, both: FloatArray, design: FloatArray, offset: FloatArray, lags: int
) -> tuple[FloatArray, FloatArray, float]:
    """Quasi-binomial regression of the share of the first series, where either has a case."""
    slopes = np.zeros(design.shape[1])
    for _step in range(MOST_STEPS):
        # Given the sum of both, the first is binomial; its logit is the log of the rate ratio.
        share = special.expit(design @ slopes + offset)
        weight = both * share * (1.0 - share)
        bread = np.linalg.inv(design.T @ (design * weight[:, None]))
        move = bread @ (design.T @ (cases - both * share))
        slopes = slopes + move
        if np.abs(move).max() < 1e-12:
            break
    share = special.expit(design @ slopes + offset)
    variance = both * share * (1.0 - share)
    is_used = both > 0
    squares = (cases - both * share)[is_used] ** 2 / variance[is_used]
    freedom = int(is_used.sum()) - design.shape[1]
    # Pearson's dispersion of the quasi-binomial law.
    dispersion = max(float(squares.sum()) / max(freedom, 1), 1.0)
    robust = newey_west(bread, design * (cases - both * share)[:, None], lags)
    # Few periods can make the robust limits too narrow by chance: never below the model's own.
    model = bread * dispersion
    covariance = robust if robust[1, 1] >= model[1, 1] else model
    return slopes, np.asarray(covariance, dtype=np.float64), dispersion
