"""Capture-recapture against printed results, closed forms and simulation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.arrays import InputError
from qorgau.methods.ascertainment import three_registers, two_registers

REFERENCE = Path(__file__).resolve().parents[2] / "reference"


def case(method):
    return json.loads((REFERENCE / method / "cases.json").read_text(encoding="utf-8"))


def by_pairs(estimate):
    return {
        " ".join(f"{one + 1}{other + 1}" for one, other in model.dependent_pairs): model
        for model in estimate.models
    }


def test_two_registers_by_the_printed_formula():
    given = case("two_registers")
    estimate = two_registers(given["first"], given["second"], given["both"])
    assert_allclose(estimate.total, given["total"])
    assert_allclose(estimate.standard_error**2, given["variance"])


def test_limits_cover_as_often_as_they_say():
    """200 cases, held with probability 0.4 and 0.3; a share of 4,000 draws errs by 0.003."""
    draws = np.random.default_rng(11).random((4000, 200, 2)) < [0.4, 0.3]
    first, second = draws.sum(axis=1).T
    estimate = two_registers(first, second, draws.all(axis=2).sum(axis=1))
    covered = (estimate.lower <= 200) & (estimate.upper >= 200)
    assert 0.94 < covered.mean() < 0.97
    assert abs(estimate.total.mean() - 200) < 1


def test_a_register_alone_says_little_and_says_so():
    estimate = two_registers(10, 8, 0)
    assert estimate.upper > 1000
    assert estimate.lower >= 18


def test_shares_are_of_the_total():
    estimate = two_registers([135, 0], [122, 0], [49, 0])
    assert_allclose(estimate.first_share[0], 135 / estimate.total[0])
    assert estimate.first_share_lower[0] < estimate.first_share[0] < estimate.first_share_upper[0]
    assert np.isnan(estimate.first_share[1])


def test_three_registers_as_printed_and_in_closed_form():
    given = case("three_registers")
    models = by_pairs(three_registers(given["counts"]))
    assert len(models) == 8
    for pairs, total in given["printed"].items():
        assert round(models[pairs].total) == total
    for pairs, total in given["closed_form"].items():
        assert_allclose(models[pairs].total, total, rtol=1e-6)


def draw_with_dependence(rng):
    """Of 4,000 cases, registers 1 and 2 hold the same ones more often than chance would."""
    is_visible = rng.random(4000) < 0.5
    shared = np.where(is_visible, 0.7, 0.15)
    held = rng.random((4000, 3)) < np.column_stack([shared, shared, np.full(4000, 0.4)])
    patterns = [(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0), (0, 1, 1), (0, 1, 0), (0, 0, 1)]
    return [int((held == pattern).all(axis=1).sum()) for pattern in patterns]


def test_dependence_is_found_and_independence_misses_the_total():
    rng = np.random.default_rng(5)
    estimates = [three_registers(draw_with_dependence(rng)) for _draw in range(60)]
    assert all((0, 1) in estimate.chosen.dependent_pairs for estimate in estimates)
    covering = [estimate.chosen.lower < 4000 < estimate.chosen.upper for estimate in estimates]
    assert np.mean(covering) > 0.85
    assert all(by_pairs(estimate)[""].upper < 4000 for estimate in estimates)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: two_registers(5, 4, 5), "more cases than a register"),
        (lambda: two_registers(-1, 4, 0), "negative"),
        (lambda: three_registers([1, 2, 3]), "seven"),
        (lambda: three_registers([0, 0, 0, 5, 0, 5, 5]), "share a case"),
        (lambda: three_registers([1, 2, 3, 4, 5, 6, 7.5]), "not whole"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
