"""Causes and wider causes as one tree."""

from __future__ import annotations

import pytest

from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree

WIDER = {"injury": None, "fall": "injury", "ladder": "fall", "burn": "injury", "illness": None}
TREE = MeasureTree.of(list(WIDER), WIDER.__getitem__)


def test_each_has_all_wider_ones_the_widest_first():
    ways = {
        name: [TREE.names[place] for place in row if place >= 0]
        for name, row in zip(TREE.names, TREE.paths, strict=True)
    }
    assert ways["ladder"] == ["injury", "fall", "ladder"]
    assert ways["burn"] == ["injury", "burn"]
    assert ways["illness"] == ["illness"]
    assert TREE.paths.shape == (5, 3)


def test_which_measures_are_within_which():
    assert TREE.is_within("ladder", "injury")
    assert TREE.is_within("ladder", "ladder")
    assert not TREE.is_within("injury", "ladder")
    assert not TREE.is_within("burn", "fall")
    assert [TREE.depth(name) for name in TREE.names] == [0, 1, 2, 1, 0]


def test_a_cause_within_itself_is_refused_by_name():
    circle = {"a": "b", "b": "a"}
    with pytest.raises(ValueError, match="a lies within itself"):
        MeasureTree.of(list(circle), circle.__getitem__)


def test_no_measure_at_all():
    assert MeasureTree.of([], WIDER.__getitem__).paths.shape == (0, 0)
