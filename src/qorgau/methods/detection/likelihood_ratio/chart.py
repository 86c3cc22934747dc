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
from qorgau.methods.detection.bounds.thresholds import ROUNDING
from qorgau.methods.detection.likelihood_ratio.rise_size import (
    SMALLEST_GAIN,
    Beginnings,
    ChartWeeks,
    in_parts,
    largest_ratio,
    promising_beginnings,
    smallest_count,
)

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


def glr_chart(
    observed: FloatArray,
    mean: FloatArray,
    alpha: FloatArray,
    *,
    threshold: float,
    kappa: float | None,
) -> LikelihoodRatioChart:
    """Run the chart of every series through the weeks; it restarts after an alarm.

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
    return _Walk(ChartWeeks.of(observed, mean, alpha), threshold, kappa).chart()


class _Walk:
    """The sums of a block of series on their way through the weeks."""

    def __init__(self, weeks: ChartWeeks, threshold: float, kappa: float | None) -> None:
        self._weeks = weeks
        self._threshold = threshold
        self._is_fixed = kappa is not None
        self._kappa = (GRID if kappa is None else np.array([kappa]))[:, None]
        self._growth = np.expm1(self._kappa)
        shape = (self._kappa.size, weeks.count.shape[1])
        self._total = np.zeros(shape)
        self._start = np.zeros(shape, dtype=np.int64)
        # The slope of the statistic at kappa = 0 shows whether the statistic is above zero at all.
        self._slope = np.zeros(shape[1])
        self._slope_start = np.zeros(shape[1], dtype=np.int64)
        self._origin = np.zeros(shape[1], dtype=np.int64)

    def chart(self) -> LikelihoodRatioChart:
        """Run through all weeks."""
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
        # Page's (1954) recursion: for a fixed kappa, a rise is best taken to begin where the sum
        # was last at or below 0.
        is_new = total <= 0
        self._start[is_new] = week
        np.maximum(total, 0.0, out=total)
        # Hoehle and Paul (2008): the ratio of one week is y kappa - (y + 1/alpha) log(1 + share
        # (e^kappa - 1)), linear in the count; the critical count is where the sum reaches the
        # threshold.
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
        pairs = Beginnings(
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
        self, week: int, pairs: Beginnings, found: FloatArray, kappa: FloatArray
    ) -> IntArray:
        """Write the largest ratio of each series and its size of rise; name what was improved."""
        before = found.copy()
        for part in in_parts(pairs):
            value, size = largest_ratio(self._weeks, week, part)
            np.maximum.at(found, part.column, value)
            is_best = value == found[part.column]
            kappa[part.column[is_best]] = size[is_best]
        return np.flatnonzero(found > before * (1.0 + ROUNDING))

    def _better_starts(
        self, week: int, columns: IntArray, found: FloatArray, kappa: FloatArray
    ) -> Beginnings:
        """Beginnings that were best at no size on the grid, and are better at the size found."""
        parts = [
            promising_beginnings(self._weeks, week, part, found[part.column])
            for part in in_parts(Beginnings(columns, self._origin[columns], kappa[columns]))
        ]
        if not parts:
            return Beginnings(columns, columns, kappa[columns])
        return Beginnings(
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
        pairs = Beginnings(column, self._start[place, column], self._kappa[place, 0])
        for part in in_parts(pairs):
            exact = smallest_count(self._weeks, week, part, self._threshold)
            np.minimum.at(least, part.column, exact)
        return least


def _peaks(values: FloatArray, start: IntArray) -> BoolArray:
    """Where a beginning has its largest value on the grid."""
    is_peak = np.ones(values.shape, dtype=np.bool_)
    is_same = start[1:] == start[:-1]
    is_peak[1:] &= ~(is_same & (values[:-1] > values[1:]))
    is_peak[:-1] &= ~(is_same & (values[1:] >= values[:-1]))
    return is_peak
