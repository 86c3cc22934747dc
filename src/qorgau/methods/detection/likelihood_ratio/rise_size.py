"""Exact likelihood ratio of a rise that began in a given week, and the size that makes it largest.

The statistic is a concave function of ``kappa``, the logarithm of the factor of the rise, for each
beginning.

Source: Hoehle and Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray

# What a parabola may have left out.
NEAR_ENOUGH = 0.998
# A quarter of the smallest factor on the chart's grid, and beyond any that a count suggests.
SMALLEST_KAPPA = 0.02 / 1.5**8 / 4
LARGEST_KAPPA = 40.0
LARGEST_STEPS = 60
# Newton's method squares the error of each step.
TOLERANCE = 1e-8
# Step, relative to kappa, up to which a parabola is used.
LARGEST_TRUSTED_STEP = 0.3
PAIRS_AT_ONCE = 256
# A law with so little extra variance is Poisson's to the last digit.
SMALLEST_ALPHA = 1e-16
# With a size so large, one more case changes the ratio by almost nothing.
SMALLEST_GAIN = 1e-300


@dataclass(frozen=True, eq=False)
class ChartWeeks:
    """What the likelihood ratio needs of each week; zero where the count is missing.

    With ``share = alpha mu / (1 + alpha mu)`` and ``size = count + 1 / alpha`` the log likelihood
    ratio is ``count kappa - size log(1 + share (exp(kappa) - 1))``.
    """

    count: FloatArray
    size: FloatArray
    share: FloatArray
    cases_before: FloatArray
    inverse_alpha: FloatArray

    @classmethod
    def of(cls, observed: FloatArray, mean: FloatArray, alpha: FloatArray) -> "ChartWeeks":
        is_known = ~(np.isnan(observed) | np.isnan(mean))
        alpha = np.where(np.isnan(alpha), 0.0, np.maximum(alpha, SMALLEST_ALPHA))
        alpha = np.maximum(alpha, SMALLEST_ALPHA)
        count = np.where(is_known, observed, 0.0)
        extra = alpha * np.where(is_known, mean, 0.0)
        before = np.zeros((count.shape[0] + 1, count.shape[1]))
        np.cumsum(count, axis=0, out=before[1:])
        size = np.where(is_known, count + 1.0 / alpha, 0.0)
        return cls(count, size, extra / (1.0 + extra), before, 1.0 / alpha)


@dataclass(frozen=True, eq=False)
class Beginnings:
    """Series, each with a week at which its rise may have begun and a first guess of its size."""

    column: IntArray
    start: IntArray
    kappa: FloatArray


def in_parts(pairs: Beginnings) -> list[Beginnings]:
    """Pairs with similar beginnings together, so that no part goes back further than it must."""
    order = np.argsort(pairs.start, kind="stable")
    return [
        Beginnings(pairs.column[part], pairs.start[part], pairs.kappa[part])
        for part in (order[at : at + PAIRS_AT_ONCE] for at in range(0, order.size, PAIRS_AT_ONCE))
    ]


class _Sums:
    """Sums over the weeks from the beginning of each pair up to, but without, `stop`."""

    def __init__(self, weeks: ChartWeeks, pairs: Beginnings, stop: int) -> None:
        first = min(int(pairs.start[0]), stop)
        rows = np.arange(first, stop)[:, None]
        self._share = weeks.share[first:stop, pairs.column]
        self._size = weeks.size[first:stop, pairs.column] * (rows >= pairs.start)
        before = weeks.cases_before
        self.cases = before[stop, pairs.column] - before[pairs.start, pairs.column]

    def value(self, kappa: FloatArray) -> FloatArray:
        """Log likelihood ratio."""
        loss = np.log1p(self._share * np.expm1(kappa))
        ratio: FloatArray = self.cases * kappa - (self._size * loss).sum(axis=0)
        return ratio

    def expected(self, kappa: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What the cases must equal at the maximum, and its derivative."""
        return _expected(self._share, self._size, kappa)


def _expected(
    share: FloatArray, size: FloatArray, kappa: FloatArray
) -> tuple[FloatArray, FloatArray]:
    factor = np.exp(kappa)
    # Derivative of size log(1 + share (e^kappa - 1)), which the cases must equal at the maximum.
    part = share * factor / (1.0 + share * np.expm1(kappa))
    pull = size * part
    return pull.sum(axis=0), (pull * (1.0 - part)).sum(axis=0)


