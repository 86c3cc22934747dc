"""The likelihood ratio chart against the package, by brute force, and where the two differ."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from scipy.stats import nbinom, poisson

from qorgau.methods.detection import nb_glr
from tests.methods.detection.reference_cases import assert_same, number_table, read_case

GIVEN = read_case("nb_glr", "input.json")
EXPECTED = read_case("nb_glr", "expected.json")
C_ARL = 5.0


@pytest.mark.parametrize("run", sorted(EXPECTED))
def test_statistic_bound_and_alarm_are_those_of_the_package(run):
    options = GIVEN["options"][run]
    counts = np.array(list(GIVEN["counts"].values()), dtype=float).T
    result = nb_glr(counts, mode="reference", weeks=GIVEN["weeks"], **options)
    expected = {
        name: number_table([series[key] for key in GIVEN["counts"]])
        for name, series in EXPECTED[run].items()
        if name != "nb_alpha"
    }
    nb_alpha = np.array([EXPECTED[run]["nb_alpha"][key] for key in GIVEN["counts"]])
    expected["score"] = expected.pop("statistic") / options.get("c_arl", C_ARL)
    expected["dispersion"] = 1.0 + nb_alpha * expected["expected"]
    assert expected["alarm"].sum() > 0
    assert_same(result, expected)


@pytest.mark.parametrize("name", ["GLRNegativeBinomial", "GLRPoisson"])
def test_published_alarms_of_salmonella(shared_data, name):
    def cases(file: str) -> list[float]:
        with (shared_data / "epysurv" / file).open(encoding="utf-8") as rows:
            return [float(row["n_cases"]) for row in csv.DictReader(rows)]

    history, tested = cases("salmonella_train.csv"), cases(f"{name}_pred.csv")
    with (shared_data / "epysurv" / f"{name}_pred.csv").open(encoding="utf-8") as rows:
        published = [row["alarm"] == "1" for row in csv.DictReader(rows)]
    counts = np.array(history + tested)[:, None]
    weeks = range(len(history), counts.size)
    result = nb_glr(counts, mode="reference", weeks=weeks, nb_alpha=0.0)
    assert result.alarm[:, 0].tolist() == published
    assert sum(published) == 5


def statistic_by_brute_force(
    counts: np.ndarray, mean: np.ndarray, alpha: float, kappa: float | None
) -> float:
    """Log probabilities of the counts, for every beginning, at the likeliest size of the rise."""

    def log_ratio(start: int, size: float) -> float:
        x, m = counts[start:], mean[start:]
        if alpha == 0:
            logs = [poisson.logpmf(x, m * np.exp(size)), poisson.logpmf(x, m)]
        else:
            logs = [
                nbinom.logpmf(x, 1 / alpha, 1 / (1 + alpha * level))
                for level in (m * np.exp(size), m)
            ]
        return float((logs[0] - logs[1]).sum())

    def likeliest(start: int) -> float:
        x, m = counts[start:], mean[start:]

        def slope(size: float) -> float:
            level = m * np.exp(size)
            return float(((x - level) / (1 + alpha * level)).sum())

        return brentq(slope, 0.0, 20.0, xtol=1e-13) if slope(0.0) > 0 else 0.0

    starts = range(counts.size)
    if kappa is not None:
        return max(0.0, *(log_ratio(start, kappa) for start in starts))
    return max(log_ratio(start, likeliest(start)) for start in starts)


@pytest.mark.parametrize("nb_alpha", [0.0, 0.3])
@pytest.mark.parametrize("kappa", [None, 0.5])
def test_statistic_and_bound_are_those_of_the_definition(nb_alpha, kappa):
    rng = np.random.default_rng(8)
    mean = np.array([0.05, 0.8, 6.0, 90.0]) * np.exp(0.3 * np.cos(np.arange(14)))[:, None]
    counts = rng.poisson(mean * rng.gamma(3, 1 / 3, (14, 4))).astype(float)
    counts[10] += [5, 9, 40, 400]
    result = nb_glr(counts, weeks=range(14), in_control_mean=mean, nb_alpha=nb_alpha, kappa=kappa)
    for series in range(4):
        start = 0
        for week in range(14):
            seen = counts[start : week + 1, series].copy()
            means = mean[start : week + 1, series]
            statistic = statistic_by_brute_force(seen, means, nb_alpha, kappa)
            assert_allclose(result.score[week, series] * C_ARL, statistic, rtol=1e-7, atol=1e-9)
            bound = result.upper_bound[week, series]
            for count, is_alarm in ((bound, False), (bound + 1, True)):
                seen[-1] = count
                reached = statistic_by_brute_force(seen, means, nb_alpha, kappa) >= C_ARL
                assert reached == is_alarm
            assert result.alarm[week, series] == (statistic >= C_ARL)
            if statistic >= C_ARL:
                start = week + 1
    assert result.alarm.any()


def test_bound_and_alarm_agree_and_a_week_before_changes_nothing():
    counts = np.random.default_rng(3).poisson([0.05, 2.0, 9.0, 60.0], (160, 4)).astype(float)
    counts[140:150] *= 2
    result = nb_glr(counts, weeks=range(104, 160))
    assert np.array_equal(result.alarm, result.observed > result.upper_bound)
    assert result.alarm.any()
    earlier = nb_glr(counts[:150], weeks=range(104, 150))
    assert_allclose(earlier.score, result.score[:46], rtol=1e-12)


def test_extra_variance_is_estimated_with_the_mean():
    rng = np.random.default_rng(5)
    mean = 12 * np.exp(0.4 * np.cos(2 * np.pi * np.arange(1040) / 52))[:, None] * np.ones(60)
    counts = rng.negative_binomial(1 / 0.25, 1 / (1 + 0.25 * mean)).astype(float)
    result = nb_glr(counts, weeks=[1039])
    found = (result.dispersion[0] - 1) / result.expected[0]
    assert abs(found.mean() - 0.25) < 0.01
    assert abs(result.expected[0].mean() / mean[-1, 0] - 1) < 0.03
    even = nb_glr(np.full((120, 1), 4.0), weeks=[119])
    assert even.dispersion[0, 0] == 1.0


def test_with_extra_variance_the_chart_alarms_later():
    rng = np.random.default_rng(6)
    counts = rng.negative_binomial(2, 0.2, (260, 40)).astype(float)
    spread = nb_glr(counts, weeks=range(208, 260))
    as_poisson = nb_glr(counts, weeks=range(208, 260), nb_alpha=0.0)
    assert spread.alarm.sum() * 5 < as_poisson.alarm.sum()


def test_a_trend_is_kept_and_reported():
    week = np.arange(312)
    counts = np.random.default_rng(2).poisson(5 * np.exp(0.004 * week))[:, None].astype(float)
    result = nb_glr(counts, weeks=range(260, 312), trend=True)
    assert result.trend.all()
    assert_allclose(result.trend_per_week, 0.004, atol=0.001)
    assert not result.alarm.any()
    assert nb_glr(counts, weeks=range(260, 312)).alarm.any()
    package = nb_glr(counts, weeks=range(260, 312), trend=True, mode="reference")
    assert_allclose(package.trend_per_week, result.trend_per_week, rtol=1e-4)


def test_the_chart_restarts_after_an_alarm():
    counts = np.append(np.full(104, 4.0), [30.0, 4.0, 4.0])[:, None]
    assert nb_glr(counts, weeks=range(104, 107)).alarm[:, 0].tolist() == [True, False, False]


def test_a_series_without_a_case_still_alarms_and_the_package_does_not():
    counts = np.append(np.zeros(104), [3.0, 0.0, 2.0])[:, None]
    result = nb_glr(counts, weeks=range(104, 107))
    assert result.alarm[:, 0].tolist() == [True, False, True]
    assert set(result.reason[:, 0]) == {"tested_sparse"}
    assert_allclose(result.expected, 0.5 / 104)
    package = nb_glr(counts, weeks=range(104, 107), mode="reference")
    assert not package.alarm.any()


def test_a_burst_of_twenty_times_the_mean_escapes_the_package_alone():
    mean = np.full((1, 2), 5.0)
    counts = np.array([[100.0, 60.0]])
    options = {"weeks": [0], "in_control_mean": mean, "nb_alpha": 0.001}
    assert nb_glr(counts, **options).alarm.tolist() == [[True, True]]
    assert nb_glr(counts, mode="reference", **options).alarm.tolist() == [[False, True]]


def test_a_missing_week_is_left_out_with_a_reason():
    counts = np.append(np.full(104, 4.0), [8.0, np.nan, 8.0])[:, None]
    counts[10] = np.nan
    result = nb_glr(counts, weeks=range(104, 107))
    assert result.reason[:, 0].tolist() == ["tested", "missing_counts", "tested"]
    assert np.isnan(result.score[1, 0])
    assert result.score[2, 0] > result.score[0, 0]
    package = nb_glr(counts, weeks=range(104, 107), mode="reference")
    assert set(package.reason[:, 0]) == {"missing_counts"}


def test_a_unit_that_doubled_does_not_alarm():
    population = np.append(np.full(104, 100.0), np.full(8, 200.0))[:, None]
    counts = population / 25
    weeks = range(104, 112)
    assert nb_glr(counts, weeks=weeks).alarm.any()
    result = nb_glr(counts, weeks=weeks, population=population)
    assert not result.alarm.any()
    assert_allclose(result.expected, 8.0, rtol=1e-6)
    population[-1] = np.nan
    assert nb_glr(counts, population=population).reason[-1, 0] == "missing_population"


@pytest.mark.parametrize("mode", ["corrected", "reference"])
def test_a_short_panel_ends_with_a_reason(mode):
    assert nb_glr(np.ones((1, 1)), mode=mode).reason.tolist() == [["insufficient_history"]]
    empty = nb_glr(np.full((60, 1), np.nan), mode=mode)
    assert set(empty.reason[:, 0]) <= {"missing_counts", "insufficient_history"}
    assert nb_glr(np.ones((60, 0)), mode=mode).alarm.shape == (8, 0)
    assert nb_glr(np.ones((60, 3)), mode=mode, weeks=[]).alarm.shape == (0, 3)


@pytest.mark.parametrize("mode", ["corrected", "reference"])
def test_one_bad_series_leaves_the_others_alone(mode):
    counts = np.random.default_rng(4).poisson(4, (120, 4)).astype(float)
    counts[3, 0], counts[5, 1], counts[7, 2] = -1, 2.5, np.inf
    result = nb_glr(counts, mode=mode, weeks=range(104, 120))
    assert set(result.reason[:, :3].ravel()) == {"invalid_counts"}
    assert set(result.reason[:, 3]) == {"tested"}
    assert np.isfinite(result.score[:, 3]).all()


def test_every_cell_has_a_result_or_a_reason_on_sparse_panels():
    rng = np.random.default_rng(9)
    counts = rng.poisson(rng.choice([0.002, 0.02, 0.2], 300), (160, 300)).astype(float)
    counts[rng.random(counts.shape) < 0.02] = np.nan
    result = nb_glr(counts, trend=True)
    assert np.array_equal(np.isfinite(result.score), result.is_tested)
    assert np.array_equal(np.isfinite(result.upper_bound), result.is_tested)
    assert (result.upper_bound[result.is_tested] >= 0).all()
    assert np.array_equal(result.reason == "missing_counts", np.isnan(result.observed))


def test_threads_change_nothing():
    counts = np.random.default_rng(4).poisson(2.0, (70, 1100)).astype(float)
    one, two = (nb_glr(counts, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.score, two.score)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"c_arl": 0.0}, "c_arl must be above 0"),
        ({"c_arl": np.nan}, "c_arl must be above 0"),
        ({"kappa": 0.0}, "kappa, the log"),
        ({"nb_alpha": -0.1}, "nb_alpha must be 0 or above"),
        ({"harmonics": -1}, "harmonics must be between"),
        ({"mode": "fast"}, "mode must be one of"),
        ({"threads": 0}, "threads must be at least 1"),
        ({"weeks": [55, 57]}, "follow each other"),
        ({"mode": "reference", "population": np.ones((60, 1))}, "no population here"),
        ({"in_control_mean": np.ones((8, 1))}, "give both or neither"),
        ({"in_control_mean": np.ones((3, 1)), "nb_alpha": 0.0}, "one row for each tested week"),
        ({"in_control_mean": np.zeros((8, 1)), "nb_alpha": 0.0}, "above 0 and finite"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(options, words):
    with pytest.raises(ValueError, match=words):
        nb_glr(np.ones((60, 1)), **options)
