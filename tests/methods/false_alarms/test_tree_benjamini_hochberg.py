"""Hypotheses on a tree."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.false_alarms import (
    benjamini_hochberg,
    benjamini_yekutieli,
    tree_benjamini_hochberg,
)

CASES = Path(__file__).resolve().parents[2] / "reference/tree_benjamini_hochberg/cases.json"
NAN = float("nan")


@pytest.mark.parametrize("case", json.loads(CASES.read_text(encoding="utf-8")))
def test_chooses_what_the_package_of_the_authors_chooses(case):
    first, second = np.array(case["first"]), np.array(case["second"])
    groups, place = np.unique(second, return_index=True)
    above_tests = 5 + np.searchsorted(groups, second)
    parents = np.concatenate([np.full(5, -1), first[place] - 1, above_tests])
    values = np.concatenate([np.full(5 + groups.size, NAN), case["p_values"]])
    found = tree_benjamini_hochberg(values, parents, false_discovery_rate=case["rate"])
    chosen = found.is_selected
    assert (1 + np.flatnonzero(chosen[:5])).tolist() == case["first_selected"]
    assert groups[chosen[5 : 5 + groups.size]].tolist() == case["second_selected"]
    assert np.flatnonzero(chosen[5 + groups.size :]).tolist() == case["selected"]


@pytest.mark.parametrize(
    ("within", "flat"),
    [
        ("benjamini_hochberg", benjamini_hochberg),
        ("benjamini_yekutieli", benjamini_yekutieli),
    ],
)
def test_a_single_family_is_the_flat_method(within, flat):
    values = np.random.default_rng(6).random(50) ** 5
    found = tree_benjamini_hochberg(values, np.full(50, -1), within_families=within)
    assert found.is_selected.tolist() == flat(values).is_selected.tolist()
    assert 0 < found.is_selected.sum() < 50


def test_levels_shrink_with_the_share_selected_above():
    """Two of four families are selected; each family below them is tested at half the rate."""
    parents = [-1, -1, -1, -1, 0, 0, 1, 2, 3]
    values = [NAN, NAN, NAN, NAN, 0.001, 0.03, 0.02, 0.5, 0.9]
    found = tree_benjamini_hochberg(values, parents)
    assert_allclose(found.p_values[:4], [0.002, 0.02, 0.5, 0.9])
    assert_allclose(found.level, [0.1] * 4 + [0.05] * 3 + [NAN] * 2)
    assert np.flatnonzero(found.is_selected).tolist() == [0, 1, 4, 5, 6]


def test_dependent_families_cost_a_harmonic_sum():
    """Two children, level 0.1: the smaller p-value needs 0.1 / 2 / 1.5, alone in a family 0.1."""
    parents = [-1, -1, 0]
    just_below, just_above = 0.0333, 0.0334
    assert _stands([NAN, 0.9, just_below], parents)
    assert not _stands([NAN, 0.9, just_above], parents)
    assert _stands([NAN, 0.099], [-1, 0])


def _stands(values, parents):
    within = "benjamini_yekutieli"
    return bool(tree_benjamini_hochberg(values, parents, within_families=within).is_selected[0])


def test_nothing_is_selected_below_a_node_that_is_not():
    rng = np.random.default_rng(9)
    for _draw in range(50):
        parents = np.array([-1, *(rng.integers(0, node) for node in range(1, 40))])
        is_leaf = ~np.isin(np.arange(40), parents)
        values = np.where(is_leaf, rng.random(40) ** 6, NAN)
        chosen = tree_benjamini_hochberg(values, parents).is_selected
        assert not (chosen[1:] & ~chosen[parents[1:]]).any()


def test_quiet_trees_raise_an_alarm_as_often_as_stated():
    """Uniform p-values over 4 families of 25: 4,000 draws, standard error 0.005."""
    rng = np.random.default_rng(10)
    parents = np.concatenate([np.full(4, -1), np.repeat(np.arange(4), 25)])
    raised = [
        tree_benjamini_hochberg(np.append([NAN] * 4, rng.random(100)), parents).is_selected.any()
        for _draw in range(4000)
    ]
    assert np.mean(raised) == pytest.approx(0.1, abs=0.015)


def test_an_empty_tree():
    assert tree_benjamini_hochberg([], []).is_selected.size == 0


@pytest.mark.parametrize(
    ("values", "parents", "more", "words"),
    [
        ([0.1, 0.2], [-1], {}, "one p-value for each node"),
        ([NAN, NAN], [1, 0], {}, "form a circle"),
        ([0.1], [3], {}, "index of the node above"),
        ([0.1, 0.2], [-1, 0], {}, "takes its p-value from them"),
        ([NAN], [-1], {}, "leave it out"),
        ([0.5], [-1], {"within_families": "holm"}, "benjamini_yekutieli"),
        ([0.5], [-1], {"false_discovery_rate": 1.0}, "such as 0.1"),
    ],
)
def test_bad_input_gets_a_sentence(values, parents, more, words):
    with pytest.raises(ValueError, match=words):
        tree_benjamini_hochberg(values, parents, **more)
