"""Mean and extra variance of a history as R's ``glm`` and ``glm.nb`` find them.

For `reference` mode alone: where counts vary less than Poisson's the extra variance has no finite
estimate, and what the package reports depends on where its iterations happen to stop.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma, xlogy

from qorgau.methods.arrays import BoolArray, FloatArray

MOST_STEPS = 25
# Found by running it: one step less than those of the regression.
MOST_SIZE_STEPS = 24
TOLERANCE = 1e-8
SIZE_TOLERANCE = float(np.finfo(np.float64).eps) ** 0.25
SMALLEST_MEAN = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class HistoryFit:
    """Expected count of every week, shape ``(time, series)``, and extra variance of each series."""

    mean: FloatArray
    alpha: FloatArray


def fit_history(history: FloatArray, design: FloatArray, *, alpha: float | None) -> HistoryFit:
    """Fit the history of every series and predict every week.

    Parameters
    ----------
    history : numpy.ndarray, shape (weeks, series)
        Counts; NaN is a missing week.
    design : numpy.ndarray, shape (time, coefficients)
        The first rows are those of the history.
    alpha : float or None
        Extra variance: 0 for ``glm`` with Poisson's law, above 0 for a negative binomial law of
        that size, None for ``glm.nb``.

    Returns
    -------
    HistoryFit
        NaN where the package stops.
    """
    weight = (~np.isnan(history)).astype(np.float64)
    counts = np.where(weight > 0, history, 0.0)
    data = _WeightedHistory(counts, weight, design[: history.shape[0]])
    series = history.shape[1]
    extra = np.full(series, 0.0 if alpha is None else alpha)
    start = counts + 0.1 if not alpha else counts + (counts == 0) / 6.0
    with np.errstate(all="ignore"):
        slopes, mean = _glm(data, np.log(start), extra)
        if alpha is None:
            slopes, extra = _alternate(data, slopes, mean)
    predicted = np.maximum(np.exp(design @ slopes), SMALLEST_MEAN)
    predicted[:, np.isnan(extra) | (weight.sum(axis=0) == 0)] = np.nan
    return HistoryFit(predicted, extra)


@dataclass(frozen=True, eq=False)
class _WeightedHistory:
    counts: FloatArray
    weight: FloatArray
    design: FloatArray

    def take(self, chosen: BoolArray) -> "_WeightedHistory":
        return _WeightedHistory(self.counts[:, chosen], self.weight[:, chosen], self.design)


def _glm(
    data: _WeightedHistory, log_mean: FloatArray, alpha: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Slopes and means after iteratively reweighted least squares from a first log mean."""
    slopes = np.zeros((data.design.shape[1], alpha.size))
    mean = np.maximum(np.exp(log_mean), SMALLEST_MEAN)
    eta = log_mean.copy()
    deviance = _deviance(data, mean, alpha)
    going = np.ones(alpha.size, dtype=np.bool_)
    for _ in range(MOST_STEPS):
        part = data.take(going)
        # Working weights and response of the log link under the variance mu + alpha mu^2.
        pull = part.weight * mean[:, going] / (1.0 + alpha[going] * mean[:, going])
        response = eta[:, going] + (part.counts - mean[:, going]) / mean[:, going]
        slopes[:, going] = _least_squares(part.design, pull, response)
        eta[:, going] = part.design @ slopes[:, going]
        mean[:, going] = np.maximum(np.exp(eta[:, going]), SMALLEST_MEAN)
        before = deviance[going]
        deviance[going] = _deviance(part, mean[:, going], alpha[going])
        change = np.abs(deviance[going] - before) / (np.abs(deviance[going]) + 0.1)
        going[going] = ~(change < TOLERANCE)
        if not going.any():
            break
    return slopes, mean


def _least_squares(design: FloatArray, pull: FloatArray, response: FloatArray) -> FloatArray:
    root = np.sqrt(pull).T[:, :, None]
    q, r = np.linalg.qr(root * design)
    right = np.einsum("swc,sw->sc", q, root[:, :, 0] * response.T)
    is_singular = (np.diagonal(r, axis1=1, axis2=2) == 0).any(axis=1)
    r[is_singular] = np.eye(r.shape[1])
    right[is_singular] = np.nan
    slopes: FloatArray = np.linalg.solve(r, right[..., None])[..., 0].T
    return slopes


def _deviance(data: _WeightedHistory, mean: FloatArray, alpha: FloatArray) -> FloatArray:
    counts = data.counts
    ratio = xlogy(counts, np.maximum(counts, 1.0) / mean)
    size = 1.0 / np.where(alpha > 0, alpha, 1.0)
    extra = (counts + size) * np.log((counts + size) / (mean + size))
    unit = ratio - np.where(alpha > 0, extra, counts - mean)
    deviance: FloatArray = 2.0 * (data.weight * unit).sum(axis=0)
    return deviance


def _alternate(
    data: _WeightedHistory, slopes: FloatArray, mean: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Size of the law for given means and means for a given size, in turn, until both settle."""
    weeks = data.weight.sum(axis=0)
    freedom = np.sqrt(2.0 * np.maximum(weeks - data.design.shape[1], 1.0))
    size = _size(data, mean)
    likelihood = _log_likelihood(data, mean, size)
    before = likelihood + 2.0 * freedom
    change = np.ones(size.size)
    for _ in range(MOST_STEPS):
        going = np.abs(before - likelihood) / freedom + np.abs(change) > TOLERANCE
        if not going.any():
            break
        part = data.take(going)
        earlier = mean[:, going]
        slopes[:, going], mean[:, going] = _glm(part, np.log(earlier), 1.0 / size[going])
        # As its trace shows, the size is that of the means before this step.
        new = _size(part, earlier)
        change[going], size[going] = size[going] - new, new
        before[going] = likelihood[going]
        likelihood[going] = _log_likelihood(part, mean[:, going], new)
    return slopes, 1.0 / size


def _size(data: _WeightedHistory, mean: FloatArray) -> FloatArray:
    """Maximum likelihood by score and information, from the moment estimate on."""
    weight, counts = data.weight, data.counts
    size = weight.sum(axis=0) / (weight * (counts / mean - 1.0) ** 2).sum(axis=0)
    going = np.isfinite(size)
    for _ in range(MOST_SIZE_STEPS):
        if not going.any():
            break
        now = np.abs(size[going])
        y, m, w = counts[:, going], mean[:, going], weight[:, going]
        spread = now + m
        # Score and information of theta = 1 / alpha, as theta.ml of R's package MASS (Venables and
        # Ripley).
        score = digamma(now + y) - digamma(now) + np.log(now) + 1.0 - np.log(spread)
        score -= (y + now) / spread
        information = polygamma(1, now) - polygamma(1, now + y) - 1.0 / now + 2.0 / spread
        information -= (y + now) / spread**2
        step = (w * score).sum(axis=0) / (w * information).sum(axis=0)
        size[going] = now + step
        going[going] = np.abs(step) > SIZE_TOLERANCE
    return np.where(size < 0, 0.0, size)


def _log_likelihood(data: _WeightedHistory, mean: FloatArray, size: FloatArray) -> FloatArray:
    y = data.counts
    terms = gammaln(size + y) - gammaln(size) - gammaln(y + 1.0) + size * np.log(size)
    terms += xlogy(y, mean + (y == 0)) - (size + y) * np.log(size + mean)
    likelihood: FloatArray = (data.weight * terms).sum(axis=0)
    return likelihood
