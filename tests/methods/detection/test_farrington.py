"""The method of 1996 against the package, and where it differs from it."""

from __future__ import annotations

import numpy as np
import pytest

from qorgau.methods.detection import farrington
from tests.methods.detection.reference_cases import assert_same, number_table, read_case

GIVEN = read_case("farrington", "input.json")
EXPECTED = read_case("farrington", "expected.json")


def test_bound_and_alarm_are_those_of_the_package():
    counts = np.array(list(GIVEN["counts"].values()), dtype=float).T
    result = farrington(
        counts, mode="reference", weeks=GIVEN["weeks"], limit54=tuple(GIVEN["options"]["limit54"])
    )
    expected = {
        name: number_table([series[key] for key in GIVEN["counts"]])
        for name, series in EXPECTED.items()
    }
    assert expected["alarm"].sum() > 0
    assert_same(result, expected)


def test_a_short_history_is_enough():
    counts = np.random.default_rng(1).poisson(5.0, (120, 3)).astype(float)
    counts[-1] = 30
    result = farrington(counts, weeks=[119])
    assert result.alarm.all()
    assert set(result.reason.ravel()) == {"tested"}


def test_a_history_under_a_year_gets_a_reason():
    result = farrington(np.full((40, 1), 3.0), weeks=[39])
    assert result.reason.tolist() == [["insufficient_history"]]


def test_a_missing_recent_week_withholds_the_alarm_of_the_package_only():
    counts = np.full((300, 1), 4.0)
    counts[-2:, 0] = [np.nan, 20]
    assert farrington(counts, weeks=[299]).alarm.all()
    assert not farrington(counts, weeks=[299], mode="reference").alarm.any()


def test_a_first_burst_after_silence_is_flagged_with_a_bound_that_means_something():
    counts = np.zeros((300, 1))
    counts[-1] = 6
    result = farrington(counts, weeks=[299])
    assert result.alarm.all()
    assert 0 < result.p_value[0, 0] < 1e-6


def test_half_of_alpha_is_above_the_bound():
    counts = np.random.default_rng(2).poisson(20.0, (400, 300)).astype(float)
    result = farrington(counts, weeks=[300, 330, 360, 390], alpha=0.1)
    assert 0.03 < result.alarm.mean() < 0.08


@pytest.mark.parametrize("options", [{"years": 0}, {"half_window": 30}, {"alpha": 0.7}])
def test_bad_options_get_a_sentence(options):
    with pytest.raises(ValueError, match="must"):
        farrington(np.ones((300, 1)), **options)
