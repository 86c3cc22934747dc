"""Tests that can hardly raise an alarm are left out, and what that costs is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.detection import farrington_flexible
from qorgau.methods.false_alarms import tarone_screening

CASES = Path(__file__).resolve().parents[2] / "reference/tarone_screening/cases.json"


def test_the_chances_are_those_of_the_exact_prediction():
    given = json.loads(CASES.read_text(encoding="utf-8"))
    found = tarone_screening(
        given["cases"],
        given["weeks"],
        least_cases=given["least_cases"],
        allowance=given["allowance"],
    )
    assert_allclose(found.alarm_chance, given["alarm_chance"], rtol=1e-12)
    assert np.flatnonzero(found.is_counted).tolist() == given["counted"]
    assert found.spent == pytest.approx(given["spent"])


def test_a_series_without_a_case_has_the_chance_that_detection_gives_it():
    """Its baseline is 237 weeks; three cases after them have the p-value 238^-3."""
    counts = np.zeros((300, 1))
    counts[-1] = 3
    tested = farrington_flexible(counts, weeks=[299])
    found = tarone_screening([0], 237, least_cases=3, allowance=0.0)
    assert_allclose(found.alarm_chance, tested.p_value[0])


def test_equal_chances_stay_together():
    found = tarone_screening(np.zeros(100), 99, least_cases=1, allowance=0.5)
    assert found.is_counted.all()
    assert found.spent == 0.0
    assert not tarone_screening(np.zeros(50), 99, least_cases=1, allowance=0.5).is_counted.any()


def test_weeks_may_differ_by_row():
    found = tarone_screening(np.zeros((2, 3)), [[10], [500]], least_cases=2, allowance=1e-4)
    assert found.is_counted.tolist() == [[True] * 3, [False] * 3]


def test_what_is_left_out_raises_alarms_no_more_often_than_allowed():
    """2,000 rare Poisson series: in 4,000 weeks hardly one left out reaches two cases."""
    rng = np.random.default_rng(12)
    rates = rng.gamma(0.3, 0.02, 2000)
    found = tarone_screening(rng.poisson(rates * 260), 260, least_cases=2, allowance=0.02)
    left_out = rates[~found.is_counted]
    assert left_out.size > 500
    weeks_with_alarm = (rng.poisson(left_out, (4000, left_out.size)) >= 2).any(axis=1)
    assert weeks_with_alarm.mean() < 0.02


@pytest.mark.parametrize(
    ("cases", "weeks", "more", "words"),
    [
        ([-1], 10, {}, "no fewer than zero"),
        ([1], 0, {}, "at least one week"),
        ([1], 10, {"least_cases": 0}, "at least 1"),
        ([1], 10, {"allowance": 1.5}, "such as 0.01"),
    ],
)
def test_bad_input_gets_a_sentence(cases, weeks, more, words):
    with pytest.raises(ValueError, match=words):
        tarone_screening(cases, weeks, **{"least_cases": 3, "allowance": 0.01, **more})
