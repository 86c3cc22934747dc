"""EARS C1, C2 and C3: is this week above what the last few weeks let us expect?

Input: a ``(time, series)`` array of counts. A week is compared with the mean and the standard
deviation of a short window before it, so that little history is needed and no season is known.
Source: Hutwagner et al. (2003), Journal of Urban Health 80 (2 Suppl 1), i89-i96; Fricker,
Hegler and Dunfee (2008), Statistics in Medicine 27, 3407-3429.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.baselines.recent_window import (
    RecentWeeks,
    RecentWindow,
    WeekRows,
    fewest_known,
)
from qorgau.methods.detection.bounds.thresholds import exceedance_score
from qorgau.methods.detection.panels.cache_blocks import runs, strips
from qorgau.methods.detection.panels.options import (
    check_alpha,
    check_choice,
    check_reference_population,
)
from qorgau.methods.detection.panels.panel import Panel, check_panel, check_weeks
from qorgau.methods.detection.panels.results import MODES, CellReason, Cells, DetectionResult, Mode

EarsVariant = Literal["C1", "C2", "C3"]

# Weeks between the window and the tested week, and earlier weeks whose excess is carried over.
GUARD_WEEKS = {"C1": 0, "C2": 2, "C3": 2}
CARRIED_WEEKS = {"C1": 0, "C2": 0, "C3": 2}
DEFAULT_ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


@dataclass(frozen=True)
class _EarsOptions:
    variant: EarsVariant
    mode: Mode
    alpha: float
    baseline: int
    min_sigma: float


def ears(
    counts: ArrayLike,
    *,
    variant: EarsVariant = "C1",
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    population: ArrayLike | None = None,
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
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count; corrected mode only.
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
    check_reference_population(mode, population)
    panel = check_panel(counts, population)
    options = _EarsOptions(variant, mode, level, baseline, min_sigma)
    first = baseline + GUARD_WEEKS[variant] + CARRIED_WEEKS[variant]
    rows = check_weeks(weeks, first, panel.counts.shape[0])
    cells = _run(panel, rows, first, options)
    return cells.freeze(
        method=f"ears_{variant.lower()}",
        mode=mode,
        alpha=level,
        weeks=rows,
        observed=panel.counts[rows],
    )


def _run(panel: Panel, rows: IntArray, first: int, options: _EarsOptions) -> Cells:
    shape = (rows.size, panel.counts.shape[1])
    cells = Cells.having(shape, CellReason.INSUFFICIENT_HISTORY)
    has_history = rows >= first
    if has_history.any():
        cells = _empty_cells(shape, options)
        start, stop = int(rows[has_history].min()) - first, int(rows.max()) + 1
        # Rows without a history are computed at the place of others, and withdrawn below.
        places = np.maximum(rows, start + first) - start
        estimate = _estimate_corrected if options.mode == "corrected" else _estimate_reference
        with np.errstate(divide="ignore", invalid="ignore"):
            for columns in strips(shape[1]):
                recent = _recent_weeks(panel, slice(start, stop), columns, options)
                for weeks in runs(shape[0], columns.stop - columns.start):
                    part = cells.take((weeks, columns))
                    estimate(part, recent, WeekRows.of_weeks(places[weeks]), options)
        if not has_history.all():
            cells.withdraw(~has_history, CellReason.INSUFFICIENT_HISTORY)
    if panel.is_invalid.any():
        cells.withdraw((slice(None), panel.is_invalid), CellReason.INVALID_COUNTS)
    return cells


def _empty_cells(shape: tuple[int, int], options: _EarsOptions) -> Cells:
    names = ["expected", "upper_bound"]
    names += ["p_value", "score"] if options.mode == "corrected" else []
    # One piece of memory: one request to the system, and none for the next call.
    numbers = dict(zip(names, np.empty((len(names), *shape)), strict=True))
    numbers["threshold_mean"] = numbers["expected"]
    return Cells.having(shape, CellReason.TESTED, alarm=np.empty(shape, dtype=np.bool_), **numbers)


def _recent_weeks(panel: Panel, weeks: slice, columns: slice, options: _EarsOptions) -> RecentWeeks:
    counts = panel.usable_counts(weeks, columns)
    if options.mode == "reference" or (panel.is_complete and panel.population is None):
        return RecentWeeks.as_they_are(counts, options.baseline)
    population = None if panel.population is None else panel.population[weeks, columns]
    return RecentWeeks.leaving_out_unknown(counts, population)


def _estimate_reference(
    cells: Cells, recent: RecentWeeks, rows: WeekRows, options: _EarsOptions
) -> None:
    """Write bound and alarm as ``earsC`` gives them."""
    z = ndtri(1.0 - options.alpha)
    window = recent.before(rows, GUARD_WEEKS[options.variant], options.baseline)
    observed, upper_bound = rows.of(recent.counts), cells.upper_bound
    cells.expected[:] = window.mean
    if options.variant == "C3":
        # The package adds the observed count where its help page has the mean of the window.
        carried = sum(_excesses(recent, rows, options))
        np.maximum(observed + window.deviation * (z - carried), 0.0, out=upper_bound)
    else:
        np.maximum(window.deviation, options.min_sigma, out=upper_bound)
        upper_bound *= z
        upper_bound += window.mean
    np.greater(observed, upper_bound, out=cells.alarm)
    if np.isnan(upper_bound).any() or np.isnan(observed).any():
        cells.reason[np.isnan(upper_bound)] = CellReason.ZERO_VARIANCE
        cells.reason[np.isnan(observed) | np.isnan(window.mean)] = CellReason.MISSING_COUNTS


def _excesses(recent: RecentWeeks, rows: WeekRows, options: _EarsOptions) -> Iterator[FloatArray]:
    """What each carried week had above one standard deviation of its own window."""
    for lag in range(1, CARRIED_WEEKS[options.variant] + 1):
        week = rows.moved(-lag)
        if options.mode == "reference":
            window = recent.before(week, GUARD_WEEKS[options.variant], options.baseline)
        else:
            window = _window_before(recent, week, options)
        # max(0, (y - mean) / deviation - 1): what C3 adds of the two weeks before (Fricker et al.
        # 2008).
        excess = week.of(recent.counts) - window.mean
        excess /= window.deviation
        excess -= 1.0
        np.maximum(excess, 0.0, out=excess)
        yield excess if options.mode == "reference" else np.nan_to_num(excess, copy=False)


def _estimate_corrected(
    cells: Cells, recent: RecentWeeks, rows: WeekRows, options: _EarsOptions
) -> None:
    """Write bound, alarm and p-value as documented, from the weeks that are known."""
    window = _window_before(recent, rows, options)
    observed, p_value, upper_bound = rows.of(recent.counts), cells.p_value, cells.upper_bound
    carried = sum(_excesses(recent, rows, options))
    cells.expected[:] = window.mean
    # p-value: upper tail of a standard normal law at (y - mean) / deviation, plus what is carried.
    np.subtract(window.mean, observed, out=p_value)
    p_value /= window.deviation
    if CARRIED_WEEKS[options.variant]:
        p_value -= carried
    ndtr(p_value, out=p_value)
    # The count at which that tail is alpha: mean + (z - carried) deviations.
    np.multiply(window.deviation, ndtri(1.0 - options.alpha) - carried, out=upper_bound)
    upper_bound += window.mean
    np.maximum(upper_bound, 0.0, out=upper_bound)
    exceedance_score(observed, window.mean, upper_bound, out=cells.score)
    np.greater(observed, upper_bound, out=cells.alarm)
    if recent.is_known is not None:
        _name_what_is_missing(cells, recent, rows, options)


def _window_before(recent: RecentWeeks, rows: WeekRows, options: _EarsOptions) -> RecentWindow:
    """The window of each row, with a deviation above 0.

    A window of equal counts gets the deviation of a Poisson count with a mean one case above that
    of the window, so that a quiet series needs more than a single case.
    """
    window = recent.before(rows, GUARD_WEEKS[options.variant], options.baseline)
    np.maximum(window.deviation, options.min_sigma, out=window.deviation)
    is_flat = window.deviation == 0
    if is_flat.any():
        poisson = window.mean + window.mean_of_one_case
        window.deviation[is_flat] = np.sqrt(poisson[is_flat])
    return window


def _name_what_is_missing(
    cells: Cells, recent: RecentWeeks, rows: WeekRows, options: _EarsOptions
) -> None:
    has_no_window = np.isnan(cells.expected)
    is_missing = np.isnan(rows.of(recent.counts))
    if recent.population is None:
        is_missing |= has_no_window
    else:
        cells.withdraw(has_no_window, CellReason.MISSING_POPULATION)
        guard, baseline = GUARD_WEEKS[options.variant], options.baseline
        counted = (~np.isnan(recent.counts)).astype(np.float64)
        known = rows.moved(-guard - baseline).sums_from(counted, baseline)
        is_missing |= known < fewest_known(baseline)
    cells.reason[is_missing] = CellReason.MISSING_COUNTS
