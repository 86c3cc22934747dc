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

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.baselines.in_control_mean import (
    FEWEST_WEEKS_OF_HISTORY,
    in_control_mean,
)
from qorgau.methods.detection.bounds.thresholds import largest_quiet_count
from qorgau.methods.detection.panels.cache_blocks import runs, strips
from qorgau.methods.detection.panels.options import check_choice, check_reference_population
from qorgau.methods.detection.panels.panel import Panel, check_following_weeks, check_panel
from qorgau.methods.detection.panels.results import MODES, CellReason, Cells, DetectionResult, Mode

CusumTransform = Literal["rossi", "standard", "anscombe"]
InControlMean = Literal["mean", "glm"]


@dataclass(frozen=True)
class _CountTransform:
    """A count made roughly standard normal, and the count of a standard value.

    The second may write over the values that it is given.
    """

    standardise: Callable[[FloatArray, FloatArray], FloatArray]
    count_of: Callable[[FloatArray, FloatArray], FloatArray]


def _rossi(count: FloatArray, mean: FloatArray) -> FloatArray:
    # Rossi et al. (1999): (y - 3 m + 2 (y m)^(1/2)) / (2 m^(1/2)).
    value: FloatArray = np.multiply(count, 4 * mean)
    np.sqrt(value, out=value)
    value += count - 3 * mean
    value /= 2 * np.sqrt(mean)
    return value


def _rossi_root(value: FloatArray, mean: FloatArray) -> FloatArray:
    """Root of the count, of which count + 2 root sqrt(mean) - 3 mean = 2 value sqrt(mean)."""
    # A quadratic in the root of the count.
    root_of_mean = np.sqrt(mean)
    root: FloatArray = np.multiply(value, 2 * root_of_mean, out=value)
    root += 4 * mean
    np.maximum(root, 0.0, out=root)
    np.sqrt(root, out=root)
    root -= root_of_mean
    return root


def _rossi_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    root = _rossi_root(value, mean)
    np.maximum(root, 0.0, out=root)  # No count has a root below 0.
    return np.multiply(root, root, out=root)


def _reference_rossi_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    """The package squares a negative root too, and so states a bound where 0 is above it."""
    is_below_all = value * np.sqrt(mean) < -2 * mean
    root = _rossi_root(value, mean)
    np.multiply(root, root, out=root)
    root[is_below_all] = 0.0
    return root


def _anscombe_count(value: FloatArray, mean: FloatArray) -> FloatArray:
    # The inverse of Anscombe's 3/2 (y^(2/3) - m^(2/3)) / m^(1/6).
    root: FloatArray = mean ** (2 / 3) + value * mean ** (1 / 6) / 1.5
    return np.maximum(root, 0.0) ** 1.5


