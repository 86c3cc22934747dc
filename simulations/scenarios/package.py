"""The R package surveillance on the same series, as a black box: run once, kept in a folder.

    python -m simulations.scenarios.package FOLDER --replicates 8 --quick-replicates 100

It takes hours, most of them for the Farrington methods, which are therefore given fewer replicates,
and of series with an outbreak only its weeks. A folder begun is gone on with.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from pathlib import Path

from simulations.scenarios.series import SCENARIOS
from simulations.scenarios.trials import CURRENT_SIZES, SEED, SHOWN_TESTED, Trials, draw_trials

R_SCRIPT = Path(__file__).with_name("surveillance.R")
SLOW = ("flexible-nb-plugin", "flexible-muan", "flexible-delta", "farrington-1996",
        "flexible-nb-plugin-5-in-4")  # fmt: skip
QUICK = ("ears-c1", "ears-c2", "ears-c3", "cusum-mean", "cusum-glm")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--replicates", type=int, default=8)
    parser.add_argument("--quick-replicates", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for methods, replicates in ((SLOW, arguments.replicates), (QUICK, arguments.quick_replicates)):
        for replicate in range(1, replicates + 1):
            for method in methods:
                run_package(arguments.folder, replicate, method, seed=arguments.seed)
    return 0


def run_package(folder: Path, replicate: int, method: str, *, seed: int) -> None:
    """Leave the alarms of one method in one replicate of all scenarios in ``folder``."""
    alarms = alarms_file(folder, replicate, method)
    if alarms.exists():
        return
    series = folder / f"series-{method}.csv"
    unfinished = alarms.with_suffix(".part")
    write_series(series, replicate, only_outbreaks=method in SLOW, seed=seed)
    subprocess.run(["Rscript", R_SCRIPT, series, unfinished, method], check=True)
    unfinished.rename(alarms)


def alarms_file(folder: Path, replicate: int, method: str) -> Path:
    return folder / f"alarms-{method}-{replicate:03}.csv"


def write_series(path: Path, replicate: int, *, only_outbreaks: bool, seed: int) -> None:
    """One row a series: its name, the first and last week to test (1-based), its counts."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "first", "last", *(f"w{n + 1}" for n in range(SHOWN_TESTED.stop))])
        for scenario in SCENARIOS:
            trials = draw_trials(scenario, [replicate], seed=seed)
            for place, size in enumerate(CURRENT_SIZES):
                first, last = weeks_given(trials, place, only_outbreaks)
                if last >= first:
                    weeks = [SHOWN_TESTED.start + week + 1 for week in (first, last)]
                    counts = trials.counts[:, 0, place]
                    writer.writerow([f"{scenario.number}-{size}", *weeks, *counts])


def weeks_given(trials: Trials, place: int, only_outbreaks: bool) -> tuple[int, int]:
    """First and last tested week, from 0, that the package is asked about."""
    if place == 0 or not only_outbreaks:
        return 0, len(SHOWN_TESTED) - 1
    first, last = int(trials.first[0, place]), int(trials.last[0, place])
    return (first, last) if first >= 0 else (0, -1)


def read_alarms(folder: Path, replicate: int, method: str) -> dict[str, str] | None:
    """Alarms of every series by name, a letter for each week asked about; None if never run."""
    path = alarms_file(folder, replicate, method)
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        return {row["name"]: row["alarms"] for row in csv.DictReader(file)}


if __name__ == "__main__":
    sys.exit(main())
