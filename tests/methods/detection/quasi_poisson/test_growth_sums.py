"""Sums over season blocks against sums over their weeks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.detection.baselines.baseline_weeks import find_baseline
from qorgau.methods.detection.quasi_poisson.growth_sums import growth_sums
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.week_weights import WeekWeights

BASELINE = find_baseline(329, years=5, half_window=3, periods=10, past_weeks_not_included=26)


@pytest.mark.parametrize("slope", [-60.0, -1.9, 0.0, 0.3, 2.1, 60.0])
def test_sums_of_growth_are_those_of_the_weeks(slope):
    rng = np.random.default_rng(12)
    design = Design.of(BASELINE)
    weight = np.where(rng.random((design.time.size, 3)) < 0.1, rng.random(3), 1.0)
    weight[design.block == 2, 1] = 0.0
    row, series = np.nonzero(weight != 1)
    weights = WeekWeights(design, row, series, weight[row, series], np.ones(3))
    growth = weight * np.exp(slope * design.scaled_time)[:, None]
    by_hand = [design.block_sums(growth * design.scaled_time[:, None] ** k) for k in range(3)]
    found = growth_sums(None, weights).at(np.full(3, slope))
    assert_allclose(found, by_hand, rtol=1e-11, atol=1e-12)
    exposed = growth_sums(np.ones(weight.shape), weights).at(np.full(3, slope))
    assert_allclose(exposed, by_hand, rtol=1e-11, atol=1e-12)
