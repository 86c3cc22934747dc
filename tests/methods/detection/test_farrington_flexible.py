"""Corrected mode: the papers' definition, with an answer where the package has none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.detection import farrington_flexible
from qorgau.methods.detection.baselines.baseline_weeks import find_baseline
from tests.methods.detection.reference_cases import read_case

WEEKS = 330
NEWEST = [WEEKS - 1]


def quiet(*newest: int) -> np.ndarray:
    """A series without a case until its newest weeks."""
    counts = np.zeros((WEEKS, 1))
    counts[WEEKS - len(newest) :, 0] = newest
    return counts


def poisson(mean: float, series: int = 1, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (WEEKS, series)).astype(float)


@pytest.mark.parametrize("threshold_method", ["nb-plugin", "muan", "delta"])
def test_a_first_burst_is_flagged_from_its_first_week(threshold_method):
    counts = quiet(3, 4, 2)
    weeks = range(WEEKS - 3, WEEKS)
    options = {"weeks": weeks, "threshold_method": threshold_method}
    corrected = farrington_flexible(counts, **options)
    assert corrected.alarm.all()
    assert set(corrected.reason.ravel()) == {"tested_sparse"}
    assert (corrected.p_value < 1e-4).all()
    package = farrington_flexible(counts, mode="reference", **options)
    assert not package.alarm.any()
    assert set(package.reason.ravel()) == {"not_converged"}
    assert np.isnan(package.p_value).all()


def test_prediction_from_a_quiet_baseline_is_the_exact_conditional_test():
    result = farrington_flexible(quiet(2), weeks=NEWEST)
    baseline = find_baseline(
        WEEKS - 1, years=5, half_window=3, periods=10, past_weeks_not_included=26
    )
    share = 1 / (baseline.rows.size + 1)
    assert_allclose(result.p_value, stats.binom.sf(1, 2, share), rtol=1e-9)


def test_a_quiet_season_between_busy_ones_is_used_alone():
    counts = quiet(2)
    counts[46 : WEEKS - 60 : 52] = 30.0
    seasonal = farrington_flexible(counts, weeks=NEWEST)
    in_season = find_baseline(
        WEEKS - 1, years=5, half_window=3, periods=10, past_weeks_not_included=26
    ).season.tolist()
    share = 1 / (in_season.count(10) + 1)
    assert seasonal.reason[0, 0] == "tested_sparse"
    assert_allclose(seasonal.p_value, stats.binom.sf(1, 2, share), rtol=1e-9)


def test_muan_still_alarms_in_a_sparse_series():
    counts = poisson(0.05, series=200)
    counts[-1] = 6
    options = {"weeks": NEWEST, "threshold_method": "muan"}
    corrected = farrington_flexible(counts, **options)
    package = farrington_flexible(counts, mode="reference", **options)
    assert corrected.alarm.mean() > 0.9
    assert np.median(corrected.upper_bound) <= 4
    assert package.alarm.mean() < 0.05
    assert np.nanmedian(package.upper_bound) > 100


def test_one_historic_case_gives_an_expected_value_of_its_size():
    counts = np.zeros((WEEKS, 1))
    counts[WEEKS - 1 - 5 * 52 - 2] = 1
    corrected = farrington_flexible(counts, weeks=NEWEST)
    package = farrington_flexible(counts, mode="reference", weeks=NEWEST)
    assert package.expected[0, 0] < 1e-20
    assert 1e-3 < corrected.expected[0, 0] < 0.1
    assert not corrected.trend[0, 0]


def test_too_few_cases_hold_back_the_alarm_and_not_the_bound():
    counts = quiet(3)
    corrected = farrington_flexible(counts, weeks=NEWEST, limit54=(5, 4))
    assert corrected.reason[0, 0] == "too_few_cases"
    assert not corrected.alarm[0, 0]
    assert corrected.upper_bound[0, 0] == 0
    assert corrected.p_value[0, 0] < 1e-4
    assert corrected.is_tested[0, 0]
    package = farrington_flexible(poisson(0.2), mode="reference", weeks=NEWEST, limit54=(5, 4))
    assert np.isnan(package.upper_bound[0, 0])


def test_missing_recent_weeks_do_not_silence_a_series():
    counts = poisson(5.0)
    counts[-4:, 0] = [np.nan, np.nan, 6, 40]
    result = farrington_flexible(counts, weeks=NEWEST, limit54=(5, 4))
    assert result.alarm[0, 0]
    package = farrington_flexible(counts, mode="reference", weeks=NEWEST, limit54=(5, 4))
    assert not package.alarm[0, 0]
    counts[-1] = np.nan
    missing = farrington_flexible(counts, weeks=NEWEST)
    assert missing.reason[0, 0] == "missing_counts"
    assert np.isfinite(missing.upper_bound[0, 0])
    assert not missing.alarm[0, 0]


def test_one_bad_series_does_not_stop_the_others():
    counts = poisson(5.0, series=6)
    counts[-1] = 40
    counts[10, 1] = -1
    counts[10, 2] = 0.5
    counts[10, 3] = np.inf
    counts[:-1, 4] = np.nan
    result = farrington_flexible(counts, weeks=NEWEST)
    assert result.reason[0].tolist() == [
        "tested",
        "invalid_counts",
        "invalid_counts",
        "invalid_counts",
        "missing_counts",
        "tested",
    ]
    assert result.alarm[0].tolist() == [True, False, False, False, False, True]


def test_a_unit_that_doubled_does_not_alarm():
    counts = poisson(10.0)
    counts[-1] = 24
    population = np.full(counts.shape, 500.0)
    assert farrington_flexible(counts, weeks=NEWEST, population=population).alarm[0, 0]
    population[-1] = 1000.0
    assert not farrington_flexible(counts, weeks=NEWEST, population=population).alarm[0, 0]
    population[-1] = np.inf
    unknown = farrington_flexible(counts, weeks=NEWEST, population=population)
    assert unknown.reason[0, 0] == "missing_population"


def test_the_score_is_on_the_scale_of_counts():
    counts = poisson(8.0)
    counts[-1] = 12
    result = farrington_flexible(counts, weeks=NEWEST)
    expected, bound = result.expected[0, 0], result.upper_bound[0, 0]
    assert_allclose(result.score[0, 0], (12 - expected) / (bound - expected))


def test_without_season_gaps_the_fit_is_that_of_the_package():
    """Where the package has no fault, the two modes agree; only the weights' dispersion differs."""
    counts = poisson(20.0, series=50)
    for options in ({"trend": False, "reweight": False}, {}):
        corrected = farrington_flexible(counts, weeks=NEWEST, **options)
        package = farrington_flexible(counts, weeks=NEWEST, mode="reference", **options)
        assert_allclose(corrected.expected, package.expected, rtol=1e-5)
        assert_allclose(corrected.dispersion, package.dispersion, rtol=1e-3)
        assert np.array_equal(corrected.upper_bound, package.upper_bound)


