"""Which control of false alarms: what each procedure raises where nothing is, and what it finds.

A synthetic force is watched week after week, each week as of then, by every procedure on the same
p-values. First nothing has risen: in how many of the weeks is a signal raised all the same? Then
one outbreak is added in every week: how many are found, and how many of the signals are false?

    python simulations/false_alarms.py [--weeks 200]

Written: the counts behind every rate in docs/simulations/false_alarms.csv, and tables of the page
of that name.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import betaincinv

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from qorgau.analysis.signals.rises_in_tables import ForceColumns, panel_inputs, stays_in
from qorgau.analysis.unit_cause_hierarchy.ancestry import below_during
from qorgau.analysis.unit_cause_hierarchy.control import (
    FALSE_DISCOVERY_RATE,
    RunTests,
    control_false_alarms,
    events_that_hold,
)
from qorgau.analysis.unit_cause_hierarchy.counts import Series, Stay
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance, UnitCauseTrees, explain
from qorgau.analysis.unit_cause_hierarchy.panel import PanelWeeks, WeeklyPanel, lay_out
from qorgau.analysis.unit_cause_hierarchy.watch import (
    ALPHA,
    LEAST_CASES,
    LONGEST_HISTORY_WEEKS,
    Watch,
    watch,
)
from qorgau.analysis.unit_cause_hierarchy.week import WatchedWeek, exceedances_of, lay_out_tests
from qorgau.methods.false_alarms import (
    StepUpSelection,
    benjamini_hochberg,
    benjamini_yekutieli,
    nest_trees,
    tree_benjamini_hochberg,
)
from simulations.force import FIRST_MONDAY, Force, as_columns, make_force
from tools.page_tables import put_tables, read_rows

HEADER = (
    *("force", "units", "incidents_a_week", "cases_per_event", "outbreak", "weeks", "procedure"),
    *("weeks_with_signal", "signals", "false_signals", "found"),
)
SEED = 20
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "simulations"
COUNTS = FOLDER / "false_alarms.csv"
PAGE = FOLDER / "false_alarms.md"

Held = Callable[[RunTests], np.ndarray]


@dataclass(frozen=True)
class Setting:
    """A force, how its counts scatter, and the cases of the outbreak added in each week."""

    name: str
    units: int
    incidents_a_week: float
    cases_per_event: float = 1.0
    outbreak: int = 0


SETTINGS = (
    Setting("whole force", 5000, 35_700.0),
    Setting("brigade", 60, 60.0),
    Setting("brigade, cases in groups", 60, 60.0, cases_per_event=1.3),
    Setting("brigade", 60, 60.0, outbreak=4),
    Setting("brigade", 60, 60.0, outbreak=6),
    Setting("division", 1000, 1000.0),
    Setting("division", 1000, 1000.0, outbreak=4),
    Setting("division", 1000, 1000.0, outbreak=6),
)
CAUSES = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weeks", type=int, default=200)
    arguments = parser.parse_args()
    with COUNTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for setting in SETTINGS:
            for line in lines_of(setting, arguments.weeks):
                writer.writerow(line)
                print(*line, sep="\t", flush=True)
    put_tables(PAGE, tables_of(read_rows(COUNTS)))
    return 0


def tables_of(rows: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """What the page shows: the quiet weeks, and those with an outbreak."""
    quiet = [row for row in rows if row["outbreak"] == "0"]
    struck = [row for row in rows if row["outbreak"] != "0"]
    return {
        "quiet": _table(quiet, lambda row: row["force"], _share_with_signal),
        "outbreaks": _table(
            struck, lambda row: f"{row['force']}, {row['outbreak']} cases", _found_and_false
        ),
    }


def _table(
    rows: Sequence[dict[str, str]],
    column_of: Callable[[dict[str, str]], str],
    cell_of: Callable[[dict[str, str]], str],
) -> list[str]:
    columns = list(dict.fromkeys(map(column_of, rows)))
    cells = {(row["procedure"], column_of(row)): cell_of(row) for row in rows}
    lines = [f"| procedure | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for name in dict.fromkeys(row["procedure"] for row in rows):
        lines.append(f"| {name} | {' | '.join(cells[name, one] for one in columns)} |")
    return lines


def _share_with_signal(row: dict[str, str]) -> str:
    number, weeks = int(row["weeks_with_signal"]), int(row["weeks"])
    # Exact limits of a share (Clopper and Pearson 1934).
    lower = betaincinv(number, weeks - number + 1, 0.025) if number else 0.0
    upper = betaincinv(number + 1, weeks - number, 0.975) if number < weeks else 1.0
    return f"{100 * number / weeks:.1f}% ({100 * lower:.1f} to {100 * upper:.1f})"


def _found_and_false(row: dict[str, str]) -> str:
    found = int(row["found"]) / int(row["weeks"])
    false = int(row["false_signals"]) / max(int(row["signals"]), 1)
    return f"{found:.0%}; {false:.0%} false"


def lines_of(setting: Setting, weeks: int) -> Iterator[tuple[object, ...]]:
    """Watch a force for so many weeks; one line for each procedure."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in PROCEDURES}
    for outcome in watched_weeks(setting, weeks):
        for name, one in outcome.items():
            outcomes[name].append(one)
    for name, each in outcomes.items():
        yield (
            *(setting.name, setting.units, round(setting.incidents_a_week)),
            *(setting.cases_per_event, setting.outbreak, len(each), name),
            *(sum(one.signals > 0 for one in each), sum(one.signals for one in each)),
            *(sum(one.false_signals for one in each), sum(one.is_found for one in each)),
        )


