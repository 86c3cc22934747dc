"""What each detection method finds, and how often it cries wolf, in the 42 scenarios of 2013.

    python simulations/outbreak_scenarios.py [--replicates 100] [--seed 2013] [--only METHOD ...]
        [--package FOLDER]

Every method runs in both modes over the same simulated series. Written: the counts behind every
rate in docs/simulations/outbreak_scenarios.csv, the tables of the page of that name, and its chart.
With --only, the rows of other methods and the published rates are kept as they are. With --package,
alarms that the R package gave on the same series (see scenarios/package.py) are compared week by
week; without it the last comparison is kept, because the package needs hours.
"""

from __future__ import annotations

import os

# Before NumPy is loaded: its products would fight with the pool over blocks for the same cores.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulations.scenarios.comparison import (
    compare_with_package,
    read_comparisons,
    write_comparisons,
)
from simulations.scenarios.methods import METHODS
from simulations.scenarios.outcomes import Outcome, outcomes_of, read_outcomes, write_outcomes
from simulations.scenarios.picture import draw
from simulations.scenarios.published import rates_beside_published
from simulations.scenarios.report import (
    method_table,
    package_table,
    published_table,
    scenario_table,
)
from simulations.scenarios.series import SCENARIOS
from simulations.scenarios.trials import SEED
from tools.page_tables import put_tables

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "simulations"
PAGE = FOLDER / "outbreak_scenarios.md"
OUTCOMES = FOLDER / "outbreak_scenarios.csv"
COMPARISONS = FOLDER / "outbreak_scenarios_in_r.csv"
PICTURE = ROOT / "docs" / "pictures" / "outbreak_scenarios.svg"
REPLICATES = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="*", choices=METHODS, default=list(METHODS))
    parser.add_argument("--package", type=Path)
    arguments = parser.parse_args()
    outcomes = run_methods(arguments.only, arguments.replicates, arguments.seed)
    write_outcomes(OUTCOMES, outcomes)
    draw(outcomes, PICTURE)
    tables = {"methods": method_table(outcomes), "scenarios": scenario_table(outcomes)}
    if arguments.package:
        comparisons = compare_with_package(arguments.package, seed=arguments.seed)
        write_comparisons(COMPARISONS, comparisons)
    tables["package"] = package_table(read_comparisons(COMPARISONS))
    if len(arguments.only) == len(METHODS):
        rates = rates_beside_published(arguments.replicates, seed=arguments.seed)
        tables["published"] = published_table(rates)
    put_tables(PAGE, tables)
    print("\n".join(line for lines in tables.values() for line in (*lines, "")))
    return 0


def run_methods(methods: list[str], replicates: int, seed: int) -> list[Outcome]:
    """Rows of all methods: of these run now over all scenarios, of the others as they were."""
    kept = [row for row in read_outcomes(OUTCOMES) if row.method not in methods]
    found = []
    for scenario in SCENARIOS if methods else ():
        found += outcomes_of(scenario.number, range(1, replicates + 1), seed=seed, methods=methods)
        print(f"scenario {scenario.number} of {len(SCENARIOS)}", file=sys.stderr, flush=True)
    order = list(METHODS)
    rows = [row for row in kept if row.method in order] + found
    return sorted(rows, key=lambda row: (row.scenario, order.index(row.method), row.mode))


if __name__ == "__main__":
    sys.exit(main())
