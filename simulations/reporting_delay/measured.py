"""How often the limits of corrected weeks hold, and how far the corrected counts are off.

    python -m simulations.reporting_delay.measured --replicates 1000 --write

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
    WEEK,
    DelayedList,
    Setting,
    draw_list,
)

SEED = 1994
AGES = 4
PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulations" / "reporting_delay.md"
R_SCRIPT = Path(__file__).with_name("nowcast.R")


@dataclass(frozen=True, eq=False)
class Corrected:
    """Newest weeks of many lists, arrays of shape ``(lists, AGES)``, the newest week first."""

    true: np.ndarray
    reported: np.ndarray
    share: np.ndarray
    corrected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def corrected_lists(setting: Setting, replicates: Iterable[int], *, seed: int = SEED) -> Corrected:
    """Draw lists of a setting and correct their newest weeks."""
    rows = []
    for replicate in replicates:
        drawn = draw_list(setting, replicate, seed=seed)
        weeks = drawn.last_week - np.arange(AGES)
        own = drawn.occurred[drawn.is_of_series]
        length = setting.longest_delay + 1
        is_known = drawn.reported[drawn.is_of_series] <= drawn.last_week
        so_far = [
            int((own[is_known] == week).sum())
            for week in range(drawn.last_week - length + 1, drawn.last_week + 1)
        ]
        found = correct_for_delay(
            drawn.occurred,
            drawn.reported,
            as_of=drawn.last_week,
            so_far=so_far,
            longest_delay=setting.longest_delay,
        )
        columns = (found.reported, found.share_reported, found.expected, found.lower, found.upper)
        true = [float((own == week).sum()) for week in weeks]
        rows.append([true, *(one[::-1][:AGES] for one in columns)])
    return Corrected(*np.array(rows).transpose(1, 0, 2))


def package_lists(setting: Setting, replicates: Sequence[int], *, seed: int = SEED) -> Corrected:
    """The same by the R package; only where all cases are of the series."""
    ours = corrected_lists(setting, replicates, seed=seed)
    with tempfile.TemporaryDirectory(prefix="qorgau-delay-") as folder:
        lists, out = Path(folder) / "lists.csv", Path(folder) / "out.csv"
        with lists.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["list", "longest", "now", "occurred", "reported"])
            for replicate in replicates:
                drawn = draw_list(setting, replicate, seed=seed)
                writer.writerows(_known_rows(drawn, replicate, setting.longest_delay))
        subprocess.run(["Rscript", R_SCRIPT, lists, out], check=True)
        with out.open(encoding="utf-8") as file:
            told = {(int(row["list"]), int(row["age"])): row for row in csv.DictReader(file)}
    columns = {
        name: np.array(
            [[_number(told[one, age][name]) for age in range(AGES)] for one in replicates]
        )
        for name in ("share", "corrected", "lower", "upper")
    }
    return Corrected(ours.true, ours.reported, **columns)


def _number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)


def _known_rows(drawn: DelayedList, number: int, longest: int) -> list[list[object]]:
    """What was known by the last week, of the two years before it, as the Mondays of its weeks."""
    is_known = (drawn.reported <= drawn.last_week) & (drawn.occurred > drawn.last_week - 104)
    now = FIRST_DAY + WEEK * drawn.last_week
    occurred = FIRST_DAY + WEEK * drawn.occurred[is_known]
    reported = FIRST_DAY + WEEK * drawn.reported[is_known]
    return [[number, longest, now, *pair] for pair in zip(occurred, reported, strict=True)]


def table_rows(name: str, by: str, found: Corrected) -> list[str]:
    """A line for each of the newest weeks: share reported, bias, coverage and width of limits."""
    lines = []
    for age in range(AGES):
        true, corrected = found.true[:, age], found.corrected[:, age]
        is_told = ~np.isnan(found.lower[:, age])
        lower, upper = found.lower[is_told, age], found.upper[is_told, age]
        covered = (lower <= true[is_told]) & (true[is_told] <= upper)
        lines.append(
            f"| {name} | {age} | {by} | {found.reported[:, age].sum() / true.sum():.1%} "
            f"| {np.nansum(corrected) / true[~np.isnan(corrected)].sum() - 1:+.1%} "
            f"| {covered.mean():.1%} | {(upper - lower).mean() / true.mean():.2f} |"
        )
    return lines


def measured(replicates: int, package_replicates: int) -> list[str]:
    """The lines of the page's table, and what the two say differently on the same lists."""
    lines = [
        "| lists | week | by | reported | bias | limits hold | width |",
        "|---|---:|---|---:|---:|---:|---:|",
    ]
    differences = []
    has_package = package_replicates and shutil.which("Rscript")
    for setting in SETTINGS:
        ours = corrected_lists(setting, range(replicates))
        lines += table_rows(setting.name, "Qorgau", ours)
        if has_package and "unit" not in setting.name:
            theirs = package_lists(setting, range(package_replicates))
            lines += table_rows(setting.name, f"R, first {package_replicates}", theirs)
            same = np.abs(theirs.share / ours.share[:package_replicates] - 1)
            off = np.abs(theirs.corrected - ours.corrected[:package_replicates])
            differences.append(
                f"{setting.name}: shares differ by at most {np.nanmax(same):.1e} relative, "
                f"corrected counts by at most {np.nanmax(off):.2f} cases (R rounds to whole ones)."
            )
    return [*lines, "", *(f"- {line}" for line in differences)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--package-replicates", type=int, default=300)
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
