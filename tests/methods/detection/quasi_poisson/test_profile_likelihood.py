"""The maximum of the quasi-Poisson likelihood against its equations."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.detection.baselines.baseline_weeks import find_baseline
from qorgau.methods.detection.quasi_poisson.profile_likelihood import fit_profile
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.week_weights import WeekWeights
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts

BASELINE = find_baseline(329, years=5, half_window=3, periods=10, past_weeks_not_included=26)


@pytest.mark.parametrize("has_population", [False, True])
def test_the_profile_fit_solves_the_likelihood_equations(has_population):
    rng = np.random.default_rng(11)
    design = Design.of(BASELINE)
    counts = rng.poisson(0.4, (BASELINE.rows.size, 40)).astype(float)
    is_used = rng.random(counts.shape) > 0.05
    exposure = rng.uniform(100, 900, counts.shape) if has_population else None
    weights = WeekWeights.of_used(design, is_used, 40)
    listed = WeekWeights(
        design, weights.row, weights.series, rng.random(weights.row.size), weights.scale
    )
    series = WeightedCounts(counts, exposure, listed)
    fit = fit_profile(series, has_trend=True)
    mean = np.exp(design.linear @ np.vstack([fit.level, fit.slope]))
    if has_population:
        mean *= exposure
    residual = listed.dense() * (counts - mean)
    assert fit.converged.all()
    assert_allclose(design.block_sums(residual), 0.0, atol=1e-9)
    assert_allclose(design.time @ residual, 0.0, atol=1e-6)
    assert_allclose(fit.residual_df, BASELINE.rows.size - 11)
