"""How fast could one series-week be? The necessary operations, at this machine's speed.

Only the floating-point operations of the algorithm are counted, each at the throughput that NumPy
reaches on arrays in the processor's cache: no memory traffic, no indexing, no Python calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

WEEKS = 237
"""Baseline weeks of a tested week: 5 years in 10 blocks, without the newest 26 weeks."""
BLOCKS = 10
TERMS = 25
MOMENTS = 3
STEPS = 8
"""Newton steps of both fits together, counted on the simulated panel."""
BOUND_TERMS = 48
COUNTS_PER_TEST = 624 / 52
"""Every count of a series is checked once for any number of tested weeks: whole, not below 0?"""
LOOKS = 4
"""Size, whole part, difference and sum."""


@dataclass(frozen=True)
class Pace:
    """Seconds per operation: in matrix products, in additions and multiplications, and others."""

    product: float
    simple: float
    division: float
    exponential: float


def measured_pace() -> Pace:
    """Throughput of one core of this machine, from arrays of 64 kB and products of 256 columns."""
    rng = np.random.default_rng(0)
    left, right = rng.random(8192), rng.random(8192) + 0.5
    out = np.empty(8192)
    matrix, columns = rng.random((MOMENTS * BLOCKS, TERMS)), rng.random((TERMS, 256))
    product = np.empty((MOMENTS * BLOCKS, 256))
    return Pace(
        product=_seconds(lambda: np.matmul(matrix, columns, out=product)) / (2 * matrix.size * 256),
        simple=_seconds(lambda: np.multiply(left, right, out=out)) / left.size,
        division=_seconds(lambda: np.divide(left, right, out=out)) / left.size,
        exponential=_seconds(lambda: np.exp(left, out=out)) / left.size,
    )


def least_seconds_of_ears(pace: Pace) -> float:
    """Seconds for one series-week of C1 in a run over 52 weeks, with a p-value."""
    simple = LOOKS * COUNTS_PER_TEST
    # Square and two running sums; mean and variance from their differences; bound, score and alarm.
    simple += 4 + 8 + 8
    # The normal distribution is a polynomial of about 20 terms, times an exponential.
    simple += 20
    return simple * pace.simple + 5 * pace.division + pace.exponential


def least_seconds_of_cusum(pace: Pace) -> float:
    """Seconds for one series-week of Rossi's CUSUM in a run over 52 weeks."""
    simple = (LOOKS + 1) * COUNTS_PER_TEST
    # Standard value, sum and reset, bound, and alarm; a root costs as much as a division.
    simple += 5 + 4 + 10 + 1
    return simple * pace.simple + 4 * pace.division


def least_seconds(pace: Pace) -> float:
    """Seconds for one series-week of Farrington's flexible method: two fits and a bound."""
    in_products = 2 * WEEKS * (BLOCKS + 1)
    in_products += (STEPS + 2) * 2 * MOMENTS * BLOCKS * TERMS
    # Every week twice: mean, residual, square and sum, and one division.
    simple = 2 * WEEKS * 4
    simple += (STEPS + 2) * (2 * TERMS + 9 * BLOCKS)
    simple += 4 * BOUND_TERMS
    divisions = 2 * WEEKS + (STEPS + 2) * 2 * BLOCKS + BOUND_TERMS
    # A mean is the product of a factor for the year and a factor for the week of the year.
    exponentials = 2 * (52 + 6) + 2
    return (
        in_products * pace.product
        + simple * pace.simple
        + divisions * pace.division
        + exponentials * pace.exponential
    )


def _seconds(run: Callable[[], object], *, calls: int = 300, rounds: int = 15) -> float:
    """The shortest time of one call in several rounds: the machine without other load."""
    spent = []
    for _ in range(rounds):
        began = time.thread_time()
        for _ in range(calls):
            run()
        spent.append((time.thread_time() - began) / calls)
    return min(spent)
