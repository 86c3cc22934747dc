"""Step-up control of the false discovery rate: Benjamini and Hochberg, Benjamini and Yekutieli.

Input: the p-values of many tests. Chosen are those so small that of all chosen ones, on average, at
most the stated share is false. Source: Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57,
289-300; Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qorgau.methods.arrays import BoolArray, FloatArray

Array = TypeVar("Array", bound=NDArray[Any])

BENJAMINI_HOCHBERG = "Benjamini-Hochberg (1995)"
BENJAMINI_YEKUTIELI = "Benjamini-Yekutieli (2001)"


@dataclass(frozen=True, eq=False)
class StepUpSelection:
    """Which tests are selected; arrays have the shape of the p-values.

    Attributes
    ----------
    p_values : ndarray
        Probability of so extreme a result by chance, for each test.
    adjusted : ndarray
        The smallest false discovery rate at which each test is selected, at most 1.
    is_selected : ndarray of bool
        Whether the test is selected at the stated rate.
    false_discovery_rate : float
        Stated largest expected share of false ones among those selected.
    tests : int
        How many tests were made in all.
    method : str
        Name and source of the method.
    """

    p_values: FloatArray
    adjusted: FloatArray
    is_selected: BoolArray
    false_discovery_rate: float
    tests: int
    method: str


def benjamini_hochberg(
    p_values: ArrayLike, *, false_discovery_rate: float = 0.1, tests: int | None = None
) -> StepUpSelection:
    """Choose tests so that the expected share of false ones is bounded.

    Parameters
    ----------
    p_values : array_like, any shape
        Between 0 and 1; true null hypotheses give them uniform or larger.
    false_discovery_rate : float
        Largest expected share of false ones among those chosen.
    tests : int, optional
        How many tests were made in all, where those with p-value 1 are left out of `p_values`;
        by default as many as there are p-values.

    Returns
    -------
    StepUpSelection

    Raises
    ------
    ValueError
        If a p-value or the rate is outside its range, or `tests` is below their number.

    Notes
    -----
    Controls the rate where the tests are independent or positively dependent (positive regression
    dependence on the true nulls).

    References
    ----------
    Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.001, 0.02, 0.9], false_discovery_rate=0.05).is_selected.tolist()
    [True, True, False]
    """
    return _step_up(p_values, false_discovery_rate, tests, BENJAMINI_HOCHBERG, is_any=False)


def benjamini_yekutieli(
    p_values: ArrayLike, *, false_discovery_rate: float = 0.1, tests: int | None = None
) -> StepUpSelection:
    """Choose tests so that the expected share of false ones is bounded, however they depend.

    Parameters
    ----------
    p_values : array_like, any shape
        Between 0 and 1; true null hypotheses give them uniform or larger.
    false_discovery_rate : float
        Largest expected share of false ones among those chosen.
    tests : int, optional
        How many tests were made in all, where those with p-value 1 are left out of `p_values`;
        by default as many as there are p-values.

    Returns
    -------
    StepUpSelection

    Raises
    ------
    ValueError
        If a p-value or the rate is outside its range, or `tests` is below their number.

    Notes
    -----
    The method of Benjamini and Hochberg at the rate divided by ``1 + 1/2 + ... + 1/tests``.

    References
    ----------
    Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188.

    Examples
    --------
    >>> benjamini_yekutieli([0.001, 0.02, 0.9], false_discovery_rate=0.05).is_selected.tolist()
    [True, False, False]
    """
    return _step_up(p_values, false_discovery_rate, tests, BENJAMINI_YEKUTIELI, is_any=True)


def _step_up(
    p_values: ArrayLike, rate: float, tests: int | None, method: str, *, is_any: bool
) -> StepUpSelection:
    values = check_p_values(p_values)
    check_rate(rate)
    count = values.size if tests is None else tests
    if count < values.size:
        raise ValueError(
            f"tests says that {count} tests were made, and there are {values.size} p-values; "
            "count every test."
        )
    # Benjamini and Yekutieli (2001): 1 + 1/2 + ... + 1/m for tests that depend in any way.
    factor = float(harmonic_numbers(count)[count]) if is_any else 1.0
    adjusted = _adjust(values.ravel(), count, factor).reshape(values.shape)
    return StepUpSelection(
        p_values=read_only(values),
        adjusted=read_only(adjusted),
        is_selected=read_only(adjusted <= rate),
        false_discovery_rate=rate,
        tests=count,
        method=method,
    )


def _adjust(values: FloatArray, tests: int, factor: float) -> FloatArray:
    """Each p-value times tests over rank; none larger than that of a larger p-value."""
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, values.size + 1)
    # Benjamini and Hochberg (1995): the largest k with p(k) <= q k / m, and all smaller p-values.
    # The adjusted p-value is the smallest q at which a test is selected.
    scaled = values[order] * (tests * factor) / ranks
    stepped = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty(values.size)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def harmonic_numbers(count: int) -> FloatArray:
    """Sums ``1 + 1/2 + ... + 1/k`` for k from 0 to `count`, shape ``(count + 1,)``."""
    sums = np.zeros(count + 1)
    np.cumsum(1.0 / np.arange(1, count + 1), out=sums[1:])
    return sums


def check_p_values(p_values: ArrayLike) -> FloatArray:
    """A copy of the p-values as an array.

    Raises
    ------
    ValueError
        If one is missing or outside 0 to 1.
    """
    values = np.array(p_values, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(
            "Every p-value must be between 0 and 1. A test without a result has no p-value: "
            "leave it out."
        )
    return values


def check_rate(rate: float) -> None:
    """Refuse a false discovery rate outside (0, 1).

    Raises
    ------
    ValueError
        If it is outside.
    """
    if not 0.0 < rate < 1.0:
        raise ValueError(
            f"false_discovery_rate must be between 0 and 1, such as 0.1; it is {rate}."
        )


def read_only(array: Array) -> Array:
    """The array, made read-only."""
    array.setflags(write=False)
    return array