@dataclass(frozen=True)
class Outcome:
    """Signals of one week by one procedure, and how many have nothing to do with the outbreak."""

    signals: int
    false_signals: int
    is_found: bool


def watched_weeks(setting: Setting, weeks: int) -> Iterator[dict[str, Outcome]]:
    """What every procedure raises, week after week."""
    force = make_force(
        units=setting.units,
        causes=CAUSES,
        incidents_a_week=setting.incidents_a_week,
        seed=SEED,
    )
    drawn = as_columns(
        force,
        LONGEST_HISTORY_WEEKS + weeks,
        seed=SEED + 1,
        cases_per_event=setting.cases_per_event,
    )
    rng = np.random.default_rng(SEED + 2)
    stays = stays_in(drawn)
    for number in range(weeks):
        monday = FIRST_MONDAY.toordinal() + 7 * (LONGEST_HISTORY_WEEKS + number)
        planted = _planted(force, rng) if setting.outbreak else None
        columns = _as_of(drawn, monday, planted, setting.outbreak)
        yield _one_week(columns, stays, number, planted)


def _planted(force: Force, rng: np.random.Generator) -> Series:
    """A unit of the last level and a cause in a branch."""
    unit = rng.integers(force.unit_parents.max() + 1, force.unit_parents.size)
    cause = rng.choice(np.flatnonzero(force.causes.parents >= 0))
    return Series(int(unit), force.causes.names[cause])


def _as_of(drawn: ForceColumns, monday: int, planted: Series | None, cases: int) -> ForceColumns:
    """The history of a week, and the week with its outbreak."""
    is_here = (drawn.day >= monday - 7 * LONGEST_HISTORY_WEEKS) & (drawn.day < monday + 7)
    unit, cause, day = drawn.unit[is_here], drawn.cause[is_here], drawn.day[is_here]
    if planted is not None:
        place = int(np.searchsorted(unit, planted.unit_id + 1))
        at = [place] * cases
        unit = np.insert(unit, at, planted.unit_id)
        cause = np.insert(cause, at, drawn.measures.index[planted.measure])
        day = np.insert(day, at, monday + 6)
    return replace(drawn, unit=unit, cause=cause, day=day, cases=np.ones(unit.size, np.int64))


