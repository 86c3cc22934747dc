"""EARS C1, C2 and C3: is this week above what the last few weeks let expect?

Input: a ``(time, series)`` array of counts. A week is compared with the mean and the standard
deviation of a short window before it, so that little history is needed and no season is known.
Source: Hutwagner et al. (2003), Journal of Urban Health 80 (2 Suppl 1), i89-i96; Fricker,
Hegler and Dunfee (2008), Statistics in Medicine 27, 3407-3429.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from qorgau.methods.detection.panel import (
    MODES,
    BoolArray,
    Cells,
    DetectionResult,
    FloatArray,
    IntArray,
    Mode,
    Reason,
    check_alpha,
    check_choice,
    check_panel,
    check_weeks,
)
from qorgau.methods.detection.thresholds import response_score

EarsVariant = Literal["C1", "C2", "C3"]

# Weeks between the window and the tested week, and earlier weeks whose excess is carried over.
GUARD_WEEKS = {"C1": 0, "C2": 2, "C3": 2}
CARRIED_WEEKS = {"C1": 0, "C2": 0, "C3": 2}
DEFAULT_ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


@dataclass(frozen=True, eq=False)
class _Window:
    """Mean and deviation of the weeks before each tested one, shape ``(weeks, series)``."""

    mean: FloatArray
    deviation: FloatArray


def ears(
    counts: ArrayLike,
    *,
    variant: EarsVariant = "C1",
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    alpha: float | None = None,
    baseline: int = 7,
    min_sigma: float = 0.0,
) -> DetectionResult:
    """Find counts above the recent level.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Cases per week (or day), whole numbers; NaN is a missing week.
    variant : {'C1', 'C2', 'C3'}
        C1 uses the window just before the week; C2 leaves two weeks between; C3 adds to C2 what
        the two weeks before had in excess.
    mode : {'corrected', 'reference'}
        The method as documented, or bit for bit as R's ``earsC``.
    weeks : sequence of int, optional
        0-based rows to test; by default every row with a full window.
    alpha : float, optional
        One-sided probability of a false alarm; 0.001, and 0.025 for C3, by default.
    baseline : int
        Weeks in the window.
    min_sigma : float
        Least standard deviation.

    Returns
    -------
    DetectionResult
        Arrays of the shape ``(weeks tested, series)``; `dispersion` and `trend_per_week` are NaN
        and, in reference mode, so are `p_value` and `score`, which ``earsC`` does not give.

    Raises
    ------
    ValueError
        If the panel or an option cannot be used.

    References
    ----------
    Hutwagner et al. (2003), Journal of Urban Health 80 (2 Suppl 1), i89-i96.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.array([[5, 4, 6, 5, 5, 4, 6, 5, 4, 6, 5, 1000]]).T
    >>> bool(ears(counts, variant="C3").alarm[0, 0])
    True
    >>> bool(ears(counts, variant="C3", mode="reference", weeks=[10, 11]).alarm[1, 0])
    False
    """
    check_choice("variant", variant, tuple(GUARD_WEEKS))
    check_choice("mode", mode, MODES)
    level = DEFAULT_ALPHA[variant] if alpha is None else alpha
    check_alpha(level)
    if baseline < 2 or min_sigma < 0:
        raise ValueError("baseline must be at least 2 weeks, and min_sigma must not be negative.")
    panel = check_panel(counts)
    first = baseline + GUARD_WEEKS[variant] + CARRIED_WEEKS[variant]
    rows = check_weeks(weeks, first, panel.counts.shape[0])
    cells = Cells.empty((rows.size, panel.counts.shape[1]), Reason.INSUFFICIENT_HISTORY)
    testable = rows >= first
    if testable.any():
        counts_known = np.where(panel.is_invalid, np.nan, panel.counts)
        estimate = _estimate_corrected if mode == "corrected" else _estimate_reference
        found = estimate(counts_known, rows[testable], variant, level, baseline, min_sigma)
        cells.put(testable, found)
    cells.put(
        (slice(None), panel.is_invalid),
        Cells.empty((rows.size, int(panel.is_invalid.sum())), Reason.INVALID_COUNTS),
    )
    return cells.freeze(
        method=f"ears_{variant.lower()}",
        mode=mode,
        alpha=level,
        weeks=rows,
        observed=panel.counts[rows],
    )


def _recent_window(counts: FloatArray, rows: IntArray, guard: int, baseline: int) -> FloatArray:
    """The weeks before each row, shape ``(weeks, series, baseline)``."""
    windows = sliding_window_view(counts, baseline, axis=0)
    return windows[rows - guard - baseline]


def _estimate_reference(
    counts: FloatArray,
    rows: IntArray,
    variant: EarsVariant,
    alpha: float,
    baseline: int,
    min_sigma: float,
) -> Cells:
    """Bound and alarm as ``earsC`` gives them."""
    z = ndtri(1.0 - alpha)
    window = _package_window(counts, rows, GUARD_WEEKS[variant], baseline)
    observed = counts[rows]
    if variant == "C3":
        upper_bound = _package_c3_bound(counts, rows, window, z, baseline)
    else:
        upper_bound = window.mean + z * np.maximum(window.deviation, min_sigma)
    cells = Cells.empty(observed.shape, Reason.TESTED)
    cells.expected[:] = window.mean
    cells.threshold_mean[:] = window.mean
    cells.upper_bound[:] = upper_bound
    cells.alarm[:] = observed > upper_bound
    cells.reason[np.isnan(upper_bound)] = Reason.ZERO_VARIANCE
    cells.reason[np.isnan(observed) | np.isnan(window.mean)] = Reason.MISSING_COUNTS
    return cells


def _package_window(counts: FloatArray, rows: IntArray, guard: int, baseline: int) -> _Window:
    window = _recent_window(counts, rows, guard, baseline)
    return _Window(window.mean(axis=-1), window.std(axis=-1, ddof=1))


def _package_c3_bound(
    counts: FloatArray, rows: IntArray, window: _Window, z: float, baseline: int
) -> FloatArray:
    """The package adds the observed count where its help page has the mean of the window."""
    carried = np.zeros(window.mean.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        for lag in (1, 2):
            earlier = _package_window(counts, rows - lag, GUARD_WEEKS["C3"], baseline)
            excess = (counts[rows - lag] - earlier.mean) / earlier.deviation
            carried += np.maximum(excess - 1.0, 0.0)
        bound: FloatArray = counts[rows] + window.deviation * (z - carried)
    return np.maximum(bound, 0.0)


def _estimate_corrected(
    counts: FloatArray,
    rows: IntArray,
    variant: EarsVariant,
    alpha: float,
    baseline: int,
    min_sigma: float,
) -> Cells:
    """Bound, alarm and p-value as documented, from the weeks that are known."""
    guard = GUARD_WEEKS[variant]
    window = _known_window(counts, rows, guard, baseline, min_sigma)
    carried = np.zeros(window.mean.shape)
    for lag in range(1, CARRIED_WEEKS[variant] + 1):
        earlier = _known_window(counts, rows - lag, guard, baseline, min_sigma)
        excess = (counts[rows - lag] - earlier.mean) / earlier.deviation
        carried += np.nan_to_num(np.maximum(excess - 1.0, 0.0))
    observed = counts[rows]
    z = ndtri(1.0 - alpha)
    upper_bound = np.maximum(window.mean + window.deviation * (z - carried), 0.0)
    cells = Cells.empty(observed.shape, Reason.TESTED)
    cells.expected[:] = window.mean
    cells.threshold_mean[:] = window.mean
    cells.upper_bound[:] = upper_bound
    cells.p_value[:] = ndtr(-((observed - window.mean) / window.deviation + carried))
    cells.score[:] = response_score(observed, window.mean, upper_bound)
    cells.alarm[:] = observed > upper_bound
    cells.reason[np.isnan(observed) | np.isnan(window.mean)] = Reason.MISSING_COUNTS
    return cells


def _known_window(
    counts: FloatArray, rows: IntArray, guard: int, baseline: int, min_sigma: float
) -> _Window:
    """Mean and deviation of the known weeks; NaN where fewer than half of them are known.

    A window of equal counts has no deviation of its own; it is given that of a Poisson count
    whose mean is one case above what the window saw, so that a quiet series needs more than a
    single case.
    """
    window = _recent_window(counts, rows, guard, baseline)
    is_known: BoolArray = ~np.isnan(window)
    known = is_known.sum(axis=-1)
    is_enough = (2 * known >= baseline) & (known >= 2)
    divisor = np.where(is_enough, known, 2)
    total = np.where(is_known, window, 0.0).sum(axis=-1)
    mean = np.where(is_enough, total / divisor, np.nan)
    squares = np.where(is_known, (window - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    deviation = np.maximum(np.sqrt(squares / (divisor - 1)), min_sigma)
    poisson_deviation = np.sqrt((total + 1.0) / divisor)
    return _Window(mean, np.where(deviation > 0, deviation, poisson_deviation))
