"""Generalised likelihood ratio of a rise that began at any earlier week and is of any size.

For a rise by a fixed factor ``exp(kappa)`` the best beginning follows week by week from a sum that
never falls below zero. A grid of factors is carried in this way, so that a week costs the same
however long ago the last alarm was; the few beginnings that win on the grid are then worked out
exactly. The statistic is a concave function of ``kappa`` for each beginning.

Source: Hoehle and Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368; for the
exchange of the two maxima Lai (1995), Journal of the Royal Statistical Society B 57, 613-658.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray

# Steps a quarter of their size while a factor is small, even ones where it is large.
GRID = np.concatenate(
    [
        0.02 / 1.5 ** np.arange(8, 0, -1),
        0.02 * 1.25 ** np.arange(18),
        np.arange(1.1, 3.0, 0.25),
        np.arange(3.0, 13.0),
    ]
)
# What a grid leaves of the exact maximum, and of the exact critical count, at the least.
WORTH_REFINING = 0.94
# What a parabola may have left out.
NEAR_ENOUGH = 0.998
LARGEST_KAPPA = 40.0
LARGEST_STEPS = 60
# Newton's method squares the error of each step.
TOLERANCE = 1e-8
# Step, relative to kappa, over which a parabola is believed.
LARGEST_TRUSTED_STEP = 0.3
PAIRS_AT_ONCE = 256
# A law with so little extra variance is Poisson's to the last digit.
SMALLEST_ALPHA = 1e-16
ROUNDING = 1e-9
# A law of almost any size learns nothing from one count more.
SMALLEST_GAIN = 1e-300


@dataclass(frozen=True, eq=False)
class LikelihoodRatioChart:
    """What a chart shows; arrays have the shape ``(weeks, series)``.

    Attributes
    ----------
    statistic
        Likelihood ratio statistic of each week.
    critical_count
        Count of the week, not whole, at which the statistic would reach the threshold.
    alarm
        Whether it did.
    """

    statistic: FloatArray
    critical_count: FloatArray
    alarm: BoolArray


@dataclass(frozen=True, eq=False)
class _ChartWeeks:
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
    def of(cls, observed: FloatArray, mean: FloatArray, alpha: FloatArray) -> "_ChartWeeks":
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
class _Beginnings:
    """Series, each with a week at which its rise may have begun and a first guess of its size."""

    column: IntArray
    start: IntArray
    kappa: FloatArray


def glr_chart(
    observed: FloatArray,
    mean: FloatArray,
    alpha: FloatArray,
    *,
    threshold: float,
    kappa: float | None,
) -> LikelihoodRatioChart:
    """Run the chart of every series through the weeks; it starts anew after an alarm.

    Parameters
    ----------
    observed, mean : numpy.ndarray, shape (weeks, series)
        Counts and their in-control means; a week where either is NaN is passed over.
    alpha : numpy.ndarray, shape (series,)
        The variance of a count is ``mean + alpha mean^2``.
    threshold : float
        Statistic that gives an alarm.
    kappa : float or None
        Logarithm of the factor of the rise; None takes the likeliest, at least 0.

    Returns
    -------
    LikelihoodRatioChart
    """
    return _Walk(_ChartWeeks.of(observed, mean, alpha), threshold, kappa).chart()


class _Walk:
    """The sums of a block of series on their way through the weeks."""

    def __init__(self, weeks: _ChartWeeks, threshold: float, kappa: float | None) -> None:
        self._weeks = weeks
        self._threshold = threshold
        self._is_fixed = kappa is not None
        self._kappa = (GRID if kappa is None else np.array([kappa]))[:, None]
        self._growth = np.expm1(self._kappa)
        shape = (self._kappa.size, weeks.count.shape[1])
        self._total = np.zeros(shape)
        self._start = np.zeros(shape, dtype=np.int64)
        # The slope of the statistic at a rise of nothing says whether it is above zero at all.
        self._slope = np.zeros(shape[1])
        self._slope_start = np.zeros(shape[1], dtype=np.int64)
        self._origin = np.zeros(shape[1], dtype=np.int64)

    def chart(self) -> LikelihoodRatioChart:
        """All weeks in turn."""
        shape = self._weeks.count.shape
        statistic, critical = np.empty(shape), np.empty(shape)
        alarm = np.empty(shape, dtype=np.bool_)
        for week in range(shape[0]):
            critical[week] = self._advance(week)
            statistic[week] = self._statistic(week)
            alarm[week] = statistic[week] >= self._threshold
            self._total[:, alarm[week]] = 0.0
            self._slope[alarm[week]] = 0.0
            self._origin[alarm[week]] = week + 1
        return LikelihoodRatioChart(statistic, critical, alarm)

    def _advance(self, week: int) -> FloatArray:
        """Add a week to the sums; return its critical count."""
        weeks, total = self._weeks, self._total
        is_new = total <= 0
        self._start[is_new] = week
        np.maximum(total, 0.0, out=total)
        loss = np.log1p(weeks.share[week] * self._growth)
        gain = np.maximum(self._kappa - loss, SMALLEST_GAIN)
        loss *= weeks.inverse_alpha
        critical: FloatArray = (self._threshold - total + loss) / gain
        total += weeks.count[week] * gain
        total -= loss
        if self._is_fixed:
            least: FloatArray = critical[0]
            return least
        is_flat = self._slope <= 0
        self._slope_start[is_flat] = week
        rate = weeks.share[week]
        self._slope = np.where(is_flat, 0.0, self._slope)
        self._slope += weeks.count[week] - weeks.size[week] * rate
        return self._least_critical(week, critical)

    def _statistic(self, week: int) -> FloatArray:
        """The largest likelihood ratio over all beginnings and sizes."""
        best: FloatArray = np.maximum(self._total.max(axis=0), 0.0)
        if self._is_fixed:
            return best
        place, column = np.nonzero(
            _peaks(self._total, self._start) & (self._total >= WORTH_REFINING * best) & (best > 0)
        )
        # A rise too small for the grid.
        only_slope = np.flatnonzero((self._slope > 0) & (best <= 0))
        pairs = _Beginnings(
            np.concatenate([column, only_slope]),
            np.concatenate([self._start[place, column], self._slope_start[only_slope]]),
            np.concatenate([self._kappa[place, 0], np.full(only_slope.size, GRID[0])]),
        )
        found: FloatArray = np.zeros(best.size)
        kappa = np.zeros(best.size)
        while pairs.column.size:
            better = self._improve(week, pairs, found, kappa)
            pairs = self._better_starts(week, better, found, kappa)
        return found

    def _improve(
        self, week: int, pairs: _Beginnings, found: FloatArray, kappa: FloatArray
    ) -> IntArray:
        """Write the largest ratio of each series and its size of rise; name what was improved."""
        before = found.copy()
        for part in _in_parts(pairs):
            value, size = _largest(self._weeks, week, part)
            np.maximum.at(found, part.column, value)
            is_best = value == found[part.column]
            kappa[part.column[is_best]] = size[is_best]
        return np.flatnonzero(found > before * (1.0 + ROUNDING))

    def _better_starts(
        self, week: int, columns: IntArray, found: FloatArray, kappa: FloatArray
    ) -> _Beginnings:
        """Beginnings that no size on the grid has shown, and that win at the size found."""
        parts = [
            _promising(self._weeks, week, part, found[part.column])
            for part in _in_parts(_Beginnings(columns, self._origin[columns], kappa[columns]))
        ]
        if not parts:
            return _Beginnings(columns, columns, kappa[columns])
        return _Beginnings(
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.start for part in parts]),
            np.concatenate([part.kappa for part in parts]),
        )

    def _least_critical(self, week: int, critical: FloatArray) -> FloatArray:
        """The smallest critical count over all beginnings and sizes."""
        least: FloatArray = critical.min(axis=0)
        # Most counts are so small that the grid has already found the whole number.
        is_open = np.ceil(least - ROUNDING) != np.ceil(WORTH_REFINING * least - ROUNDING)
        place, column = np.nonzero(
            _peaks(-critical, self._start) & (WORTH_REFINING * critical <= least) & is_open
        )
        pairs = _Beginnings(column, self._start[place, column], self._kappa[place, 0])
        for part in _in_parts(pairs):
            exact = _smallest_count(self._weeks, week, part, self._threshold)
            np.minimum.at(least, part.column, exact)
        return least


def _peaks(values: FloatArray, start: IntArray) -> BoolArray:
    """Where a beginning has its largest value on the grid."""
    is_peak = np.ones(values.shape, dtype=np.bool_)
    is_same = start[1:] == start[:-1]
    is_peak[1:] &= ~(is_same & (values[:-1] > values[1:]))
    is_peak[:-1] &= ~(is_same & (values[1:] >= values[:-1]))
    return is_peak


def _in_parts(pairs: _Beginnings) -> list[_Beginnings]:
    """Pairs of about the same beginning together: each part looks no further back than it must."""
    order = np.argsort(pairs.start, kind="stable")
    return [
        _Beginnings(pairs.column[part], pairs.start[part], pairs.kappa[part])
        for part in (order[at : at + PAIRS_AT_ONCE] for at in range(0, order.size, PAIRS_AT_ONCE))
    ]


class _Sums:
    """Sums over the weeks from the beginning of each pair up to, but without, `stop`."""

    def __init__(self, weeks: _ChartWeeks, pairs: _Beginnings, stop: int) -> None:
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
    part = share * factor / (1.0 + share * np.expm1(kappa))
    pull = size * part
    return pull.sum(axis=0), (pull * (1.0 - part)).sum(axis=0)


def _promising(weeks: _ChartWeeks, week: int, pairs: _Beginnings, found: FloatArray) -> _Beginnings:
    """Beginnings, not before that of each pair, that promise more than what was found.

    A parabola through value, slope and curvature at the size of the pair tells what a beginning
    can reach near it; farther away the grid has looked.
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
    return _Beginnings(pairs.column[place], row + first, pairs.kappa[place])


