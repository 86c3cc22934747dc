"""Funnel limits: how far a unit's rate may be from the target by chance at its exposure.

Input: a target rate and the exposures to draw the limits over. At each exposure the limits
are those of the exact Poisson distribution of the count expected there: a count is beyond
the upper limit exactly when the probability of that many or more is below half the stated
remainder (0.025 for 95 %), and likewise below the lower limit. Between whole counts the
distribution is continued by the incomplete gamma function, which makes the lines smooth and
changes no verdict. Idea and levels: Spiegelhalter (2005, Statistics in Medicine
24:1185-1202); behaviour of such limits: Seaton and Manktelow (2012, BMC Medical Research
Methodology 12:98).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    as_confidence,
    as_multiplier,
    as_positive,
    read_only,
)

METHOD = "funnel limits from the exact Poisson distribution (Spiegelhalter 2005)"


@dataclass(frozen=True, eq=False)
class FunnelLimits:
    """Funnel limits over exposure.

    Attributes
    ----------
    exposure : ndarray, shape S
        Exposures at which the limits hold.
    target_rate : float
        Rate the funnel narrows to, per `per` units of exposure.
    levels : tuple of float
        Levels of the funnels, for example 0.95 and 0.998.
    lower, upper : ndarray, shape (levels, *S)
        Limits per `per` units of exposure. A lower limit of 0 means that no count, not even
        zero events, is unusually low at that exposure.
    per : float
        Unit of the rates.
    method : str
        Name and source of the method.
    """

    exposure: FloatArray
    target_rate: float
    levels: tuple[float, ...]
    lower: FloatArray
    upper: FloatArray
    per: float
    method: str = METHOD


def funnel_limits(
    exposure: npt.ArrayLike,
    *,
    target_rate: float,
    per: float = 1.0,
    levels: Sequence[float] = (0.95, 0.998),
) -> FunnelLimits:
    """Exact Poisson limits of a rate around a target, at given exposures.

    Parameters
    ----------
    exposure : array_like, shape S
        Exposures in one unit throughout, greater than zero.
    target_rate : float
        Rate to compare with, per `per` units of exposure, greater than zero.
    per : float
        Units of exposure the rates are expressed per.
    levels : sequence of float
        Two-sided levels of the funnels, each between 0 and 1.

    Returns
    -------
    FunnelLimits
        Lower and upper limits, one row for each level.

    Raises
    ------
    InputError
        If an exposure or the target is not positive, or no level or a bad one is given.

    Notes
    -----
    Spiegelhalter DJ (2005). Funnel plots for comparing institutional performance. Statistics
    in Medicine 24:1185-1202.
    """
    time = as_positive(exposure, "exposure")
    multiplier = as_multiplier(per)
    target = float(as_positive(target_rate, "target_rate"))
    if not levels:
        raise InputError("levels", "empty", "Give at least one funnel level, such as 0.95.")
    checked = tuple(as_confidence(level, "levels") for level in levels)
    # Spiegelhalter (2005): limits of the count expected at the target, as a function of exposure.
    expected = time * target / multiplier
    scale = multiplier / time
    lower = np.stack([_lower_count(expected, (1.0 - c) / 2.0) * scale for c in checked])
    upper = np.stack([_upper_count(expected, (1.0 - c) / 2.0) * scale for c in checked])
    return FunnelLimits(
        exposure=read_only(time),
        target_rate=target,
        levels=checked,
        lower=read_only(lower),
        upper=read_only(upper),
        per=multiplier,
    )


def _upper_count(expected: FloatArray, tail: float) -> FloatArray:
    """Real count u at which P(X >= u) = tail for a Poisson X with the expected mean."""
    return np.asarray(special.chdtriv(tail, 2.0 * expected) / 2.0, dtype=np.float64)


def _lower_count(expected: FloatArray, tail: float) -> FloatArray:
    """Real count l at which P(X <= l) = tail; zero where even no events is not unusual."""
    count = special.chdtriv(1.0 - tail, 2.0 * expected) / 2.0 - 1.0
    return np.asarray(np.maximum(count, 0.0), dtype=np.float64)
