"""The simulation runs, and the committed table is what its seed gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulations.outbreak_scenarios import COMPARISONS, OUTCOMES, REPLICATES
from simulations.scenarios.comparison import read_comparisons
from simulations.scenarios.methods import METHODS
from simulations.scenarios.outcomes import (
    outcomes_of,
    pooled,
    read_outcomes,
    write_outcomes,
)
from simulations.scenarios.series import SCENARIOS
from simulations.scenarios.trials import SEED, draw_trials


def test_the_simulation_runs_from_end_to_end(tmp_path: Path) -> None:
    outcomes = [row for number in (8, 35) for row in outcomes_of(number, [1, 2], seed=3)]
    write_outcomes(tmp_path / "outcomes.csv", outcomes)
    assert read_outcomes(tmp_path / "outcomes.csv") == outcomes
    assert {row.method for row in outcomes} == set(METHODS)
    total = pooled(row for row in outcomes if row.method == "flexible-delta")
    assert total.weeks == 2 * sum(49 for mode in METHODS["flexible-delta"].modes for _ in (8, 35))


def test_the_committed_table_is_what_the_seed_gives() -> None:
    """Whole rows, of methods that are quick."""
    methods = ["ears-c1", "ears-c3", "cusum-mean"]
    drawn = outcomes_of(7, range(1, REPLICATES + 1), seed=SEED, methods=methods)
    assert len(drawn) == 6
    assert all(row in read_outcomes(OUTCOMES) for row in drawn)


@pytest.mark.parametrize("name", METHODS)
def test_committed_false_alarms_are_what_the_seed_gives(name: str) -> None:
    """Of every method, from the series without a current outbreak alone."""
    method, number = METHODS[name], 22
    trials = draw_trials(SCENARIOS[number - 1], range(1, REPLICATES + 1), seed=SEED)
    quiet = trials.counts[:, :, 0].astype(float)
    committed = {
        row.mode: row.false_alarms
        for row in read_outcomes(OUTCOMES)
        if (row.scenario, row.method) == (number, name)
    }
    assert committed == {mode: method.run(quiet, mode).alarm.sum() for mode in method.modes}


def test_the_committed_table_has_every_scenario_method_and_mode() -> None:
    places = [(row.scenario, row.method, row.mode) for row in read_outcomes(OUTCOMES)]
    assert sorted(places) == sorted(
        (scenario.number, name, mode)
        for scenario in SCENARIOS
        for name, method in METHODS.items()
        for mode in method.modes
    )


def test_reference_mode_alarmed_in_the_weeks_in_which_the_package_did() -> None:
    comparisons = read_comparisons(COMPARISONS)
    assert {row.scenario for row in comparisons} == {scenario.number for scenario in SCENARIOS}
    assert all(row.compared >= row.weeks > 0 for row in comparisons)
    assert [row for row in comparisons if row.differing] == []
