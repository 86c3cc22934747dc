"""The 42 scenarios are those of the table, and their counts what they are said to be."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from simulations.scenarios.series import HISTORY, SCENARIOS, TESTED, simulated_series


def test_the_scenarios_are_those_of_the_reference_table(shared_data: Path) -> None:
    table = shared_data.parent / "reference" / "noufaily2013_scenarios_42.csv"
    with table.open(encoding="utf-8") as file:
        rows = [[float(cell) for cell in row.values()] for row in csv.DictReader(file)]
    ours = [
        [s.number, s.theta, s.phi, s.beta, s.gamma1, s.gamma2, s.waves, float(s.beta > 0)]
        for s in SCENARIOS
    ]
    assert ours == rows


@pytest.mark.parametrize("number", [8, 17, 26, 37])
def test_counts_have_the_mean_and_variance_of_their_scenario(number: int) -> None:
    scenario = SCENARIOS[number - 1]
    counts = np.array([simulated_series(scenario, n, seed=1).quiet for n in range(1, 301)])
    tested, mean = counts[:, TESTED.start :], scenario.mean()[TESTED.start :]
    assert tested.mean() == pytest.approx(mean.mean(), rel=0.05)
    assert ((tested - mean) ** 2).mean() / mean.mean() == pytest.approx(scenario.phi, rel=0.1)
    assert counts[:, HISTORY.start : HISTORY.stop].mean() > scenario.mean()[HISTORY].mean()
