"""Detection compared with the R package surveillance: same series, results, core and run.

Both get simulated series of 624 weeks. R tests a part of them, one series after another, and is
compared per series-week; Qorgau tests all of them in one call. Both run on one core in turns and
are measured by processor time, because other work may share the machine. It prints: series-weeks
per second and their ratio, whether the results agree, how the time grows with series and weeks, and
how far it is from what the machine's arithmetic would allow.

    python benchmarks/detection_against_r.py [--rounds 3] [--series 1000]
"""

from __future__ import annotations

import os

# Before NumPy is loaded, so that matrix products do not use a second core.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.detection.arithmetic import (
    least_seconds,
    least_seconds_of_cusum,
    least_seconds_of_ears,
    measured_pace,
)
from qorgau.methods.detection import DetectionResult, cusum, ears, farrington_flexible, nb_glr
from simulations.scenarios.series import WEEKS, simulated_panel

ROOT = Path(__file__).resolve().parents[1]
R_SCRIPT = ROOT / "benchmarks" / "detection" / "surveillance.R"
SERIES_FOR_R = 40
YEAR = range(WEEKS - 52, WEEKS)
NEWEST = [WEEKS - 1]
SEED = 2013
LEAST_SECONDS = 0.3
NO_R = (
    "There is no R with the package surveillance here, so only Qorgau is timed. On Debian and "
    "Ubuntu: apt-get install r-cran-surveillance. Elsewhere, in R: "
    'install.packages("surveillance").'
)

