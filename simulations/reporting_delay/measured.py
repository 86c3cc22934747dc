"""How often the limits of corrected weeks hold, and how far the corrected counts are off.

    python -m simulations.reporting_delay.measured --write

Line lists with a known delay law are seen at the end of a Sunday, corrected, and compared with what
the weeks came to. Where R with the package surveillance is installed its `nowcast` (method
"lawless") is run on the first of the same lists, as a black box, and stands beside.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qorgau.methods.reporting_delay import correct_for_delay
from simulations.reporting_delay.lists import (
    FIRST_DAY,
    SETTINGS,
    DelayedList,
    Setting,
    draw_list,
)

SEED = 1994
# Lists that a test draws again.
FEW = 40
PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulations" / "reporting_delay.md"
R_SCRIPT = Path(__file__).with_name("nowcast.R")


@dataclass(frozen=True, eq=False)
class Corrected:
    """Newest steps of many lists, arrays of shape ``(lists, steps shown)``."""

    true: np.ndarray
    reported: np.ndarray
    share: np.ndarray
    corrected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def corrected_lists(setting: Setting, replicates: Iterable[int], *, seed: int = SEED) -> Corrected:
    """Draw lists of a setting and correct their newest steps."""
    rows = []
    for replicate in replicates:
        drawn = draw_list(setting, replicate, seed=seed)
        shown = np.array(setting.shown)
        own = drawn.occurred[drawn.is_of_series]
        length = setting.longest_delay + 1
        is_known = drawn.reported[drawn.is_of_series] <= drawn.last
        so_far = [
            int((own[is_known] == step).sum())
            for step in range(drawn.last - length + 1, drawn.last + 1)
        ]
        found = correct_for_delay(
            drawn.occurred,
            drawn.reported,
            as_of=drawn.last,
            so_far=so_far,
            longest_delay=setting.longest_delay,
        )
        columns = (found.reported, found.share_reported, found.expected, found.lower, found.upper)
        true = [float((own == step).sum()) for step in drawn.last - shown]
        rows.append([true, *(one[::-1][shown] for one in columns)])
    return Corrected(*np.array(rows).transpose(1, 0, 2))


def package_lists(setting: Setting, replicates: Sequence[int], *, seed: int = SEED) -> Corrected:
    """The same by the R package; only where all cases are of the series."""
    ours = corrected_lists(setting, replicates, seed=seed)
    with tempfile.TemporaryDirectory(prefix="qorgau-delay-") as folder:
        lists, out = Path(folder) / "lists.csv", Path(folder) / "out.csv"
        with lists.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["list", "step", "longest", "now", "occurred", "reported"])
            for replicate in replicates:
                drawn = draw_list(setting, replicate, seed=seed)
                writer.writerows(_known_rows(drawn, replicate, setting))
        subprocess.run(["Rscript", R_SCRIPT, lists, out], check=True)
        with out.open(encoding="utf-8") as file:
            told = {(int(row["list"]), int(row["age"])): row for row in csv.DictReader(file)}
    columns = {
        name: np.array(
            [[_number(told[one, age][name]) for age in setting.shown] for one in replicates]
        )
        for name in ("share", "corrected", "lower", "upper")
    }
    return Corrected(ours.true, ours.reported, **columns)


def _number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)


def _known_rows(drawn: DelayedList, number: int, setting: Setting) -> list[list[object]]:
    """What was known in the end, of the 104 steps before it, as the first days of its steps."""
    step = setting.step_days
    is_known = (drawn.reported <= drawn.last) & (drawn.occurred > drawn.last - 104)
    now = FIRST_DAY + step * drawn.last
    occurred = FIRST_DAY + step * drawn.occurred[is_known]
    reported = FIRST_DAY + step * drawn.reported[is_known]
    pairs = zip(occurred, reported, strict=True)
    return [[number, step, setting.longest_delay, now, *pair] for pair in pairs]


def table_rows(setting: Setting, by: str, found: Corrected) -> list[str]:
    """A line for each of the newest steps: share reported, bias, coverage and width of limits."""
    lines = []
    for place, age in enumerate(setting.shown):
        true, corrected = found.true[:, place], found.corrected[:, place]
        is_told = ~np.isnan(found.lower[:, place])
        lower, upper = found.lower[is_told, place], found.upper[is_told, place]
        covered = (lower <= true[is_told]) & (true[is_told] <= upper)
        lines.append(
            f"| {setting.name} | {age} | {by} | {found.reported[:, place].sum() / true.sum():.1%} "
            f"| {np.nansum(corrected) / true[~np.isnan(corrected)].sum() - 1:+.1%} "
            f"| {covered.mean():.1%} | {(upper - lower).mean() / true.mean():.2f} |"
        )
    return lines


HEADER = [
    "| lists | step | by | reported | bias | limits hold | width |",
    "|---|---:|---|---:|---:|---:|---:|",
]


def first_rows(setting: Setting) -> list[str]:
    """The lines of few lists, which a test draws again."""
    return table_rows(setting, f"Qorgau, first {FEW}", corrected_lists(setting, range(FEW)))


def measured(replicates: int, package_replicates: int) -> list[str]:
    """The lines of the page's tables, and what the two say differently on the same lists."""
    lines = list(HEADER)
    differences = []
    has_package = package_replicates and shutil.which("Rscript")
    for setting in SETTINGS:
        ours = corrected_lists(setting, range(replicates))
        lines += table_rows(setting, "Qorgau", ours)
        if has_package and "unit" not in setting.name:
            theirs = package_lists(setting, range(package_replicates))
            lines += table_rows(setting, f"R, first {package_replicates}", theirs)
            same = np.abs(theirs.share / ours.share[:package_replicates] - 1)
            off = np.abs(theirs.corrected - ours.corrected[:package_replicates])
            differences.append(
                f"- {setting.name}: shares differ by at most {np.nanmax(same):.1e} relative, "
                f"corrected counts by at most {np.nanmax(off):.2f} cases (R rounds to whole ones)."
            )
    few = [line for setting in SETTINGS for line in first_rows(setting)]
    return [*lines, "", *differences, "", f"The first {FEW} of each:", "", *HEADER, *few]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=300)
    parser.add_argument("--package-replicates", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="Put the table into the page.")
    arguments = parser.parse_args()
    lines = measured(arguments.replicates, arguments.package_replicates)
    print("\n".join(lines))
    if arguments.write:
        before, rest = PAGE.read_text(encoding="utf-8").split("<!-- measured -->\n")
        after = rest.partition("<!-- end -->")[2]
        text = "\n".join([f"{before}<!-- measured -->", *lines, f"<!-- end -->{after}"])
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
