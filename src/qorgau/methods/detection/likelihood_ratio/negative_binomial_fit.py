"""Mean and extra variance of counts by maximum likelihood, all series at once.

The law is negative binomial with the variance ``mean + alpha mean^2``. The log mean is linear;
mean and ``alpha`` are orthogonal parameters, so that each has its own Newton steps, taken
together. Source: Lawless (1987), Canadian Journal of Statistics 15, 209-225.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray

MOST_STEPS = 60
# Newton's method squares the error of each step.
TOLERANCE = 1e-7
ALPHA_TOLERANCE = 1e-5
NEARLY = 1e-2
LARGEST_STEP = 2.0
# Extra variance below the first is set to 0; no step goes beyond the second.
SMALLEST_ALPHA = 1e-6
LARGEST_ALPHA = 1e3
# Sums of reciprocals up to so large a count are taken one by one.
SHORT_COUNTS = 16
# Converged series are left out of the steps once so few others are left.
WORTH_LEAVING_OUT = 0.6
# So many series with all their weeks stay in a processor's cache.
SERIES_AT_ONCE = 128


@dataclass(frozen=True, eq=False)
class NegativeBinomialFit:
    """What was fitted to each series.

    Attributes
    ----------
    slopes
        Shape ``(coefficients, series)``.
    alpha
        Shape ``(series,)``; 0 where counts vary no more than Poisson's.
    converged
        Shape ``(series,)``.
    """

    slopes: FloatArray
    alpha: FloatArray
    converged: BoolArray


@dataclass(frozen=True, eq=False)
class _CountHistory:
    counts: FloatArray
    offset: FloatArray
    weight: FloatArray
    design: FloatArray
    products: FloatArray

    def take(self, chosen: BoolArray) -> "_CountHistory":
        counts, offset = self.counts[:, chosen], self.offset[:, chosen]
        return _CountHistory(counts, offset, self.weight[:, chosen], self.design, self.products)

    def mean(self, slopes: FloatArray) -> FloatArray:
        log_mean = self.design @ slopes
        log_mean += self.offset
        return np.exp(log_mean, out=log_mean)


def fit_negative_binomial(
    counts: FloatArray,
    offset: FloatArray,
    weight: FloatArray,
    design: FloatArray,
    *,
    alpha: float | None,
) -> NegativeBinomialFit:
    """Fit every series that has a case.

    Parameters
    ----------
    counts, offset, weight : numpy.ndarray, shape (weeks, series)
        Counts, log person-time, and 0 for the weeks that are not known, else 1.
    design : numpy.ndarray, shape (weeks, coefficients)
        Its first column is of ones.
    alpha : float or None
        Extra variance, where it is known.

    Returns
    -------
    NegativeBinomialFit
    """
    first, second = np.triu_indices(design.shape[1])
    products = (design[:, first] * design[:, second]).T.copy()
    data = _CountHistory(counts, offset, weight, design, products)
    series = counts.shape[1]
    slopes, extra = np.zeros((design.shape[1], series)), np.zeros(series)
    converged = np.zeros(series, dtype=np.bool_)
    for start in range(0, series, SERIES_AT_ONCE):
        columns = slice(start, start + SERIES_AT_ONCE)
        chosen = np.zeros(series, dtype=np.bool_)
        chosen[columns] = True
        found = _fit_block(data.take(chosen), alpha)
        slopes[:, columns], extra[columns], converged[columns] = found
    return NegativeBinomialFit(slopes, extra, converged)


def _fit_block(
    data: _CountHistory, alpha: float | None
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Poisson's mean, nearly; then mean and extra variance together."""
    series = data.counts.shape[1]
    slopes = np.zeros((data.design.shape[1], series))
    exposure = (data.weight * np.exp(data.offset)).sum(axis=0)
    slopes[0] = np.log((data.weight * data.counts).sum(axis=0) / exposure)
    extra = np.full(series, 0.0 if alpha is None else alpha)
    if alpha is None:
        _take_steps(data, slopes, extra, NEARLY, None)
        extra = _first_alpha(data, data.mean(slopes))
    reciprocals = _Reciprocals.of(data) if alpha is None else None
    return slopes, extra, _take_steps(data, slopes, extra, TOLERANCE, reciprocals)


def _take_steps(
    data: _CountHistory,
    slopes: FloatArray,
    alpha: FloatArray,
    tolerance: float,
    reciprocals: "_Reciprocals | None",
) -> BoolArray:
    """Step in place until each series has converged; return which have."""
    converged = np.zeros(alpha.size, dtype=np.bool_)
    going = np.arange(alpha.size)
    for _ in range(MOST_STEPS):
        mean = data.mean(slopes[:, going])
        step = _mean_step(data, mean, alpha[going])
        size = np.abs(step).max(axis=0)
        slopes[:, going] += step * np.minimum(1.0, LARGEST_STEP / np.maximum(size, LARGEST_STEP))
        is_settled = size < tolerance
        if reciprocals is not None:
            change = _alpha_step(data, mean, alpha[going], reciprocals)
            moved = alpha[going] * np.exp(change)
            alpha[going] = np.where(moved < SMALLEST_ALPHA, 0.0, moved)
            is_settled &= (np.abs(change) < ALPHA_TOLERANCE) | (moved < SMALLEST_ALPHA)
        converged[going] |= is_settled
        is_open = ~converged[going]
        if not is_open.any():
            break
        if np.count_nonzero(is_open) < WORTH_LEAVING_OUT * going.size:
            going, data = going[is_open], data.take(is_open)
            reciprocals = None if reciprocals is None else reciprocals.take(is_open)
    return converged


