"""Week after week, block after block of series: how Farrington's methods walk a panel."""

from collections.abc import Callable

import numpy as np

from qorgau.methods.detection.farrington_week import FarringtonOptions, WeekBlock
from qorgau.methods.detection.panel import (
    BoolArray,
    Cells,
    FloatArray,
    IntArray,
    Mode,
    Panel,
    Reason,
)
from qorgau.methods.detection.quasi_poisson import Design
from qorgau.methods.detection.reference_weeks import Baseline, find_baseline

SERIES_PER_BLOCK = 512

Estimate = Callable[[WeekBlock, FarringtonOptions], Cells]


def run_weeks(
    panel: Panel,
    rows: IntArray,
    options: FarringtonOptions,
    mode: Mode,
    estimate: Estimate,
    *,
    fewest_years: int | None = None,
) -> Cells:
    """Test weeks of a panel, each against its own baseline.

    Parameters
    ----------
    panel : Panel
        Checked panel.
    rows : numpy.ndarray of int, shape (weeks,)
        Rows to test.
    options : FarringtonOptions
        Options.
    mode : {'corrected', 'reference'}
        Whether the time of the tested week is that of the package.
    estimate : callable
        Tests one week of a block of series.
    fewest_years : int, optional
        With how many years of history to be content; by default all of ``options.years``.

    Returns
    -------
    Cells
        Arrays of the shape ``(weeks, series)``.
    """
    cells = Cells.empty((rows.size, panel.counts.shape[1]), Reason.INSUFFICIENT_HISTORY)
    for place, week in enumerate(rows):
        baseline = _longest_baseline(panel, int(week), options, fewest_years or options.years)
        if baseline is not None and baseline.rows.size:
            _test_week(panel, baseline, options, mode, estimate, cells, place)
    cells.put(
        (slice(None), panel.is_invalid),
        Cells.empty((rows.size, int(panel.is_invalid.sum())), Reason.INVALID_COUNTS),
    )
    return cells


def _longest_baseline(
    panel: Panel, week: int, options: FarringtonOptions, fewest_years: int
) -> Baseline | None:
    for years in range(options.years, fewest_years - 1, -1):
        baseline = find_baseline(
            week,
            years=years,
            half_window=options.half_window,
            periods=options.periods,
            past_weeks_not_included=options.past_weeks_not_included,
            dates=panel.dates,
        )
        if baseline is not None:
            return baseline
    return None


def _test_week(
    panel: Panel,
    baseline: Baseline,
    options: FarringtonOptions,
    mode: Mode,
    estimate: Estimate,
    cells: Cells,
    place: int,
) -> None:
    """Test one week of every series, block by block, and write the cells of one row."""
    for start in range(0, panel.counts.shape[1], SERIES_PER_BLOCK):
        columns = slice(start, start + SERIES_PER_BLOCK)
        block = _cut_block(panel, baseline, options, mode, columns)
        found = estimate(block, options)
        if block.tested_exposure is not None:
            is_unknown = np.isnan(block.tested_exposure)
            unknown = Cells.empty((int(is_unknown.sum()),), Reason.MISSING_POPULATION)
            found.put(is_unknown, unknown)
        cells.put((place, columns), found)


def _cut_block(
    panel: Panel, baseline: Baseline, options: FarringtonOptions, mode: Mode, columns: slice
) -> WeekBlock:
    counts = panel.counts[baseline.rows, columns]
    is_used = ~np.isnan(counts) & ~panel.is_invalid[columns]
    exposure = tested_exposure = None
    if panel.population is not None:
        exposure = panel.population[baseline.rows, columns]
        tested_exposure = panel.population[baseline.week, columns]
        is_used &= ~np.isnan(exposure)
        exposure = np.where(is_used, exposure, 1.0)
    shift = None
    if mode == "reference" and panel.dates is not None:
        shift = _package_time_shift(baseline, is_used)
    first_recent = max(baseline.week - options.limit54[1] + 1, 0)
    return WeekBlock(
        design=Design.of(baseline, shift),
        year=baseline.year,
        counts=np.where(is_used, counts, 0.0),
        is_used=is_used,
        exposure=exposure,
        tested_counts=panel.counts[baseline.week, columns],
        tested_exposure=tested_exposure,
        recent_counts=panel.counts[first_recent : baseline.week + 1, columns],
    )


def _package_time_shift(baseline: Baseline, is_used: BoolArray) -> FloatArray:
    """Weeks by which the package predicts too early when the first baseline week is missing."""
    first_known = baseline.rows[np.argmax(is_used, axis=0)]
    shift: FloatArray = (first_known - baseline.rows[0]).astype(np.float64)
    return shift
