"""The tree grows as RFC 6962 defines it, and gives every node once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.foundation.proofs.merkle_tree import (
    EMPTY_ROOT,
    GrowingTree,
    hash_of_leaves,
    leaf_hash,
)
from tests.foundation.proofs.trees import ENTRIES, ROOTS, Nodes, entries_of, mth


def grown(entries: list[bytes]) -> tuple[GrowingTree, dict[tuple[int, int], bytes]]:
    tree, nodes = GrowingTree(), {}
    for entry in entries:
        for level, index, value in tree.append(leaf_hash(entry)):
            assert (level, index) not in nodes
            nodes[level, index] = value
    return tree, nodes


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_certificate_transparency(size: int) -> None:
    tree, _nodes = grown(ENTRIES[:size])
    assert tree.root() == ROOTS[size]
    assert tree.size == size


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert GrowingTree().root() == EMPTY_ROOT == ROOTS[0]


@given(st.integers(0, 300))
def test_every_size_has_the_root_and_the_complete_nodes_of_the_definition(size: int) -> None:
    entries = entries_of(size)
    tree, nodes = grown(entries)
    assert tree.root() == mth(entries)
    by_definition = Nodes(entries)
    complete = {
        (level, index) for level in range(1, size.bit_length()) for index in range(size >> level)
    }
    assert set(nodes) == complete
    assert all(value == by_definition(*place) for place, value in nodes.items())


@given(st.integers(0, 300), st.integers(0, 50))
def test_a_tree_goes_on_from_its_edge(size: int, more: int) -> None:
    entries = entries_of(size + more)
    first, _nodes = grown(entries[:size])
    second = GrowingTree(first.size, first.edge)
    for entry in entries[size:]:
        list(second.append(leaf_hash(entry)))
    assert second.root() == mth(entries)


@pytest.mark.parametrize(
    ("size", "edge"), [(3, b"x" * 32), (2, b""), (1, b"x" * 31), (-1, b""), (0, b"x" * 32)]
)
def test_an_edge_of_another_size_is_refused(size: int, edge: bytes) -> None:
    with pytest.raises(ValueError, match="at its edge"):
        GrowingTree(size, edge)


@given(st.integers(1, 200))
def test_a_part_of_the_tree_is_hashed_from_complete_nodes(size: int) -> None:
    entries = entries_of(size)
    assert hash_of_leaves(Nodes(entries), 0, size) == mth(entries)


def test_there_is_no_hash_over_no_leaves() -> None:
    with pytest.raises(ValueError, match="no leaves"):
        hash_of_leaves(Nodes([]), 0, 0)
