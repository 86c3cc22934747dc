"""Detection over plain counts of a file, however large, without a register.

Rows come one after the other and are laid by series into parts that fit into memory; each part is
made into panels of series that cover the same weeks, tested, and its results are put back into the
order of the rows.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qorgau.methods.detection import DetectionResult

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Records = npt.NDArray[np.void]

DAYS_PER_WEEK = 7
ROWS_PER_READING = 200_000
# A part of so many rows takes about a gigabyte while it is tested.
ROWS_PER_PART = 4_000_000
CELLS_PER_PANEL = 2_000_000

_COUNT = np.dtype(
    [("row", "i8"), ("series", "i8"), ("time", "i8"), ("count", "f8"), ("population", "f8")]
)
NUMBERS = ("observed", "expected", "upper_bound", "p_value", "score", "dispersion")
NO_FLAG = -1
_RESULT = np.dtype(
    [("row", "i8"), ("series", "i8"), ("time", "i8")]
    + [(name, "f8") for name in NUMBERS]
    + [("trend", "i1"), ("alarm", "i1"), ("reason", "U24")]
)


@dataclass(frozen=True)
class CountsPanel:
    """One panel to be tested.

    Attributes
    ----------
    counts : ndarray, shape (weeks, series)
    population : ndarray, shape (weeks, series), or None
    dates : ndarray of datetime64[D], shape (weeks,), or None
    weeks : range or None
        Rows to test; None leaves it to the method.
    """

    counts: FloatArray
    population: FloatArray | None
    dates: npt.NDArray[np.datetime64] | None
    weeks: range | None


@dataclass(frozen=True)
class CountsQuestion:
    """How counts are tested.

    Attributes
    ----------
    test : callable
        Runs a method on one panel.
    has_trend : bool
        Whether the method reports a trend.
    is_dated, has_population : bool
        What the rows hold.
    first, last : int or None
        Times between which rows are tested and reported; None for no limit.
    rows_per_part : int
        How many rows are held in memory at once, at the least one whole series.
    """

    test: Callable[[CountsPanel], DetectionResult]
    has_trend: bool
    is_dated: bool
    has_population: bool
    first: int | None = None
    last: int | None = None
    rows_per_part: int = ROWS_PER_PART


@dataclass
class Remarks:
    """Which series had something wrong: how many for each reason, and the first by name."""

    series: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=dict)

    def note(self, reason: str, names: Iterable[str], *, most: int = 5) -> None:
        for name in names:
            self.series[reason] += 1
            if len(self.first.setdefault(reason, [])) < most:
                self.first[reason].append(name)


@dataclass(frozen=True)
class Findings:
    """What was found, in the order of the rows.

    Attributes
    ----------
    names : list of str
        Names of the series, by number.
    parts : list of ndarray
        Structured arrays, each in the order of its rows: row, series, time, the numbers of
        `NUMBERS` (NaN where there is none), trend and alarm (0, 1, or `NO_FLAG`), reason.
    remarks : Remarks
    """

    names: list[str]
    parts: list[Records]
    remarks: Remarks

    def in_order(self) -> Iterator[Records]:
        """Blocks of results, the parts merged by row.

        Yields
        ------
        ndarray
            As `parts`.
        """
        last = max((int(part["row"][-1]) for part in self.parts if part.size), default=-1)
        for start in range(0, last + 1, ROWS_PER_READING):
            edges = (start, start + ROWS_PER_READING)
            cut = [part[slice(*np.searchsorted(part["row"], edges))] for part in self.parts]
            block = np.concatenate(cut)
            yield block[np.argsort(block["row"], kind="stable")]


def detect_in_counts(
    rows: Iterable[tuple[str, int, float, float]], question: CountsQuestion, folder: Path
) -> Findings:
    """Test counts that come row by row.

    Parameters
    ----------
    rows : iterable of (series, time, count, population)
        In any order; NaN is missing.
    question : CountsQuestion
        What to run, and between which times.
    folder : Path
        Where parts of a large file are kept while it is worked on.

    Returns
    -------
    Findings
    """
    numbers: dict[str, int] = {}
    spilled = Path(tempfile.mkdtemp(prefix="counts-", dir=folder))
    n_parts = _lay_out(rows, numbers, spilled, question.rows_per_part)
    names, remarks, parts = list(numbers), Remarks(), []
    for part in range(n_parts):
        records = _read_part(spilled, part, n_parts)
        found = _solve(records, names, question, remarks)
        path = spilled / f"results-{part}"
        found.tofile(path)
        is_empty = found.size == 0
        parts.append(found if is_empty else np.memmap(path, dtype=_RESULT, mode="r"))
    return Findings(names, parts, remarks)


def _lay_out(
    rows: Iterable[tuple[str, int, float, float]],
    numbers: dict[str, int],
    folder: Path,
    rows_per_part: int,
) -> int:
    """Write all rows as records, one after the other; return how many parts they make."""
    total = 0
    waiting = iter(rows)
    with (folder / "all").open("wb") as file:
        while taken := list(islice(waiting, ROWS_PER_READING)):
            records = np.empty(len(taken), dtype=_COUNT)
            records["row"] = np.arange(total, total + len(taken))
            records["series"] = [numbers.setdefault(row[0], len(numbers)) for row in taken]
            for place, name in enumerate(("time", "count", "population"), start=1):
                records[name] = [row[place] for row in taken]
            records.tofile(file)
            total += len(taken)
    n_parts = max(1, -(-total // rows_per_part))
    if n_parts > 1:
        _split(folder, n_parts)
    return n_parts


def _split(folder: Path, n_parts: int) -> None:
    """Lay the records of each series into one part."""
    files = [(folder / f"part-{part}").open("ab") for part in range(n_parts)]
    every = np.memmap(folder / "all", dtype=_COUNT, mode="r")
    for start in range(0, every.size, ROWS_PER_READING):
        block = every[start : start + ROWS_PER_READING]
        for part, file in enumerate(files):
            block[block["series"] % n_parts == part].tofile(file)
    for file in files:
        file.close()


def _read_part(folder: Path, part: int, n_parts: int) -> Records:
    name = f"part-{part}" if n_parts > 1 else "all"
    records: Records = np.fromfile(folder / name, dtype=_COUNT)
    return records


def _solve(
    records: Records, names: list[str], question: CountsQuestion, remarks: Remarks
) -> Records:
    """Test every series of a part; its results in the order of the rows."""
    order = np.lexsort((records["time"], records["series"]))
    records = records[order]
    found = np.zeros(records.size, dtype=_RESULT)
    for name in ("row", "series", "time"):
        found[name] = records[name]
    found["observed"] = np.where(np.isfinite(records["count"]), records["count"], np.nan)
    for name in NUMBERS[1:]:
        found[name] = np.nan
    found["trend"] = found["alarm"] = NO_FLAG
    found["reason"] = "insufficient_history"
    starts = np.flatnonzero(np.diff(records["series"], prepend=-1))
    ends = np.append(starts[1:], records.size)
    usable = _judge_times(records, found, starts, ends, names, question, remarks)
    _test_alike(records, found, starts[usable], ends[usable], question)
    is_reported = _is_between(found["time"], question)
    found = found[is_reported]
    for reason in ("invalid_counts", "missing_population", "insufficient_history"):
        series = np.unique(found["series"][found["reason"] == reason])
        remarks.note(reason, (names[one] for one in series))
    ordered: Records = found[np.argsort(found["row"], kind="stable")]
    return ordered


def _judge_times(
    records: Records,
    found: Records,
    starts: IntArray,
    ends: IntArray,
    names: list[str],
    question: CountsQuestion,
    remarks: Remarks,
) -> npt.NDArray[np.bool_]:
    """Which series have weeks that a panel can be made of; the others are given their reason."""
    step = DAYS_PER_WEEK if question.is_dated else 1
    usable = np.ones(starts.size, dtype=np.bool_)
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        gaps = np.diff(records["time"][start:end])
        name = [names[records["series"][start]]]
        reason = "repeated_time" if (gaps == 0).any() else ""
        if not reason and (gaps % step).any():
            reason = "irregular_dates"
        if reason:
            usable[place] = False
            found["reason"][start:end] = reason
            remarks.note(reason, name)
        elif (np.diff(records["row"][start:end]) < 0).any():
            remarks.note("unsorted_times", name)
    return usable


def _test_alike(
    records: Records,
    found: Records,
    starts: IntArray,
    ends: IntArray,
    question: CountsQuestion,
) -> None:
    """Put series that cover the same weeks into panels and test these."""
    covered: dict[tuple[int, int], list[int]] = {}
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        span = (int(records["time"][start]), int(records["time"][end - 1]))
        covered.setdefault(span, []).append(place)
    step = DAYS_PER_WEEK if question.is_dated else 1
    for (first, last), places in covered.items():
        length = (last - first) // step + 1
        width = max(1, CELLS_PER_PANEL // length)
        for at in range(0, len(places), width):
            chosen = places[at : at + width]
            cells = np.concatenate([np.arange(starts[p], ends[p]) for p in chosen])
            column = np.repeat(np.arange(len(chosen)), [ends[p] - starts[p] for p in chosen])
            row = (records["time"][cells] - first) // step
            _test_panel(records, found, cells, row, column, (length, first), question)


def _test_panel(
    records: Records,
    found: Records,
    cells: IntArray,
    row: IntArray,
    column: IntArray,
    weeks: tuple[int, int],
    question: CountsQuestion,
) -> None:
    """Test one panel and write what was found into its cells."""
    length, first = weeks
    shape = (length, int(column[-1]) + 1)
    counts = np.full(shape, np.nan)
    counts[row, column] = records["count"][cells]
    population = None
    if question.has_population:
        population = np.full(shape, np.nan)
        population[row, column] = records["population"][cells]
    dates = None
    if question.is_dated:
        days = first + DAYS_PER_WEEK * np.arange(length)
        # Day 1 of the calendar's count is 719,163 days before that of NumPy.
        dates = (days - 719_163).astype("datetime64[D]")
    tested = _weeks_between(length, first, question)
    if tested is not None and not tested:
        return
    result = question.test(CountsPanel(counts, population, dates, tested))
    place_of_week = np.full(length, -1)
    place_of_week[result.weeks] = np.arange(result.weeks.size)
    is_tested = place_of_week[row] >= 0
    cells, at = cells[is_tested], (place_of_week[row[is_tested]], column[is_tested])
    for name in NUMBERS[1:]:
        found[name][cells] = getattr(result, name)[at]
    found["reason"][cells] = result.reason[at]
    found["alarm"][cells] = np.where(_has_verdict(result)[at], result.alarm[at], NO_FLAG)
    if question.has_trend:
        found["trend"][cells] = np.where(_has_verdict(result)[at], result.trend[at], NO_FLAG)


def _has_verdict(result: DetectionResult) -> npt.NDArray[np.bool_]:
    """Where an alarm was raised or not; the package also says "no" after a missing week."""
    said = result.is_tested
    if result.mode == "reference" and result.method.startswith("farrington"):
        said = said | (result.reason == "missing_counts")
    return said


def _weeks_between(length: int, first: int, question: CountsQuestion) -> range | None:
    if question.first is None and question.last is None:
        return None
    step = DAYS_PER_WEEK if question.is_dated else 1
    start, stop = 0, length
    if question.first is not None:
        start = max(0, -(-(question.first - first) // step))
    if question.last is not None:
        stop = min(length, (question.last - first) // step + 1)
    return range(start, stop)


def _is_between(times: IntArray, question: CountsQuestion) -> npt.NDArray[np.bool_]:
    is_between = np.ones(times.size, dtype=np.bool_)
    if question.first is not None:
        is_between &= times >= question.first
    if question.last is not None:
        is_between &= times <= question.last
    return is_between