def _one_week(
    columns: ForceColumns, stays: Sequence[Stay], number: int, planted: Series | None
) -> dict[str, Outcome]:
    weeks = PanelWeeks(
        first_monday=FIRST_MONDAY.fromordinal(FIRST_MONDAY.toordinal() + 7 * number),
        weeks=LONGEST_HISTORY_WEEKS + 1,
        tested=1,
        least_cases=LEAST_CASES,
    )
    panel = lay_out(panel_inputs(columns, stays), weeks)
    found = watch(panel, [LONGEST_HISTORY_WEEKS], alpha=ALPHA, least_cases=LEAST_CASES)
    return _outcomes(panel, found, stays, planted)


def _outcomes(
    panel: WeeklyPanel, found: Watch, stays: Sequence[Stay], planted: Series | None
) -> dict[str, Outcome]:
    monday = panel.mondays[-1].astype(object).toordinal()
    below = below_during(stays, monday, monday + 7)
    week = WatchedWeek(panel, found, 0, below, frozenset(below))
    trees = UnitCauseTrees(below, panel.measures)
    events = explain(exceedances_of(week, goes_on=lambda series: False), trees)
    tests, series = lay_out_tests(week, least_cases=LEAST_CASES)
    outcomes = {}
    for name, holds_of in PROCEDURES.items():
        holds = holds_of(tests)
        holding = {one for one, is_held in zip(series, holds, strict=True) if is_held}
        raised = events_that_hold(events, holding)
        outcomes[name] = _judged(raised, planted, trees)
    return outcomes


def _judged(
    raised: Sequence[tuple[Exceedance, Sequence[Exceedance]]],
    planted: Series | None,
    trees: UnitCauseTrees,
) -> Outcome:
    if planted is None:
        return Outcome(len(raised), len(raised), False)
    false = sum(not trees.share_cases(one.series, planted) for one, _explained in raised)
    found = any(
        planted in {one.series, *(other.series for other in explained)} for one, explained in raised
    )
    return Outcome(len(raised), false, found)


def _flat(step_up: Callable[..., StepUpSelection]) -> Held:
    """Every pair of a unit and a cause counts, and the trees are not used."""

    def holds(tests: RunTests) -> np.ndarray:
        p_values = np.ones(int((tests.weeks > 0).sum()) * tests.measure_parents.size)
        p_values[: tests.p_values.size] = tests.p_values
        found = step_up(p_values, false_discovery_rate=FALSE_DISCOVERY_RATE)
        return found.is_selected[: tests.p_values.size]

    return holds


def _whole_tree(tests: RunTests) -> np.ndarray:
    """The tree of all pairs, those that can hardly rise included."""
    shape = tests.cases.shape
    units, measures = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    parents, leaves = nest_trees(
        units, measures, outer_parents=tests.unit_parents, inner_parents=tests.measure_parents
    )
    p_values = np.full(parents.size, np.nan)
    p_values[leaves] = 1.0
    reached = leaves[tests.units * shape[1] + tests.measures]
    p_values[reached] = tests.p_values
    found = tree_benjamini_hochberg(
        p_values, parents, false_discovery_rate=FALSE_DISCOVERY_RATE,
        within_families="benjamini_yekutieli",
    )  # fmt: skip
    return found.is_selected[reached]


PROCEDURES: dict[str, Held] = {
    "none (each series at its own bound)": lambda tests: tests.p_values < ALPHA,
    "Benjamini-Hochberg, flat": _flat(benjamini_hochberg),
    "Benjamini-Yekutieli, flat": _flat(benjamini_yekutieli),
    "tree, all pairs": _whole_tree,
    "tree, counted pairs, Benjamini-Hochberg": lambda tests: (
        control_false_alarms(
            tests, least_cases=LEAST_CASES, within_families="benjamini_hochberg"
        ).holds
    ),
    "tree, counted pairs (chosen)": lambda tests: (
        control_false_alarms(tests, least_cases=LEAST_CASES).holds
    ),
}


if __name__ == "__main__":
    sys.exit(main())