Run = Callable[[np.ndarray, str], DetectionResult]
TASKS: dict[str, tuple[str, Run, int]] = {
    "farrington_newest": (
        "farrington_flexible x 1 week",
        lambda y, mode: farrington_flexible(y, weeks=NEWEST, mode=mode, threads=1),
        1,
    ),
    "farrington_year": (
        "farrington_flexible x 52 weeks",
        lambda y, mode: farrington_flexible(y, weeks=YEAR, mode=mode, threads=1),
        52,
    ),
    "ears": ("ears C1 x 52 weeks", lambda y, mode: ears(y, weeks=YEAR, mode=mode), 52),
    "cusum": ("cusum x 52 weeks", lambda y, mode: cusum(y, weeks=YEAR, mode=mode), 52),
    "nb_glr": ("nb_glr x 52 weeks", lambda y, mode: nb_glr(y, weeks=YEAR, mode=mode), 52),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", type=int, default=1000)
    arguments = parser.parse_args()
    panel = simulated_panel(arguments.series, seed=SEED)
    chosen = np.linspace(0, arguments.series - 1, SERIES_FOR_R).astype(int)
    with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder:
        has_r = find_r()
        print(f"{arguments.series} series of {WEEKS} weeks; series-weeks per second of one core")
        print(has_r or NO_R)
        speeds = measured_in_turns(panel, chosen, Path(folder), arguments.rounds, bool(has_r))
        print_speeds(speeds)
        is_good = not has_r or print_agreement(panel[:, chosen], Path(folder))
    print_growth(panel)
    print_limit(speeds)
    return 0 if is_good else 1


def find_r() -> str:
    """The versions of R and its package, or nothing."""
    if shutil.which("Rscript") is None:
        return ""
    ask = 'cat(R.version.string, ", surveillance ", format(packageVersion("surveillance")), sep="")'
    answer = subprocess.run(["Rscript", "-e", ask], capture_output=True, text=True, check=False)
    return answer.stdout if answer.returncode == 0 else ""


def measured_in_turns(
    panel: np.ndarray, chosen: np.ndarray, folder: Path, rounds: int, has_r: bool
) -> dict[str, dict[str, list[float]]]:
    """Series-weeks per second of each task, in R and in both modes of Qorgau."""
    speeds: dict[str, dict[str, list[float]]] = {
        task: {"R": [], "corrected": [], "reference": []} for task in TASKS
    }
    np.savetxt(folder / "counts.csv", panel[:, chosen], fmt="%d", delimiter=",",
               header=",".join(f"s{n}" for n in chosen), comments="")  # fmt: skip
    for _ in range(rounds):
        if has_r:
            for task, cells, seconds in run_r(folder):
                speeds[task]["R"].append(cells / seconds)
        for task, (_, run, weeks) in TASKS.items():
            for mode in ("corrected", "reference"):
                for _ in range(2):
                    spent = seconds_of(lambda run=run, mode=mode: run(panel, mode))
                    speeds[task][mode].append(panel.shape[1] * weeks / spent)
    return speeds


def run_r(folder: Path) -> list[tuple[str, float, float]]:
    """Run every task in R and return the times by task."""
    command = ["Rscript", str(R_SCRIPT), "counts.csv", "results.csv", "times.csv"]
    subprocess.run([*command, str(YEAR.start + 1), str(WEEKS)], cwd=folder, check=True)
    with (folder / "times.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(row["task"], float(row["cells"]), float(row["seconds"])) for row in rows]


def seconds_of(run: Callable[[], object]) -> float:
    """Processor time of one run of this thread; other programs hardly affect it.

    As in R, fast tasks are repeated, so that neither depends on what ran before.
    """
    runs, began = 0, time.thread_time()
    while (spent := time.thread_time() - began) < LEAST_SECONDS or not runs:
        run()
        runs += 1
    return spent / runs


def print_speeds(speeds: dict[str, dict[str, list[float]]]) -> None:
    print(f"\n{'':32}{'R':>9}{'corrected':>13}{'x R':>8}{'(range)':>15}{'reference':>13}{'x R':>8}")
    for task, (title, _, _) in TASKS.items():
        of_r, corrected, reference = (speeds[task][k] for k in ("R", "corrected", "reference"))
        line = f"{title:32}{median(of_r) if of_r else float('nan'):9.0f}{median(corrected):13.0f}"
        if of_r:
            low, high = (limit(corrected) / median(of_r) for limit in (min, max))
            line += f"{median(corrected) / median(of_r):8.0f}{f'({low:.0f}-{high:.0f})':>15}"
            line += f"{median(reference):13.0f}{median(reference) / median(of_r):8.0f}"
        else:
            line += f"{'':23}{median(reference):13.0f}"
        print(line)
    print("Medians; the range is that of single runs of Qorgau over R's median.\n")


def print_agreement(part: np.ndarray, folder: Path) -> bool:
    """Compare bounds and alarms of the reference mode with those of the last run in R."""
    with (folder / "results.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    is_good = True
    for task, (title, run, _) in TASKS.items():
        mine = [row for row in rows if row["task"] == task]
        place = np.array([[int(row["week"]) - 1, int(row["series"]) - 1] for row in mine]).T
        bound = np.array([float(row["upper_bound"].replace("NA", "nan")) for row in mine])
        alarm = np.array([row["alarm"] == "1" for row in mine])
        result = run(part, "reference")
        ours = result.upper_bound[tuple(place)]
        is_number = np.isfinite(bound)
        size = np.where(bound != 0, np.abs(bound), 1.0)
        differs = (np.abs(ours - bound) / size)[is_number].max(initial=0.0)
        alarms = int((result.alarm[tuple(place)] != alarm).sum())
        is_same = differs < 1e-6 and alarms == 0 and not np.isfinite(ours[~is_number]).any()
        is_good &= is_same
        print(
            f"{title:32}{bound.size:6} series-weeks compared: bounds differ by {differs:.0e} at "
            f"most, {alarms} alarms differ{'' if is_same else '  NOT THE SAME'}"
        )
    return is_good


def print_growth(panel: np.ndarray) -> None:
    """Exponents of the time by series and by weeks; 1 is linear."""
    _, newest, _ = TASKS["farrington_newest"]
    wide = np.tile(panel, (1, 8))
    sizes = [panel.shape[1] * factor for factor in (1, 2, 4, 8)]
    by_series = [
        min(seconds_of(lambda n=n: newest(wide[:, :n].copy(), "corrected")) for _ in range(3))
        for n in sizes
    ]
    counts = [13, 26, 52, 104]
    by_weeks = [
        min(
            seconds_of(
                lambda n=n: farrington_flexible(panel, weeks=range(WEEKS - n, WEEKS), threads=1)
            )
            for _ in range(2)
        )
        for n in counts
    ]
    for name, work, spent in (("series", sizes, by_series), ("weeks", counts, by_weeks)):
        exponent = np.polyfit(np.log(work), np.log(spent), 1)[0]
        print(f"Time grows with the {name} to the power {exponent:.2f} ({work[0]} to {work[-1]}).")


def print_limit(speeds: dict[str, dict[str, list[float]]]) -> None:
    """Time of one series-week divided by the time of its arithmetic alone."""
    pace = measured_pace()
    print(
        f"This core: {2e-9 / 2 / pace.product:.0f} GFlop/s in products; {pace.simple * 1e9:.2f}, "
        f"{pace.division * 1e9:.2f} and {pace.exponential * 1e9:.2f} ns for a multiplication, a "
        "division and an exponential. Arithmetic alone for a series-week:"
    )
    for task, least in (
        ("farrington_year", least_seconds(pace)),
        ("ears", least_seconds_of_ears(pace)),
        ("cusum", least_seconds_of_cusum(pace)),
    ):
        ours = 1 / median(speeds[task]["corrected"])
        line = f"{TASKS[task][0]:32}{least * 1e9:8.0f} ns; measured {ours * 1e9:.0f} ns, "
        line += f"{ours / least:.1f} times that"
        if of_r := speeds[task]["R"]:
            line += f"; {1 / least / median(of_r):.0f} x R would be the end"
        print(line + ".")


if __name__ == "__main__":
    sys.exit(main())
