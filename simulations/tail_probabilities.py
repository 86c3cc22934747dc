"""Are p-values right far out in the tail, where one of many tests must lie to be a signal?

Many series in which nothing has risen are tested in their newest week. How often does a p-value lie
below one in a thousand, ten thousand, a hundred thousand, over how often it should?

    python simulations/tail_probabilities.py [--series 400000]

Written: docs/simulations/tail_probabilities.csv, and a table of docs/simulations/false_alarms.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from qorgau.analysis.unit_cause_hierarchy.watch import LEAST_CASES, LONGEST_HISTORY_WEEKS
from qorgau.methods.detection import farrington_flexible
from qorgau.methods.rates import crude_rate
from tools.page_tables import put_tables, read_rows

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "simulations"
COUNTS = FOLDER / "tail_probabilities.csv"
PAGE = FOLDER / "false_alarms.md"
HEADER = (
    *("mean_a_week", "cases_per_event", "threshold_method", "level", "series"),
    *("false_alarms", "ratio", "lower", "upper"),
)
MEANS = (0.2, 0.6, 2.0, 10.0)
CASES_PER_EVENT = (1.0, 1.3)
THRESHOLD_METHODS = ("nb-plugin", "nb-predictive")
LEVELS = (1e-3, 1e-4, 1e-5)
SERIES_AT_A_TIME = 20_000
SEASON = 0.3
SEED = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=400_000)
    arguments = parser.parse_args()
    with COUNTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for cases_per_event in CASES_PER_EVENT:
            for mean in MEANS:
                for line in lines_of(mean, cases_per_event, arguments.series):
                    writer.writerow(line)
                    print(*line, sep="\t", flush=True)
    put_tables(PAGE, {"tail": table_of(read_rows(COUNTS))})
    return 0


def table_of(rows: Sequence[dict[str, str]]) -> list[str]:
    """What the page shows: false alarms over those stated, by kind of counts and by law."""
    levels = list(dict.fromkeys(row["level"] for row in rows))
    named = " | ".join(f"{method}, {float(level):g}" for method in THRESHOLD_METHODS
                       for level in levels)  # fmt: skip
    lines = [f"| cases a week | cases per event | {named} |"]
    lines.append("|---:|---:|" + "---:|" * (len(THRESHOLD_METHODS) * len(levels)))
    cells = {
        (row["cases_per_event"], row["mean_a_week"], row["threshold_method"], row["level"]): row
        for row in rows
    }
    for events, mean in dict.fromkeys((r["cases_per_event"], r["mean_a_week"]) for r in rows):
        found = [cells[events, mean, m, level] for m in THRESHOLD_METHODS for level in levels]
        told = " | ".join(f"{row['ratio']} ({row['lower']} to {row['upper']})" for row in found)
        lines.append(f"| {mean} | {events} | {told} |")
    return lines


def lines_of(mean: float, cases_per_event: float, series: int) -> Iterator[tuple[object, ...]]:
    """One line for each threshold method and level.

    Parameters
    ----------
    mean : float
        Cases a week.
    cases_per_event : float
        Mean cases of one event; above 1 counts scatter more than Poisson's.
    series : int
        How many are tested.

    Yields
    ------
    tuple
        As ``HEADER``.
    """
    rng = np.random.default_rng(SEED)
    below = {(method, level): 0 for method in THRESHOLD_METHODS for level in LEVELS}
    for _ in range(0, series, SERIES_AT_A_TIME):
        counts = _counts(rng, mean, cases_per_event)
        for method in THRESHOLD_METHODS:
            found = farrington_flexible(
                counts, weeks=[LONGEST_HISTORY_WEEKS], threshold_method=method
            )
            p_values = found.p_value[0, found.observed[0] >= LEAST_CASES]
            for level in LEVELS:
                below[method, level] += int((p_values < level).sum())
    for (method, level), number in below.items():
        limits = crude_rate(number, series * level)
        yield (
            *(mean, cases_per_event, method, level, series, number),
            *(f"{float(value):.2f}" for value in (limits.rate, limits.lower, limits.upper)),
        )


def _counts(rng: np.random.Generator, mean: float, cases_per_event: float) -> np.ndarray:
    week = np.arange(LONGEST_HISTORY_WEEKS + 1)[:, None]
    peak = rng.uniform(0, 52, SERIES_AT_A_TIME)
    season = np.exp(SEASON * np.cos(2 * np.pi * (week - peak) / 52)) / np.i0(SEASON)
    events = rng.poisson(mean * season / cases_per_event)
    return events + rng.poisson((cases_per_event - 1.0) * events)


if __name__ == "__main__":
    sys.exit(main())
