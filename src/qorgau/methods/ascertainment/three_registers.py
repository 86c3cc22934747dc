"""Three registers of one population: how many cases are in none, if registers are dependent?

Input: the seven counts of cases by which registers hold them. Registers that share a source tell
of the same cases more often than chance would; with three, that dependence can be seen and
modelled (Fienberg 1972, Biometrika 59:591-603).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import FloatArray, InputError, as_confidence, as_counts

METHOD = "three-register log-linear capture-recapture (Fienberg 1972), model by AICc"

# Rows: held by the first, second, third register.
CELLS = np.array(
    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 0], [0, 0, 1]],
    dtype=np.float64,
)
PAIRS = tuple(combinations(range(3), 2))
MOST_STEPS = 100


@dataclass(frozen=True)
class LogLinearModel:
    """One model of dependence and its estimate.

    Attributes
    ----------
    dependent_pairs : tuple of (int, int)
        Pairs of registers (0, 1, 2) that the model lets depend on each other.
    deviance, residual_df : float, int
        How far the model is from the seven counts.
    aicc : float
        Akaike's criterion, corrected for the number of cases; smaller is better.
    total, lower, upper : float
        Estimated number of cases and its limits.
    """

    dependent_pairs: tuple[tuple[int, int], ...]
    deviance: float
    residual_df: int
    aicc: float
    total: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ThreeRegisterEstimate:
    """The chosen model and every other one.

    Attributes
    ----------
    counts : tuple of float
        Cases held by registers 123, 12, 13, 1, 23, 2, 3 alone.
    confidence : float
        Two-sided confidence level of the limits.
    chosen : LogLinearModel
        The model with the smallest AICc.
    models : tuple of LogLinearModel
        All models that could be fitted, by AICc.
    held : float
        Cases that at least one register holds.
    method : str
        Name and source of the method.
    """

    counts: tuple[float, ...]
    confidence: float
    chosen: LogLinearModel
    models: tuple[LogLinearModel, ...]
    held: float
    method: str = METHOD


def three_registers(counts: npt.ArrayLike, *, confidence: float = 0.95) -> ThreeRegisterEstimate:
    """Estimate how many cases there were from three registers, allowing for dependence.

    Parameters
    ----------
    counts : array_like, shape (7,)
        Cases held by registers 1 and 2 and 3; 1 and 2; 1 and 3; 1 alone; 2 and 3; 2 alone;
        3 alone, in this order.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    ThreeRegisterEstimate

    Raises
    ------
    InputError
        If there are not seven counts, one is negative or not whole, or no two registers share
        a case.

    Notes
    -----
    Fienberg SE (1972), Biometrika 59:591-603. A dependence among all three cannot be estimated;
    every model assumes that there is none. Limits are log-normal for the number of cases that no
    register holds (Burnham et al. 1987). AICc after Hook EB, Regal RR (1997), American Journal of
    Epidemiology 145:1138-1144, who advise against the saturated model unless nothing else fits.
    """
    cells = as_counts(counts, "counts")
    if cells.shape != (7,):
        raise InputError(
            "counts", "not_seven", "counts must be the seven counts of cases by registers."
        )
    if cells[[0, 1, 2, 4]].sum() == 0:
        raise InputError(
            "counts", "no_overlap", "No two registers share a case, so nothing can be estimated."
        )
    level = as_confidence(confidence)
    choices = [pairs for size in range(4) for pairs in combinations(PAIRS, size)]
    fitted = [model for pairs in choices if (model := _fit(cells, pairs, level)) is not None]
    models = sorted(fitted, key=lambda model: model.aicc)
    return ThreeRegisterEstimate(
        counts=tuple(float(count) for count in cells),
        confidence=level,
        chosen=models[0],
        models=tuple(models),
        held=float(cells.sum()),
    )


def _fit(
    cells: FloatArray, pairs: tuple[tuple[int, int], ...], confidence: float
) -> LogLinearModel | None:
    """Poisson regression of the seven counts; None where the data cannot carry the model."""
    design = np.column_stack(
        [np.ones(7), CELLS, *(CELLS[:, one] * CELLS[:, other] for one, other in pairs)]
    )
    solution = _poisson_regression(design, cells)
    if solution is None:
        return None
    slopes, covariance, mean = solution
    # Fienberg (1972): the model is extended to the eighth cell, where every register has 0, so that
    # its log mean is the constant.
    missed = float(np.exp(slopes[0]))
    # The total varies as the missed cell does and as a Poisson count of that size.
    spread = np.sqrt(covariance[0, 0] + 1.0 / missed)
    z = special.ndtri((1.0 + confidence) / 2.0)
    ratio = np.where(cells > 0, cells * np.log(np.where(cells > 0, cells, 1.0) / mean), 0.0)
    deviance = float(2.0 * (ratio - (cells - mean)).sum())
    likelihood = float((cells * np.log(mean) - mean - special.gammaln(cells + 1.0)).sum())
    held, size = float(cells.sum()), slopes.size
    # Second-order correction of Akaike's criterion for few cases.
    correction = 2.0 * size * (size + 1) / max(held - size - 1.0, 1.0)
    return LogLinearModel(
        dependent_pairs=pairs,
        deviance=max(deviance, 0.0),
        residual_df=7 - size,
        aicc=-2.0 * likelihood + 2.0 * size + correction,
        total=held + missed,
        lower=held + missed * float(np.exp(-z * spread)),
        upper=held + missed * float(np.exp(z * spread)),
    )


def _poisson_regression(
    design: FloatArray, cells: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    mean: FloatArray = cells + 0.5
    eta = np.log(mean)
    before = np.inf
    for _step in range(MOST_STEPS):
        # Newton's method on the Poisson likelihood, written for the log means.
        normal = design.T @ (design * mean[:, None])
        if np.linalg.cond(normal) > 1e12:
            return None
        target = design.T @ (mean * eta + cells - mean)
        slopes = np.asarray(np.linalg.solve(normal, target), dtype=np.float64)
        eta = design @ slopes
        if np.abs(eta).max() > 30.0:
            return None
        mean = np.exp(eta)
        moved = float(np.abs(design.T @ (cells - mean)).max())
        if moved < 1e-9 * max(float(cells.sum()), 1.0) or moved == before:
            normal = design.T @ (design * mean[:, None])
            return slopes, np.asarray(np.linalg.inv(normal), dtype=np.float64), mean
        before = moved
    return None