def test_the_result_depends_neither_on_threads_nor_on_the_neighbours():
    counts = np.random.default_rng(5).poisson(np.geomspace(0.05, 90, 1100), (WEEKS, 1100))
    weeks = [WEEKS - 5, WEEKS - 1]
    for mode in ("corrected", "reference"):
        one = farrington_flexible(counts, weeks=weeks, mode=mode, threads=1)
        two = farrington_flexible(counts, weeks=weeks, mode=mode, threads=2)
        part = farrington_flexible(counts[:, 400:700], weeks=weeks, mode=mode)
        for name in ("expected", "upper_bound", "p_value", "dispersion", "alarm", "reason"):
            assert np.array_equal(getattr(one, name), getattr(two, name)), name
            among = getattr(one, name)[:, 400:700]
            if among.dtype.kind == "f":
                assert_allclose(getattr(part, name), among, rtol=1e-9)
            else:
                assert np.array_equal(getattr(part, name), among)


def test_the_trend_is_tested_with_the_right_dispersion():
    """On these series the package calls a trend significant although there is none (Q2)."""
    trace = next(
        t for t in read_case("farrington_flexible", "trace.json")
        if t["lambda"] == 40 and t["noPeriods"] == 1
    )  # fmt: skip
    options = {
        "weeks": [trace["k"] - 1], "periods": 1, "p_threshold_trend": 0.05, "limit54": (0, 4),
    }  # fmt: skip
    counts = np.array(trace["y"], dtype=float)[:, None]
    assert trace["trend_p_as_R"] < 0.05 < trace["trend_p_proper"]
    assert farrington_flexible(counts, mode="reference", **options).trend[0, 0]
    assert not farrington_flexible(counts, **options).trend[0, 0]


@pytest.mark.parametrize("mean", [0.005, 0.05, 0.5, 5.0])
@pytest.mark.parametrize("threshold_method", ["nb-plugin", "muan"])
def test_false_alarms_stay_near_what_is_stated(mean, threshold_method):
    result = farrington_flexible(
        poisson(mean, series=1000), weeks=NEWEST, threshold_method=threshold_method
    )
    assert result.is_tested.all()
    assert result.alarm.mean() < 0.02


def test_what_cannot_be_used_is_refused_in_a_sentence():
    counts = poisson(5.0)
    for wrong, words in (
        ({"alpha": 0.7}, "alpha must be between"),
        ({"mode": "exact"}, "mode must be one of"),
        ({"threshold_method": "nbPlugin"}, "threshold_method must be one of"),
        ({"periods": 60}, "cannot be divided into 60 blocks"),
        ({"weeks": [WEEKS]}, "must be between 0 and"),
        ({"dates": ["2020-01-06"] * WEEKS}, "seven days apart"),
        ({"dates": ["2020-01-06"]}, "one date for each"),
        ({"population": np.ones((2, 2))}, "shape of the counts"),
        ({"limit54": (5, 0)}, "number of cases and a number of weeks"),
        ({"threads": 0}, "threads must be at least 1"),
    ):
        with pytest.raises(ValueError, match=words):
            farrington_flexible(counts, **wrong)
    with pytest.raises(ValueError, match="one row per week"):
        farrington_flexible(np.ones(5))


def test_a_prediction_includes_the_uncertainty_of_the_mean():
    """With one block, no trend and Poisson counts: the exact prediction from these cases."""
    rng = np.random.default_rng(11)
    counts = rng.poisson(0.6, (300, 200)).astype(float)
    counts[-1] = 6
    options = {"weeks": [299], "periods": 1, "trend": False, "reweight": False}
    plugin = farrington_flexible(counts, **options)
    found = farrington_flexible(counts, threshold_method="nb-predictive", **options)
    poisson_like = plugin.dispersion[0] == 1.0
    cases = plugin.expected[0] * 35
    exact = stats.nbinom.sf(5, cases, 35 / 36)
    assert_allclose(found.p_value[0, poisson_like], exact[poisson_like], rtol=1e-6)
    assert poisson_like.sum() > 50
    assert (found.p_value >= plugin.p_value).all()
    assert (found.upper_bound >= plugin.upper_bound).all()
    assert (found.expected == plugin.expected).all()


def test_the_package_has_no_prediction():
    with pytest.raises(ValueError, match="no prediction here; use mode 'corrected'"):
        farrington_flexible(np.ones((300, 1)), mode="reference", threshold_method="nb-predictive")
