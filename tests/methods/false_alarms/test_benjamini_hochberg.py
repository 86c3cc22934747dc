"""Step-up control of the false discovery rate."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import false_discovery_control

from qorgau.methods.false_alarms import benjamini_hochberg, benjamini_yekutieli

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
METHODS = {"benjamini_hochberg": benjamini_hochberg, "benjamini_yekutieli": benjamini_yekutieli}
each_method = pytest.mark.parametrize("name", sorted(METHODS))


@each_method
def test_the_published_example(name):
    given = json.loads((REFERENCE / name / "cases.json").read_text(encoding="utf-8"))
    rate = given["false_discovery_rate"]
    found = METHODS[name](given["p_values"], false_discovery_rate=rate)
    assert np.flatnonzero(found.is_selected).tolist() == given["selected"]
    assert_allclose(found.adjusted, given["adjusted"], rtol=1e-12)
    assert (found.tests, found.false_discovery_rate) == (15, rate)


@each_method
def test_as_another_library_adjusts(name):
    values = np.random.default_rng(8).beta(0.3, 1.0, (20, 10))
    found = METHODS[name](values)
    short = "bh" if name == "benjamini_hochberg" else "by"
    assert_allclose(
        found.adjusted, false_discovery_control(values.ravel(), method=short).reshape(20, 10)
    )
    assert_allclose(found.is_selected, found.adjusted <= 0.1)


@each_method
def test_tests_left_out_count_as_if_they_had_given_one(name):
    values = np.random.default_rng(2).random(30) ** 4
    padded = METHODS[name](np.concatenate([values, np.ones(500)]))
    assert_allclose(METHODS[name](values, tests=530).adjusted, padded.adjusted[:30])


def test_a_p_value_exactly_at_its_step_is_selected():
    found = benjamini_hochberg([0.125, 0.25, 0.75], false_discovery_rate=0.375)
    assert found.adjusted.tolist() == [0.375, 0.375, 0.75]
    assert found.is_selected.tolist() == [True, True, False]


def test_without_a_test_nothing_is_selected():
    assert benjamini_hochberg([]).is_selected.size == 0


def test_the_share_of_false_ones_is_bounded_as_stated():
    """40 of 200 hypotheses are false; the standard error over 2,000 draws is near 0.002."""
    rng = np.random.default_rng(4)
    shares = []
    for _draw in range(2000):
        values = rng.random(200)
        values[:40] **= 6
        chosen = benjamini_hochberg(values, false_discovery_rate=0.2).is_selected
        shares.append(chosen[40:].sum() / max(chosen.sum(), 1))
    assert np.mean(shares) == pytest.approx(0.2 * 160 / 200, abs=0.01)


def test_results_cannot_be_changed():
    found = benjamini_hochberg([0.2, 0.4])
    with pytest.raises(ValueError, match="read-only"):
        found.adjusted[0] = 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: benjamini_hochberg([0.1, 1.2]), "between 0 and 1"),
        (lambda: benjamini_yekutieli([0.1, np.nan]), "leave it out"),
        (lambda: benjamini_hochberg([0.1], false_discovery_rate=0.0), "such as 0.1"),
        (lambda: benjamini_hochberg([0.1, 0.2], tests=1), "count every test"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
