"""CUSUM against the package, by hand, and where it differs from the package."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.detection import cusum
from tests.methods.detection.reference_cases import assert_same, number_table, read_case

GIVEN = read_case("cusum", "input.json")
EXPECTED = read_case("cusum", "expected.json")
INTERVAL = 2.26


@pytest.mark.parametrize("run", sorted(EXPECTED))
def test_sum_bound_and_alarm_are_those_of_the_package(run):
    counts = np.array(list(GIVEN["counts"].values()), dtype=float).T
    result = cusum(counts, mode="reference", weeks=GIVEN["weeks"], **GIVEN["options"][run])
    expected = {
        name: number_table([series[key] for key in GIVEN["counts"]])
        for name, series in EXPECTED[run].items()
    }
    expected["score"] = expected["score"] / INTERVAL
    assert expected["alarm"].sum() > 0
    assert_same(result, expected)


def test_by_hand():
    history = np.full(52, 4.0)
    counts = np.append(history, [6.0, 7.0, 8.0])[:, None]
    result = cusum(counts, transform="standard")
    # Steps (6-4)/2 - 1.04 < 0, (7-4)/2 - 1.04 = 0.46, then (8-4)/2 - 1.04 = 0.96.
    assert_allclose(result.score[:, 0] * INTERVAL, [0.0, 0.46, 1.42])
    # Alarm where 4 + 2 (2.26 + 1.04 - sum before) is reached: 10.6, so 10 is the last quiet count.
    assert_allclose(result.upper_bound[:, 0], [10.0, 10.0, 9.0])


def test_a_sum_that_reaches_the_interval_exactly_is_an_alarm():
    counts = np.append(np.full(52, 4.0), [8.0, 4.0])[:, None]
    # The step of 8 is (8 - 4)/2 - 1 = 1, which is the interval; after it the sum begins anew.
    result = cusum(counts, transform="standard", reference_value=1.0, decision_interval=1.0)
    assert result.score[:, 0].tolist() == [1.0, 0.0]
    assert result.upper_bound[:, 0].tolist() == [7.0, 7.0]
    assert result.alarm[:, 0].tolist() == [True, False]


@pytest.mark.parametrize("transform", ["rossi", "standard", "anscombe"])
@pytest.mark.parametrize("in_control", ["mean", "glm"])
def test_bound_and_alarm_agree(transform, in_control):
    counts = np.random.default_rng(3).poisson([0.3, 2.0, 9.0, 60.0], (160, 4)).astype(float)
    result = cusum(counts, transform=transform, in_control=in_control)
    above = result.observed > result.upper_bound
    assert np.array_equal(result.alarm, above)
    assert 0 < result.alarm.sum() < result.alarm.size / 2


def test_the_sum_restarts_after_an_alarm():
    counts = np.append(np.full(52, 4.0), [30.0, 4.0, 4.0])[:, None]
    assert cusum(counts).alarm[:, 0].tolist() == [True, False, False]
    assert cusum(counts, mode="reference").alarm[:, 0].tolist() == [True, True, True]


def test_a_series_without_a_case_still_alarms():
    counts = np.append(np.zeros(52), [3.0, 3.0])[:, None]
    assert cusum(counts).alarm.any()
    package = cusum(counts, mode="reference")
    assert package.reason.tolist() == [["insufficient_history"]] * 2


def test_a_missing_week_is_left_out_with_a_reason():
    counts = np.append(np.full(52, 4.0), [8.0, np.nan, 8.0])[:, None]
    counts[10] = np.nan
    result = cusum(counts)
    assert result.reason[:, 0].tolist() == ["tested", "missing_counts", "tested"]
    assert result.score[2, 0] > result.score[0, 0]


def test_a_unit_that_doubled_does_not_alarm():
    population = np.append(np.full(52, 100.0), np.full(8, 200.0))[:, None]
    counts = population / 25
    assert cusum(counts).alarm.any()
    assert not cusum(counts, population=population).alarm.any()


def test_one_bad_series_leaves_the_others_alone():
    counts = np.full((60, 2), 4.0)
    counts[3, 0] = -1
    result = cusum(counts)
    assert set(result.reason[:, 0]) == {"invalid_counts"}
    assert set(result.reason[:, 1]) == {"tested"}


def test_weeks_must_follow_each_other():
    with pytest.raises(ValueError, match="follow each other"):
        cusum(np.ones((60, 1)), weeks=[55, 57])