TRANSFORMS: dict[str, _CountTransform] = {
    "rossi": _CountTransform(_rossi, _rossi_count),
    "standard": _CountTransform(
        lambda y, m: (y - m) / np.sqrt(m), lambda v, m: np.maximum(m + v * np.sqrt(m), 0.0)
    ),
    "anscombe": _CountTransform(
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
        With reset after an alarm, missing weeks left out and a mean for series without a case; or
        bit for bit as R's ``cusum`` before its version 1.25.
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
        alarm is at 1 and above; `p_value`, `dispersion` and `alpha` are NaN, because this method
        does not have them.

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
    check_reference_population(mode, population)
    panel = check_panel(counts, population)
    rows = check_following_weeks(weeks, FEWEST_WEEKS_OF_HISTORY, panel.counts.shape[0])
    options = _CusumOptions(mode, transform, in_control, reference_value, decision_interval)
    cells = _run(panel, rows, options)
    return cells.freeze(
        method=f"cusum_{transform}",
        mode=mode,
        alpha=float("nan"),
        weeks=rows,
        observed=panel.counts[rows],
    )


@dataclass(frozen=True)
class _CusumOptions:
    mode: Mode
    transform: str
    in_control: InControlMean
    reference_value: float
    decision_interval: float


def _run(panel: Panel, rows: IntArray, options: _CusumOptions) -> Cells:
    shape = (rows.size, panel.counts.shape[1])
    if not rows.size or rows[0] == 0:
        cells = Cells.having(shape, CellReason.INSUFFICIENT_HISTORY)
    else:
        first, stop = int(rows[0]), int(rows[-1]) + 1
        counts = panel.usable_counts(slice(stop), slice(None))
        mean = in_control_mean(
            counts,
            None if panel.population is None else panel.population[:stop],
            first_tested=first,
            has_wave=options.in_control == "glm",
            is_floored=options.mode == "corrected",
        )[first:]
        cells = _add_up(counts[first:], mean, options)
        _state_reasons(cells, counts[first:], mean, panel, rows)
    if panel.is_invalid.any():
        cells.withdraw((slice(None), panel.is_invalid), CellReason.INVALID_COUNTS)
    return cells


def _add_up(observed: FloatArray, mean: FloatArray, options: _CusumOptions) -> Cells:
    """Carry the sums of all series through the tested weeks."""
    shape = observed.shape
    # One piece of memory: one request to the system, and none for the next call.
    upper_bound, score = np.empty((2, *shape))
    cells = Cells.having(
        shape,
        CellReason.TESTED,
        expected=mean,
        threshold_mean=mean,
        upper_bound=upper_bound,
        score=score,
        alarm=np.empty(shape, dtype=np.bool_),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        for columns in strips(shape[1]):
            total = np.zeros(columns.stop - columns.start)
            for weeks in runs(shape[0], total.size):
                part = weeks, columns
                # A mean that is the same in all weeks is kept in one row.
                level = mean[part] if mean.strides[0] else mean[:1, columns]
                total = _add_up_part(cells.take(part), observed[part], level, total, options)
    return cells


def _add_up_part(
    cells: Cells, observed: FloatArray, level: FloatArray, total: FloatArray, options: _CusumOptions
) -> FloatArray:
    """Write a few weeks of some series; return the sums that the next week begins with."""
    law = TRANSFORMS[options.transform]
    k, h = options.reference_value, options.decision_interval
    is_corrected = options.mode == "corrected"
    step = law.standardise(observed, level)
    step -= k
    if is_corrected and (is_unknown := np.isnan(step)).any():
        step[is_unknown] = 0.0
    # S_t = max(0, S_(t-1) + z_t - k); an alarm where S_t >= h, after which corrected mode restarts.
    begins = _sums(step, total, reset_at=h if is_corrected else None)
    np.greater_equal(step, h, out=cells.alarm)
    np.divide(step, h, out=cells.score)
    is_reference_rossi = options.transform == "rossi" and not is_corrected
    count_of = _reference_rossi_count if is_reference_rossi else law.count_of
    # The count with which the sum reaches h exactly, from where the sum of the week before left
    # off.
    bound = count_of(np.subtract(h + k, begins[:-1], out=cells.upper_bound), level)
    if is_corrected:
        largest_quiet_count(bound, out=cells.upper_bound)
    elif options.transform == "standard":
        np.ceil(bound, out=cells.upper_bound)
    else:
        cells.upper_bound[:] = bound
    last: FloatArray = begins[-1]
    return last


def _sums(step: FloatArray, total: FloatArray, *, reset_at: float | None) -> FloatArray:
    """Turn steps into the sums at the end of weeks; return those at the start of weeks and after.

    They restart from 0 after reaching `reset_at`, if it is given.
    """
    begins = np.zeros((step.shape[0] + 1, step.shape[1]))
    begins[0] = total
    # As arrays: the calls are short, and each would turn a number into an array.
    zero, limit = np.zeros(total.size), np.full(total.size, reset_at, dtype=np.float64)
    is_carried = np.ones(total.size, dtype=np.bool_)
    for begin, end, following in zip(begins, step, begins[1:], strict=False):
        np.add(begin, end, out=end)
        np.maximum(end, zero, out=end)
        if reset_at is not None:
            np.less(end, limit, out=is_carried)
        np.copyto(following, end, where=is_carried)
    return begins


def _state_reasons(
    cells: Cells, observed: FloatArray, mean: FloatArray, panel: Panel, rows: IntArray
) -> None:
    has_mean = (mean if mean.strides[0] else mean[:1]) > 0
    if panel.is_complete and panel.population is None and has_mean.all():
        return
    cells.reason[~np.broadcast_to(has_mean, mean.shape)] = CellReason.INSUFFICIENT_HISTORY
    cells.name_missing(observed, None if panel.population is None else panel.population[rows])
