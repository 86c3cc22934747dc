"""The tree of units with the tree of causes at each of them."""

from __future__ import annotations

import numpy as np
import pytest

from qorgau.methods.false_alarms import nest_trees

# A brigade with two battalions; injuries, among them falls, among these falls from a height.
UNITS = [-1, 0, 0]
CAUSES = [-1, 0, 1]


def way_up(parents, node):
    nodes = [node]
    while parents[nodes[-1]] != -1:
        nodes.append(int(parents[nodes[-1]]))
    return nodes[1:]


def laid_out(units, causes):
    return nest_trees(units, causes, outer_parents=UNITS, inner_parents=CAUSES)


def test_a_test_is_below_its_cause_its_unit_and_the_units_above():
    parents, leaves = laid_out([1, 1, 1, 2], [2, 1, 0, 0])
    height, fall, injury, other = (way_up(parents, leaf) for leaf in leaves)
    # Falls and below, injuries and below, the battalion as such, all below it, all below the top.
    assert len(height) == 5
    assert fall == height
    assert injury == height[1:]
    assert len(other) == 4
    assert other[-1] == injury[-1]
    assert not set(other[:-1]) & set(injury)


def test_the_unit_as_such_is_one_of_the_children_of_the_unit():
    parents, leaves = laid_out([0, 1], [0, 0])
    top_itself, battalion = (way_up(parents, leaf) for leaf in leaves)
    assert len(top_itself) == 3
    assert len(battalion) == 4
    assert top_itself[-1] == battalion[-1]
    assert parents[top_itself[-2]] == parents[battalion[-2]] == top_itself[-1]


def test_only_nodes_with_a_test_below_them_are_there():
    parents, leaves = laid_out([2], [2])
    assert parents.tolist().count(-1) == 1
    assert parents.size == 1 + len(way_up(parents, int(leaves[0])))


def test_every_leaf_is_a_leaf():
    units, causes = np.divmod(np.arange(9), 3)
    parents, leaves = laid_out(units, causes)
    assert np.unique(leaves).size == 9
    assert not np.isin(leaves, parents).any()


def test_no_test_gives_no_tree():
    parents, leaves = laid_out([], [])
    assert parents.size == leaves.size == 0


@pytest.mark.parametrize(
    ("units", "causes", "more", "words"),
    [
        ([3], [0], {}, "outer must name nodes"),
        ([0], [-1], {}, "inner must name nodes"),
        ([0], [0], {"outer_parents": [1, 0]}, "form a circle"),
    ],
)
def test_bad_input_gets_a_sentence(units, causes, more, words):
    trees = {"outer_parents": UNITS, "inner_parents": CAUSES, **more}
    with pytest.raises(ValueError, match=words):
        nest_trees(units, causes, **trees)
