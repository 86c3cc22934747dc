"""Reference mode gives the numbers of the R package, in every step."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import stdtr

from qorgau.methods.detection import farrington_flexible
from qorgau.methods.detection.baselines.baseline_weeks import find_baseline
from qorgau.methods.detection.quasi_poisson.reference.fit_by_week import (
    outbreak_weights,
    pearson_dispersion,
    squared_relative_residuals,
)
from qorgau.methods.detection.quasi_poisson.reference.irls_by_week import fit_irls
from qorgau.methods.detection.quasi_poisson.season_design import Design
from tests.methods.detection.reference_cases import assert_same, number_table, read_case

GIVEN = read_case("farrington_flexible", "input.json")
EXPECTED = read_case("farrington_flexible", "expected.json")
TRACES = read_case("farrington_flexible", "trace.json")


@pytest.mark.parametrize("run", sorted(EXPECTED))
def test_every_number_is_that_of_the_package(run):
    options = {**GIVEN["options"][run], "limit54": tuple(GIVEN["options"][run]["limit54"])}
    counts = np.array(list(GIVEN["counts"].values())).T
    result = farrington_flexible(counts, mode="reference", weeks=GIVEN["weeks"], **options)
    expected = {
        name: number_table([series[key] for key in GIVEN["counts"]])
        for name, series in EXPECTED[run].items()
    }
    assert expected["alarm"].sum() > 0
    assert_same(result, expected)


def fits(trace: dict):
    """Both passes of one traced fit, with their design and weights."""
    baseline = find_baseline(
        trace["k"] - 1,
        years=5,
        half_window=3,
        periods=trace["noPeriods"],
        past_weeks_not_included=trace["pastWeeksNotIncluded"],
    )
    design = Design.of(baseline)
    counts = np.array(trace["y"], dtype=float)[baseline.rows][:, None]
    is_used = np.ones(counts.shape, dtype=bool)
    options = {"log_population": None, "tested_log_population": None, "has_trend": True}
    even = is_used.astype(float)
    first = fit_irls(counts, design, prior_weight=even, **options)
    dispersion = pearson_dispersion(counts, first, even)
    weight = outbreak_weights(counts, first, np.maximum(dispersion, 1.0), is_used, 2.58)
    second = fit_irls(counts, design, prior_weight=weight, **options)
    return baseline, counts, first, even, second, weight


@pytest.mark.parametrize("trace", TRACES, ids=lambda t: f"{t['lambda']}-{t['noPeriods']}")
def test_the_steps_between_are_those_of_the_package(trace):
    baseline, counts, first, even, second, weight = fits(trace)
    start, end, length = trace["baseline_weeks"]
    assert (baseline.rows[0] + 1, baseline.rows[-1] + 1, baseline.rows.size) == (start, end, length)
    if "seasgroups" in trace:
        assert baseline.season.tolist() == trace["seasgroups"]
    if "hat" in trace:
        assert_allclose(first.leverage[:, 0], trace["hat"], rtol=1e-9)
        assert_allclose(weight[:, 0], trace["omega"], rtol=1e-7)
    for fit, omega, name in ((first, even, "fit1"), (second, weight, "fit2")):
        assert_allclose(fit.trend_per_week[0], trace[name]["coef"][1], rtol=1e-8)
        assert_allclose(
            pearson_dispersion(counts, fit, omega)[0], trace[name]["phi_raw"], rtol=1e-9
        )
    assert_allclose(second.tested_log_mean[0], trace["eta0"], rtol=1e-8)


@pytest.mark.parametrize("trace", TRACES, ids=lambda t: f"{t['lambda']}-{t['noPeriods']}")
def test_standard_errors_with_and_without_the_fault_of_the_package(trace):
    _, counts, _, _, fit, weight = fits(trace)
    faulty = squared_relative_residuals(counts, fit.mean, weight).sum(axis=0) / fit.residual_df
    proper = pearson_dispersion(counts, fit, weight)
    assert_allclose(faulty[0], trace["dispersion_used_for_se_and_trend_p"], rtol=1e-8)
    for dispersion, se, p in (
        (faulty, "se_eta_as_R", "trend_p_as_R"),
        (proper, "se_eta_proper", "trend_p_proper"),
    ):
        assert_allclose(np.sqrt(dispersion * fit.tested_log_variance)[0], trace[se], rtol=1e-8)
        t_value = np.abs(fit.trend_per_week) / np.sqrt(dispersion * fit.trend_variance)
        assert_allclose(2 * stdtr(fit.residual_df, -t_value)[0], trace[p], rtol=1e-6)


def test_a_missing_week_silences_the_package_for_four_weeks():
    counts = np.random.default_rng(3).poisson(5.0, (330, 1)).astype(float)
    counts[320] = np.nan
    counts[321:325] = 60
    result = farrington_flexible(counts, mode="reference", weeks=range(320, 325), periods=1)
    assert result.reason[:, 0].tolist() == ["missing_counts"] * 4 + ["tested"]
    assert np.isnan(result.upper_bound[:4]).all()
    assert result.alarm[:, 0].tolist() == [False] * 4 + [True]


def test_the_package_predicts_too_early_a_week_when_the_first_is_missing():
    counts = np.round(np.exp(np.linspace(6.0, 3.0, 330)))[:, None]
    dates = np.datetime64("2015-01-05") + 7 * np.arange(330)
    options = {"weeks": [329], "dates": dates, "years": 5, "periods": 1}
    first_row = find_baseline(
        329, years=5, half_window=3, periods=1, past_weeks_not_included=3, dates=dates
    ).rows[0]
    whole = farrington_flexible(counts, mode="reference", **options)
    counts = counts.astype(float)
    counts[first_row] = np.nan
    package = farrington_flexible(counts, mode="reference", **options)
    corrected = farrington_flexible(counts, **options)
    slope = package.trend_per_week[0, 0]
    assert_allclose(package.expected / whole.expected, np.exp(-slope), rtol=2e-3)
    assert_allclose(corrected.expected, whole.expected, rtol=2e-3)


def test_without_reference_rows_every_series_says_so():
    result = farrington_flexible(np.ones((60, 3)), mode="reference")
    assert result.weeks.tolist() == [59]
    assert set(result.reason.ravel()) == {"insufficient_history"}