def _since(terms: FloatArray) -> FloatArray:
    """Sums from each week to the last."""
    sums: FloatArray = np.cumsum(terms[::-1], axis=0)[::-1]
    return sums


def _largest(weeks: _ChartWeeks, week: int, pairs: _Beginnings) -> tuple[FloatArray, FloatArray]:
    """Largest log likelihood ratio of each pair, at least 0, and its size of the rise.

    Newton's method is run on the logarithm of expected over observed cases: under a Poisson law
    it is linear in ``kappa``, and however large a count is no step leads astray. The package
    takes Newton's steps on the slope itself, which a week of twenty times its mean defeats.
    """
    sums = _Sums(weeks, pairs, week + 1)
    has_cases = sums.cases > 0
    target = np.log(np.where(has_cases, sums.cases, 1.0))
    kappa = pairs.kappa
    for _ in range(LARGEST_STEPS):
        expected, slope = sums.expected(kappa)
        step = (target - np.log(expected)) * expected / slope
        before, kappa = kappa, np.clip(kappa + step, 0.0, LARGEST_KAPPA)
        if np.all((np.abs(kappa - before) < TOLERANCE) | ~has_cases):
            break
    return np.where(has_cases, np.maximum(sums.value(kappa), 0.0), 0.0), kappa


def _smallest_count(
    weeks: _ChartWeeks, week: int, pairs: _Beginnings, threshold: float
) -> FloatArray:
    """Smallest count of a week with which each pair reaches the threshold.

    The count needed at one size of the rise is a ratio of a convex and a concave function of it;
    Dinkelbach's (1967) method takes in turn the count of a size, and the likeliest size of a count.
    """
    sums = _Sums(weeks, pairs, week)
    share, size = weeks.share[week, pairs.column], weeks.inverse_alpha[pairs.column]
    kappa = pairs.kappa
    count = np.full(kappa.size, np.inf)
    for _ in range(LARGEST_STEPS):
        loss = np.log1p(share * np.expm1(kappa))
        before = count
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
        kappa = np.clip(kappa + step, GRID[0] / 4, LARGEST_KAPPA)
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
    weeks, week = _ChartWeeks.of(observed, mean, alpha), observed.shape[0] - 1
    least = np.full(origin.size, np.inf)
    start, column = np.nonzero(np.arange(week + 1)[:, None] >= origin)
    for part in _in_parts(_Beginnings(column, start, np.full(column.size, 0.5))):
        np.minimum.at(least, part.column, _smallest_count(weeks, week, part, threshold))
    return least