def _mean_step(data: _CountHistory, mean: FloatArray, alpha: FloatArray) -> FloatArray:
    """Fisher's step for the coefficients, shape ``(coefficients, series)``."""
    # Lawless (1987): score X'(y - mu) / (1 + alpha mu), information X' mu / (1 + alpha mu) X.
    pull = data.weight / (1.0 + alpha * mean)
    score = data.design.T @ (pull * (data.counts - mean))
    pull *= mean
    flat = data.products @ pull
    coefficients = data.design.shape[1]
    information = np.empty((mean.shape[1], coefficients, coefficients))
    first, second = np.triu_indices(coefficients)
    information[:, first, second] = information[:, second, first] = flat.T
    # A direction that no case informs is left where it is.
    ridge = 1e-12 * np.einsum("scc->s", information) + 1e-300
    information[:, np.arange(coefficients), np.arange(coefficients)] += ridge[:, None]
    step = np.linalg.solve(information, score.T[..., None])[..., 0].T
    return np.asarray(step, dtype=np.float64)


def _first_alpha(data: _CountHistory, mean: FloatArray) -> FloatArray:
    """Moment estimate; 0 where the likelihood falls from Poisson's law on."""
    weight = data.weight
    # Moments: E((y - mu)^2 - mu) = alpha mu^2, with the counts themselves for mu in the first term.
    excess = (weight * ((data.counts - mean) ** 2 - data.counts)).sum(axis=0)
    moment = (weight * mean**2).sum(axis=0)
    alpha: FloatArray = np.where(excess > 0, excess / moment, 0.0)
    return np.where(alpha < SMALLEST_ALPHA, 0.0, np.minimum(alpha, LARGEST_ALPHA))


def _alpha_step(
    data: _CountHistory, mean: FloatArray, alpha: FloatArray, reciprocals: "_Reciprocals"
) -> FloatArray:
    """Newton's step of ``log(alpha)``, at most 1; uphill where the curvature is not negative.

    With ``size = 1 / alpha`` the slope of the log likelihood along ``size`` is the sum of
    ``1 / size + ... + 1 / (size + count - 1) - log(1 + alpha mean) - (count - mean) / (size +
    mean)``.
    """
    is_open = alpha > 0
    size = 1.0 / np.where(is_open, alpha, 1.0)
    spread = size + mean
    rest = (data.counts - mean) / spread
    slope, squares = reciprocals.sums(size)
    slope -= (data.weight * (np.log1p(mean / size) + rest)).sum(axis=0)
    curvature = (data.weight * (mean / size + rest) / spread).sum(axis=0)
    curvature -= squares
    # Chain rule from size to log(alpha): d size / d log(alpha) = -size.
    along = -size * slope
    bend = size**2 * curvature - along
    step = along / np.where(bend < 0, -bend, np.inf)
    step = np.where(bend < 0, step, np.sign(along))
    limited: FloatArray = np.where(is_open, np.clip(step, -1.0, 1.0), 0.0)
    np.minimum(limited, np.log(LARGEST_ALPHA) + np.log(size), out=limited)
    return limited


@dataclass(frozen=True, eq=False)
class _Reciprocals:
    """Sums over weeks of ``1 / size + ... + 1 / (size + count - 1)``, and of their squares.

    The number of counts of a series above 0, 1, 2, ... is all that is needed of its short counts;
    the rest of the long ones follows from Stirling's series.
    """

    beyond: IntArray
    long: FloatArray
    has_long: BoolArray

    @classmethod
    def of(cls, data: _CountHistory) -> "_Reciprocals":
        counts = data.weight * data.counts
        beyond = np.stack([(counts > step).sum(axis=0) for step in range(SHORT_COUNTS)])
        has_long = beyond[-1] > 0
        return cls(beyond, counts[:, has_long], has_long)

    def take(self, chosen: BoolArray) -> "_Reciprocals":
        """The same for a selection of the series."""
        long = self.long[:, chosen[self.has_long]]
        return _Reciprocals(self.beyond[:, chosen], long, self.has_long[chosen])

    def sums(self, size: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sum of the reciprocals, and of their squares."""
        short = 1.0 / (size + np.arange(SHORT_COUNTS)[:, None])
        first: FloatArray = (self.beyond * short).sum(axis=0)
        second: FloatArray = (self.beyond * short**2).sum(axis=0)
        if self.has_long.any():
            of_long, weeks = size[self.has_long], self.long.shape[0]
            digamma, trigamma = _stirling(np.maximum(self.long, SHORT_COUNTS) + of_long)
            digamma_none, trigamma_none = _stirling(SHORT_COUNTS + of_long)
            first[self.has_long] += digamma.sum(axis=0) - weeks * digamma_none
            second[self.has_long] += weeks * trigamma_none - trigamma.sum(axis=0)
        return first, second


def _stirling(value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Digamma and trigamma functions by their series, to 1e-12 for values of 16 and more."""
    inverse = 1.0 / value
    square = inverse * inverse
    digamma = np.log(value) - 0.5 * inverse
    digamma -= square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))
    trigamma = 1.0 + square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)))
    return digamma, trigamma * inverse + 0.5 * square
