"""Poisson CUSUM: do small excesses, week after week, add up to a rise?

Input: a ``(time, series)`` array of counts. Each week's count is made roughly standard normal
around its in-control mean; what exceeds a reference value is added up, and an alarm is raised
when the sum reaches the decision interval. It finds a lasting small rise sooner than methods
that look at one week at a time, and a single high week later.

Source: Rossi, Lampugnani and Marchi (1999), Statistics in Medicine 18, 2111-2122; Hoehle and
Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.detection.in_control import in_control_mean
from qorgau.methods.detection.panel import (
    MODES,
    BoolArray,
    Cells,
    DetectionResult,
    FloatArray,
    IntArray,
    Mode,
    Panel,
    Reason,
    check_choice,
    check_panel,
    check_weeks,
)

CusumTransform = Literal["rossi", "standard", "anscombe"]
InControlMean = Literal["mean", "glm"]

FEWEST_WEEKS_OF_HISTORY = 52


@dataclass(frozen=True)
class _Transform:
    """A count made roughly standard normal, and the count that a standard value stands for."""

    standardise: Callable[[FloatArray, FloatArray], FloatArray]
    count_of: Callable[[FloatArray, FloatArray], FloatArray]


def _rossi_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    # Root of count + 2 sqrt(count mean) - 3 mean = 2 value sqrt(mean); none below a count of 0.
    root: FloatArray = np.sqrt(np.maximum(4 * mean + 2 * value * np.sqrt(mean), 0.0))
    return np.maximum(root - np.sqrt(mean), 0.0) ** 2


def _package_rossi_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    """The package squares a negative root too, and so states a bound where 0 is above it."""
    inside = 4 * mean + 2 * value * np.sqrt(mean)
    return np.where(inside < 0, 0.0, (np.sqrt(np.maximum(inside, 0.0)) - np.sqrt(mean)) ** 2)


def _anscombe_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    root: FloatArray = mean ** (2 / 3) + value * mean ** (1 / 6) / 1.5
    return np.maximum(root, 0.0) ** 1.5


TRANSFORMS: dict[str, _Transform] = {
    "rossi": _Transform(
        lambda y, m: (y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)), _rossi_count
    ),
    "standard": _Transform(
        lambda y, m: (y - m) / np.sqrt(m), lambda v, m: np.maximum(m + v * np.sqrt(m), 0.0)
    ),
    "anscombe": _Transform(
        lambda y, m: 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6), _anscombe_count
    ),
}


def cusum(
    counts: ArrayLike,
    *,
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    population: ArrayLike | None = None,
    transform: CusumTransform = "rossi",
    in_control: InControlMean = "mean",
    reference_value: float = 1.04,
    decision_interval: float = 2.26,
) -> DetectionResult:
    """Find a rise that builds up over weeks.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Cases per week, whole numbers; NaN is a missing week.
    mode : {'corrected', 'reference'}
        With reset after an alarm, missing weeks passed over and a mean for series without a
        case; or bit for bit as R's ``cusum`` before its version 1.25.
    weeks : sequence of int, optional
        0-based rows to test, one after the other; the rows before the first are the in-control
        history. By default every row after the first 52.
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count; corrected mode only.
    transform : {'rossi', 'standard', 'anscombe'}
        How a count is made roughly standard normal.
    in_control : {'mean', 'glm'}
        Mean of the history, or a Poisson regression on one yearly wave.
    reference_value : float
        ``k``, half of the rise to be found, in standard deviations.
    decision_interval : float
        ``h``, the sum that gives an alarm.

    Returns
    -------
    DetectionResult
        Arrays of the shape ``(weeks tested, series)``. `score` is the sum divided by `h`, an
        alarm lies at 1 and above; `p_value`, `dispersion` and `alpha` are NaN, which this method
        does not have.

    Raises
    ------
    ValueError
        If the panel or an option cannot be used.

    References
    ----------
    Rossi et al. (1999), Statistics in Medicine 18, 2111-2122.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.full((60, 1), 4)
    >>> counts[55:] = 8
    >>> result = cusum(counts)
    >>> int(result.weeks[np.argmax(result.alarm[:, 0])])
    57
    """
    check_choice("mode", mode, MODES)
    check_choice("transform", transform, tuple(TRANSFORMS))
    check_choice("in_control", in_control, ("mean", "glm"))
    if not (reference_value >= 0 and decision_interval > 0):
        raise ValueError("reference_value must not be negative; decision_interval must be above 0.")
    if mode == "reference" and population is not None:
        raise ValueError("The package has no population here; use mode 'corrected'.")
    panel = check_panel(counts, population)
    rows = check_weeks(weeks, FEWEST_WEEKS_OF_HISTORY, panel.counts.shape[0])
    if rows.size > 1 and np.any(np.diff(rows) != 1):
        raise ValueError("Weeks to test must follow each other: the sums are carried over.")
    options = _Options(mode, transform, in_control, reference_value, decision_interval)
    cells = _run(panel, rows, options)
    return cells.freeze(
        method=f"cusum_{transform}",
        mode=mode,
        alpha=float("nan"),
        weeks=rows,
        observed=panel.counts[rows],
    )


@dataclass(frozen=True)
class _Options:
    mode: Mode
    transform: str
    in_control: InControlMean
    reference_value: float
    decision_interval: float


def _run(panel: Panel, rows: IntArray, options: _Options) -> Cells:
    shape = (rows.size, panel.counts.shape[1])
    cells = Cells.empty(shape, Reason.INSUFFICIENT_HISTORY)
    if rows.size and rows[0] > 0:
        counts = np.where(panel.is_invalid, np.nan, panel.counts)
        mean = in_control_mean(
            counts,
            panel.population,
            first_tested=int(rows[0]),
            has_wave=options.in_control == "glm",
            is_floored=options.mode == "corrected",
        )[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            _add_up(cells, counts[rows], mean, options)
        if options.mode == "reference" and options.transform == "standard":
            cells.upper_bound[:] = np.ceil(cells.upper_bound)
        elif options.mode == "corrected":
            _as_largest_quiet_count(cells)
        _state_reasons(cells, counts[rows], mean, panel, rows)
    invalid = Cells.empty((rows.size, int(panel.is_invalid.sum())), Reason.INVALID_COUNTS)
    cells.put((slice(None), panel.is_invalid), invalid)
    return cells


def _add_up(cells: Cells, observed: FloatArray, mean: FloatArray, options: _Options) -> None:
    """Carry the sums of all series through the tested weeks."""
    law = TRANSFORMS[options.transform]
    k, h = options.reference_value, options.decision_interval
    is_corrected = options.mode == "corrected"
    is_package_rossi = options.transform == "rossi" and not is_corrected
    count_of = _package_rossi_count if is_package_rossi else law.count_of
    total = np.zeros(observed.shape[1])
    for week in range(observed.shape[0]):
        cells.upper_bound[week] = count_of(h + k - total, mean[week])
        step = law.standardise(observed[week], mean[week]) - k
        if is_corrected:
            step = np.nan_to_num(step)
        total = np.maximum(total + step, 0.0)
        is_alarm: BoolArray = total >= h
        cells.score[week] = total / h
        cells.alarm[week] = is_alarm
        if is_corrected:
            total = np.where(is_alarm, 0.0, total)
    cells.expected[:] = mean
    cells.threshold_mean[:] = mean


def _as_largest_quiet_count(cells: Cells) -> None:
    """The count at which the sum reaches its interval alarms; the bound is the one below."""
    cells.upper_bound[:] = np.maximum(np.ceil(cells.upper_bound - 1e-9) - 1.0, 0.0)


def _state_reasons(
    cells: Cells, observed: FloatArray, mean: FloatArray, panel: Panel, rows: IntArray
) -> None:
    cells.reason[:] = Reason.TESTED
    cells.reason[np.isnan(mean) | (mean <= 0)] = Reason.INSUFFICIENT_HISTORY
    if panel.population is not None:
        cells.reason[np.isnan(panel.population[rows])] = Reason.MISSING_POPULATION
    cells.reason[np.isnan(observed)] = Reason.MISSING_COUNTS
    untested = cells.reason != Reason.TESTED
    cells.alarm &= ~untested
    for array in (cells.score, cells.upper_bound):
        array[untested] = np.nan