def promising_beginnings(
    weeks: ChartWeeks, week: int, pairs: Beginnings, found: FloatArray
) -> Beginnings:
    """Beginnings, not before that of each pair, that may give more than what was found.

    A parabola through value, slope and curvature at the size of the pair bounds what a beginning
    can reach near it; farther away the grid has been searched.
    """
    first = int(pairs.start[0])
    rows = slice(first, week + 1)
    share, size = weeks.share[rows, pairs.column], weeks.size[rows, pairs.column]
    count = weeks.count[rows, pairs.column]
    part = share * np.expm1(pairs.kappa)
    value = count * pairs.kappa - size * np.log1p(part)
    part = (share + part) / (1.0 + part)
    size *= part
    count -= size
    size *= 1.0 - part
    value, slope, curvature = (_since(terms) for terms in (value, count, size))
    is_near = np.abs(slope) < LARGEST_TRUSTED_STEP * pairs.kappa * curvature
    value += np.where(is_near, slope**2 / np.where(is_near, 2.0 * curvature, 1.0), 0.0)
    is_allowed = np.arange(first, week + 1)[:, None] >= pairs.start
    row, place = np.nonzero(is_allowed & (value > found * NEAR_ENOUGH))
    return Beginnings(pairs.column[place], row + first, pairs.kappa[place])


def _since(terms: FloatArray) -> FloatArray:
    """Sums from each week to the last."""
    sums: FloatArray = np.cumsum(terms[::-1], axis=0)[::-1]
    return sums


def largest_ratio(weeks: ChartWeeks, week: int, pairs: Beginnings) -> tuple[FloatArray, FloatArray]:
    """Largest log likelihood ratio of each pair, at least 0, and its size of the rise.

    Newton's method is run on the logarithm of expected over observed cases: under a Poisson law
    it is linear in ``kappa``, and no step diverges however large a count is. The package
    takes Newton's steps on the slope itself, which a week of twenty times its mean defeats.
    """
    sums = _Sums(weeks, pairs, week + 1)
    has_cases = sums.cases > 0
    target = np.log(np.where(has_cases, sums.cases, 1.0))
    kappa = pairs.kappa
    for _ in range(LARGEST_STEPS):
        expected, slope = sums.expected(kappa)
        # Newton on log(expected) - log(cases): its derivative is slope / expected.
        step = (target - np.log(expected)) * expected / slope
        before, kappa = kappa, np.clip(kappa + step, 0.0, LARGEST_KAPPA)
        if np.all((np.abs(kappa - before) < TOLERANCE) | ~has_cases):
            break
    return np.where(has_cases, np.maximum(sums.value(kappa), 0.0), 0.0), kappa


def smallest_count(weeks: ChartWeeks, week: int, pairs: Beginnings, threshold: float) -> FloatArray:
    """Smallest count of a week with which each pair reaches the threshold.

    The count needed at one size of the rise is a ratio of a convex and a concave function of it;
    Dinkelbach's (1967) method alternates between the count for a size and the likeliest size for a
    count.
    """
    sums = _Sums(weeks, pairs, week)
    share, size = weeks.share[week, pairs.column], weeks.inverse_alpha[pairs.column]
    kappa = pairs.kappa
    count = np.full(kappa.size, np.inf)
    for _ in range(LARGEST_STEPS):
        loss = np.log1p(share * np.expm1(kappa))
        before = count
        # The count with which this size of rise gives the threshold: linear in the count.
        count = (threshold - sums.value(kappa) + size * loss) / np.maximum(
            kappa - loss, SMALLEST_GAIN
        )
        # Below zero when the weeks before are enough by themselves.
        count = np.maximum(np.minimum(count, before), 0.0)
        if np.all(before - count <= TOLERANCE * count):
            break
        expected, slope = sums.expected(kappa)
        own, own_slope = _expected(share[None], (count + size)[None], kappa)
        expected, slope = expected + own, np.maximum(slope + own_slope, SMALLEST_GAIN)
        needed = np.maximum(sums.cases + count, SMALLEST_GAIN)
        step = np.log(needed / expected) * expected / slope
        kappa = np.clip(kappa + step, SMALLEST_KAPPA, LARGEST_KAPPA)
    return count


def critical_from(
    observed: FloatArray,
    mean: FloatArray,
    alpha: FloatArray,
    origin: IntArray,
    *,
    threshold: float,
) -> FloatArray:
    """Critical count of the last week, each series looking back to its own origin.

    Parameters
    ----------
    observed, mean : numpy.ndarray, shape (weeks, series)
        Counts and means.
    alpha, origin : numpy.ndarray, shape (series,)
        Extra variance, and first week that a rise may have begun.
    threshold : float
        Statistic that gives an alarm.

    Returns
    -------
    numpy.ndarray, shape (series,)
    """
    weeks, week = ChartWeeks.of(observed, mean, alpha), observed.shape[0] - 1
    least = np.full(origin.size, np.inf)
    start, column = np.nonzero(np.arange(week + 1)[:, None] >= origin)
    for part in in_parts(Beginnings(column, start, np.full(column.size, 0.5))):
        np.minimum.at(least, part.column, smallest_count(weeks, week, part, threshold))
    return least
