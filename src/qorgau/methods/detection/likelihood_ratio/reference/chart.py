"""The statistic of a negative binomial rise as the package ``surveillance`` finds it.

For `reference` mode alone. The package looks for the likeliest size of a rise by plain Newton steps
on the slope of the likelihood, from 0.5 for the earliest beginning and from the size of the one
before for the next. A count of about twenty times its mean throws the first step so far that the
search fails; the statistic of that beginning is then 0, and the week gives no alarm.
"""

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.bounds.thresholds import ROUNDING
from qorgau.methods.detection.likelihood_ratio.chart import LikelihoodRatioChart
from qorgau.methods.detection.likelihood_ratio.rise_size import critical_from

FIRST_KAPPA = 0.5
MOST_STEPS = 30
TOLERANCE = 1e-6
# The answer of the package where it finds no count that gives an alarm. It tries 10,000.
NO_COUNT = 1e99
COUNTS_TRIED = 250


def reference_chart(
    observed: FloatArray, mean: FloatArray, alpha: FloatArray, *, threshold: float
) -> LikelihoodRatioChart:
    """Run the chart of every series through the weeks; it restarts after an alarm.

    Parameters
    ----------
    observed, mean : numpy.ndarray, shape (weeks, series)
        Counts and in-control means, without NaN.
    alpha : numpy.ndarray, shape (series,)
        Above 0.
    threshold : float
        Statistic that gives an alarm.

    Returns
    -------
    LikelihoodRatioChart
        `critical_count` is the smallest count with an alarm, 0 or 1e99 for a week without a case
        as the package has it.
    """
    statistic, critical = np.zeros(observed.shape), np.zeros(observed.shape)
    origin = np.zeros(observed.shape[1], dtype=np.int64)
    for week in range(observed.shape[0]):
        rows = slice(0, week + 1)
        history = _ChartHistory(observed[rows], mean[rows], alpha, origin)
        statistic[week], critical[week] = _test(history, threshold)
        origin[statistic[week] >= threshold] = week + 1
    return LikelihoodRatioChart(statistic, critical, statistic >= threshold)


class _ChartHistory:
    """Weeks up to the tested one, of which each series looks back to its own last alarm."""

    def __init__(
        self, observed: FloatArray, mean: FloatArray, alpha: FloatArray, origin: IntArray
    ) -> None:
        self.observed, self.mean, self.alpha, self.origin = observed, mean, alpha, origin

    def statistic(self, columns: IntArray, count: FloatArray) -> FloatArray:
        """Statistic of some series if their last count were `count`."""
        observed, mean = self.observed[:, columns].copy(), self.mean[:, columns]
        observed[-1] = count
        alpha, origin = self.alpha[columns], self.origin[columns]
        best = np.zeros(columns.size)
        kappa = np.full(columns.size, FIRST_KAPPA)
        for start in range(int(origin.min(initial=observed.shape[0])), observed.shape[0]):
            near = np.flatnonzero(origin <= start)
            x, m, extra = observed[start:, near], mean[start:, near], alpha[near]
            found = np.fmax(_newton(x, m, extra, kappa[near]), 0.0)
            kappa[near] = found
            loss = np.log1p(extra * m / (1.0 + extra * m) * np.expm1(found))
            with np.errstate(invalid="ignore", over="ignore"):
                value = (x * found - (x + 1.0 / extra) * loss).sum(axis=0)
            best[near] = np.fmax(best[near], value)
        return best


def _newton(x: FloatArray, mean: FloatArray, alpha: FloatArray, kappa: FloatArray) -> FloatArray:
    found = kappa.copy()
    going = np.arange(kappa.size)
    with np.errstate(all="ignore"):
        for _ in range(MOST_STEPS):
            risen = mean[:, going] * np.exp(found[going])
            spread = 1.0 + alpha[going] * risen
            # First and second derivative of the log likelihood ratio in kappa, summed over the
            # weeks.
            slope = ((x[:, going] - risen) / spread).sum(axis=0)
            bend = (risen * (1.0 + alpha[going] * x[:, going]) / spread**2).sum(axis=0)
            step = slope / bend
            found[going] += step
            going = going[np.abs(step) > TOLERANCE]
            if not going.size:
                break
    return found


def _test(history: _ChartHistory, threshold: float) -> tuple[FloatArray, FloatArray]:
    """Statistic of the last week, and its smallest count with an alarm.

    The search of the package finds no more than the exact one. It counts up from a quiet week's own
    count and down from that of an alarm, and does not search where a quiet week had no case.
    """
    own = history.observed[-1]
    exact = critical_from(
        history.observed, history.mean, history.alpha, history.origin, threshold=threshold
    )
    exact = np.maximum(np.ceil(exact - ROUNDING), 0.0)
    below, above = np.minimum(exact, own), np.maximum(exact, own + 1.0)
    every = np.arange(own.size)
    tried = history.statistic(np.tile(every, 3), np.concatenate([own, below, above]))
    statistic, at_below, at_above = tried.reshape(3, own.size)
    is_alarm = statistic >= threshold
    first = np.where(is_alarm, below, above)
    is_reached = np.where(is_alarm, at_below, at_above) >= threshold
    found = np.where(is_reached, first, NO_COUNT)
    found[own == 0] = np.where(is_alarm[own == 0], 0.0, NO_COUNT)
    columns = np.flatnonzero(~is_reached & (own > 0))
    if columns.size:
        further = first[columns, None] + np.arange(1.0, COUNTS_TRIED)
        value = history.statistic(np.repeat(columns, further.shape[1]), further.ravel())
        is_high = value.reshape(further.shape) >= threshold
        place = is_high.argmax(axis=1)
        counted = further[np.arange(columns.size), place]
        found[columns] = np.where(is_high.any(axis=1), counted, NO_COUNT)
    return statistic, found
