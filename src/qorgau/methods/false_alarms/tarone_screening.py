"""Tests that can hardly raise a false alarm need not be counted among the many.

Counts are whole: an alarm that needs three cases is almost impossible in a series that has had
one in five years. Tests whose chances of any false alarm add up to no more than a small allowance
are left out of the correction for many tests, and the allowance is charged to the budget instead.

Input: cases and weeks of each series' history. Source: Tarone (1990), Biometrics 46, 515-522;
Gilbert (2005), Applied Statistics 54, 143-158, who leave out tests that can never be significant;
here the chance of the few that can is bounded by their sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.false_alarms.benjamini_hochberg import read_only

METHOD = "tests that can hardly raise an alarm left out (after Tarone 1990, Gilbert 2005)"


@dataclass(frozen=True, eq=False)
class TaroneScreening:
    """Which tests count among the many; arrays have the shape of the history.

    Attributes
    ----------
    alarm_chance : ndarray
        Probability that chance alone gives the cases that an alarm needs.
    is_counted : ndarray of bool
        Whether the test is counted.
    allowance : float
        Stated largest probability that any of the others raises a false alarm.
    spent : float
        Sum of their chances: what of the allowance is used.
    method : str
        Name and source of the method.
    """

    alarm_chance: FloatArray
    is_counted: BoolArray
    allowance: float
    spent: float
    method: str = METHOD


def tarone_screening(
    cases: ArrayLike, weeks: ArrayLike, *, least_cases: int, allowance: float
) -> TaroneScreening:
    """Leave out tests that can hardly raise a false alarm.

    Parameters
    ----------
    cases : array_like, shape S
        Cases of each series in the weeks of its history.
    weeks : array_like, shape S or one that broadcasts to it
        How many weeks these are, at least one.
    least_cases : int
        Fewer cases in the tested week do not raise an alarm.
    allowance : float
        Largest probability that any of the tests left out raises a false alarm.

    Returns
    -------
    TaroneScreening
        Arrays of shape S.

    Raises
    ------
    ValueError
        If cases are negative, a history has no week, or an option cannot be used.

    Notes
    -----
    The chance is that of an exact prediction from a constant rate: with ``X`` cases in ``n`` weeks
    the count of the next is negative binomial with size ``X + 1`` and success probability
    ``n / (n + 1)``. Left out are the tests with the smallest chances, as long as their sum does
    not exceed the allowance; ties stay together.

    References
    ----------
    Tarone (1990), Biometrics 46, 515-522. Gilbert (2005), Applied Statistics 54, 143-158.

    Examples
    --------
    >>> found = tarone_screening([0, 1, 40], 260, least_cases=3, allowance=1e-5)
    >>> found.is_counted.tolist(), f"{found.spent:.1e}"
    ([False, False, True], '2.8e-07')
    """
    if least_cases < 1:
        raise ValueError(f"least_cases must be at least 1; it is {least_cases}.")
    if not 0.0 <= allowance < 1.0:
        raise ValueError(f"allowance must be a probability, such as 0.01; it is {allowance}.")
    known, length = np.broadcast_arrays(
        np.asarray(cases, dtype=np.float64), np.asarray(weeks, dtype=np.float64)
    )
    if not (known >= 0).all() or not (length >= 1).all():
        raise ValueError("A history has at least one week, and no fewer than zero cases.")
    # Upper tail of the negative binomial prediction, P(Y >= least) = I(least, X + 1; 1 / (n + 1)).
    chance = betainc(float(least_cases), known + 1.0, 1.0 / (length + 1.0))
    is_counted = _exceeds(chance, allowance)
    return TaroneScreening(
        alarm_chance=read_only(np.asarray(chance)),
        is_counted=read_only(is_counted),
        allowance=allowance,
        spent=float(chance[~is_counted].sum()),
    )


def _exceeds(chance: FloatArray, allowance: float) -> BoolArray:
    """Chances above the largest whose own and all smaller ones add up to the allowance."""
    # The probability of any alarm is at most the sum of the chances (Boole's inequality).
    distinct, place, number = np.unique(chance, return_inverse=True, return_counts=True)
    fitting = int(np.searchsorted(np.cumsum(distinct * number), allowance, side="right"))
    is_counted: BoolArray = (place >= fitting).reshape(chance.shape)
    return is_counted
