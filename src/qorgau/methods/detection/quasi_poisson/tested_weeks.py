"""How a panel is tested: blocks of tested weeks whose baselines have the same layout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.baselines.baseline_weeks import Baseline, find_baseline
from qorgau.methods.detection.panels.block_pool import work_on_blocks
from qorgau.methods.detection.panels.panel import Panel
from qorgau.methods.detection.panels.results import CellReason, Cells, Mode
from qorgau.methods.detection.quasi_poisson.options import FarringtonOptions
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock
from qorgau.methods.detection.quasi_poisson.week_weights import WeekWeights
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

# Large against the cost of the calls that a block takes, small against memory.
SERIES_PER_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Layout:
    """Tested weeks whose baselines have the same layout, counted back from each.

    Attributes
    ----------
    baseline, design
        Baseline of the first of these weeks, and the design of all.
    recent_weeks
        Number of newest weeks for the rule on few cases.
    places
        Which of the tested weeks these are.
    """

    baseline: Baseline
    design: Design
    recent_weeks: int
    places: list[int]


@dataclass(frozen=True, eq=False)
class _Strip:
    """Neighbouring series of one tested week."""

    place: int
    week: int
    columns: slice


def lay_out_baselines(
    panel: Panel, rows: IntArray, options: FarringtonOptions, fewest_years: int
) -> list[Layout]:
    """The layouts that occur; without dates most weeks have the same.

    Parameters
    ----------
    panel : Panel
        Checked panel.
    rows : numpy.ndarray of int, shape (weeks,)
        Rows to test.
    options : FarringtonOptions
        Options.
    fewest_years : int
        Years of history that are enough where ``options.years`` are not there.

    Returns
    -------
    list of Layout
        Weeks with too short a history are in none of them.
    """
    layouts: dict[bytes, Layout] = {}
    for place, week in enumerate(rows):
        baseline = _longest_baseline(panel, int(week), options, fewest_years)
        if baseline is None or not baseline.rows.size:
            continue
        recent_weeks = min(options.limit54[1], baseline.week + 1)
        back = baseline.week - baseline.rows
        key = np.concatenate([back, baseline.season, baseline.year, [recent_weeks]]).tobytes()
        if key not in layouts:
            layouts[key] = Layout(baseline, Design.of(baseline), recent_weeks, [])
        layouts[key].places.append(place)
    return list(layouts.values())


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


def work_on_weeks(
    panel: Panel,
    rows: IntArray,
    layouts: list[Layout],
    mode: Mode,
    test_block: Callable[[WeekBlock], Cells],
    *,
    threads: int = 1,
) -> Cells:
    """Test weeks of a panel, each against its own baseline.

    Parameters
    ----------
    panel : Panel
        Checked panel.
    rows : numpy.ndarray of int, shape (weeks,)
        Rows to test.
    layouts : list of Layout
        Their baselines.
    mode : {'corrected', 'reference'}
        Whether the time of the tested week is that of the package.
    test_block : callable
        Tests the tested weeks of a block of series.
    threads : int
        Blocks worked on at the same time.

    Returns
    -------
    Cells
        Arrays of the shape ``(weeks, series)``.
    """
    series = panel.counts.shape[1]
    cells = Cells.empty((rows.size, series), CellReason.INSUFFICIENT_HISTORY)

    def test(task: tuple[Layout, list[_Strip]]) -> None:
        layout, strips = task
        block = _cut_block(panel, layout, mode, strips)
        found = test_block(block)
        if block.tested_exposure is not None:
            found.withdraw(np.isnan(block.tested_exposure), CellReason.MISSING_POPULATION)
        _write(cells, strips, found)

    tasks = [(layout, strips) for layout in layouts for strips in _strips(layout, rows, series)]
    work_on_blocks(test, tasks, threads=threads)
    cells.withdraw((slice(None), panel.is_invalid), CellReason.INVALID_COUNTS)
    return cells


def _strips(layout: Layout, rows: IntArray, series: int) -> Iterator[list[_Strip]]:
    """Blocks of about as many series-weeks each, cut from the weeks of a layout."""
    waiting: list[_Strip] = []
    room = SERIES_PER_BLOCK
    for place in layout.places:
        start = 0
        while start < series:
            stop = min(series, start + room)
            waiting.append(_Strip(place, int(rows[place]), slice(start, stop)))
            room -= stop - start
            start = stop
            if not room:
                yield waiting
                waiting, room = [], SERIES_PER_BLOCK
    if waiting:
        yield waiting


def _cut_block(panel: Panel, layout: Layout, mode: Mode, strips: list[_Strip]) -> WeekBlock:
    """Lay the baselines of several strips beside each other."""
    back = layout.baseline.rows - layout.baseline.week
    recent = np.arange(1 - layout.recent_weeks, 1)
    tested = np.zeros(1, dtype=np.int64)
    counts = _cut(panel.counts, back, strips)
    is_used = exposure = tested_exposure = None
    if not panel.is_complete:
        is_invalid = np.concatenate([panel.is_invalid[strip.columns] for strip in strips])
        is_used = ~(np.isnan(counts) | is_invalid)
    if panel.population is not None:
        exposure = _cut(panel.population, back, strips)
        tested_exposure = _cut(panel.population, tested, strips)[0]
        is_known = ~np.isnan(exposure)
        is_used = is_known if is_used is None else is_used & is_known
        exposure = np.where(is_used, exposure, 1.0)
    if is_used is not None:
        counts = np.where(is_used, counts, 0.0)
    design = layout.design
    if mode == "reference" and panel.dates is not None and is_used is not None:
        design = design.predicting_earlier(_reference_time_shift(layout.baseline, is_used))
    return WeekBlock(
        baseline=WeightedCounts(
            counts, exposure, WeekWeights.of_used(design, is_used, counts.shape[1])
        ),
        tested_counts=_cut(panel.counts, tested, strips)[0],
        tested_exposure=tested_exposure,
        recent_counts=_cut(panel.counts, recent, strips),
    )


def _cut(values: FloatArray, back: IntArray, strips: list[_Strip]) -> FloatArray:
    """Rows at the same distances before each tested week, shape ``(rows, series)``."""
    is_run = back[-1] - back[0] == back.size - 1
    cuts = [
        values[strip.week + back[0] : strip.week + back[-1] + 1, strip.columns]
        if is_run
        else values[strip.week + back, strip.columns]
        for strip in strips
    ]
    return cuts[0] if len(cuts) == 1 else np.concatenate(cuts, axis=1)


def _write(cells: Cells, strips: list[_Strip], found: Cells) -> None:
    start = 0
    for strip in strips:
        stop = start + strip.columns.stop - strip.columns.start
        cells.put((strip.place, strip.columns), found.between(start, stop))
        start = stop


def _reference_time_shift(baseline: Baseline, is_used: BoolArray) -> FloatArray:
    """Weeks by which the package predicts too early when the first baseline week is missing."""
    first_known = baseline.rows[np.argmax(is_used, axis=0)]
    shift: FloatArray = (first_known - baseline.rows[0]).astype(np.float64)
    return shift
