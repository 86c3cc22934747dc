"""Proofs are those of RFC 6962, hold for what is true, and for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qorgau.foundation.proofs.merkle_tree import leaf_hash
from qorgau.foundation.proofs.tree_proofs import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
)
from tests.foundation.proofs.trees import (
    ENTRIES,
    ROOTS,
    Nodes,
    entries_of,
    mth,
    path,
    proof,
)

INCLUSION = {
    (0, 1): "",
    (0, 8): "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
    " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
    " 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    (5, 8): "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
    " ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
    " d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    (2, 3): "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    (1, 5): "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
    " bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
}
CONSISTENCY = {
    (1, 1): "",
    (1, 8): "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
    " 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
    " 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    (6, 8): "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
    " ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
    " d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    (2, 5): "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
    " bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
}


def hashes(text: str) -> list[bytes]:
    return [bytes.fromhex(one) for one in text.split()]


@pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
def test_the_inclusion_proofs_of_certificate_transparency(
    place: tuple[int, int], expected: str
) -> None:
    index, size = place
    made = inclusion_proof(Nodes(ENTRIES), index, size)
    assert made == hashes(expected)
    assert is_included(leaf_hash(ENTRIES[index]), index, size, made, ROOTS[size])


@pytest.mark.parametrize(("sizes", "expected"), CONSISTENCY.items())
def test_the_consistency_proofs_of_certificate_transparency(
    sizes: tuple[int, int], expected: str
) -> None:
    old, new = sizes
    made = consistency_proof(Nodes(ENTRIES), old, new)
    assert made == hashes(expected)
    assert is_consistent(old, ROOTS[old], new, ROOTS[new], made)


@settings(deadline=None)
@given(st.data())
def test_inclusion_proofs_are_those_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    index = data.draw(st.integers(0, size - 1))
    entries = entries_of(size)
    made = inclusion_proof(Nodes(entries), index, size)
    assert made == path(index, entries)
    leaf, root = leaf_hash(entries[index]), mth(entries)
    assert is_included(leaf, index, size, made, root)
    # Of another entry, at another place, or with another number of hashes it proves nothing.
    assert not is_included(leaf_hash(b"another"), index, size, made, root)
    other = data.draw(st.integers(0, size - 1))
    assert other == index or not is_included(leaf, other, size, made, root)
    assert not is_included(leaf, index, size, [*made, made[0] if made else root], root)
    assert not made or not is_included(leaf, index, size, made[:-1], root)
    assert not is_included(leaf, size, size, made, root)


@settings(deadline=None)
@given(st.data())
def test_consistency_proofs_are_those_of_the_definition(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 130))
    old = data.draw(st.integers(1, new))
    entries = entries_of(new)
    made = consistency_proof(Nodes(entries), old, new)
    assert made == proof(old, entries)
    old_root, new_root = mth(entries[:old]), mth(entries)
    assert is_consistent(old, old_root, new, new_root, made)
    assert not is_consistent(old, mth([b"x", *entries[1:old]]), new, new_root, made)
    assert not is_consistent(old, old_root, new, mth([*entries[:-1], b"x"]), made)
    assert not is_consistent(old, old_root, new, new_root, [*made, new_root])
    assert not made or not is_consistent(old, old_root, new, new_root, made[:-1])
    assert new == old or not is_consistent(new, new_root, old, old_root, made)


@settings(deadline=None)
@given(st.data())
def test_a_changed_hash_makes_a_proof_worthless(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 130))
    old = data.draw(st.integers(1, new - 1))
    entries = entries_of(new)
    made = consistency_proof(Nodes(entries), old, new)
    place = data.draw(st.integers(0, len(made) - 1))
    made[place] = bytes(32)
    assert not is_consistent(old, mth(entries[:old]), new, mth(entries), made)


def test_proofs_of_nothing_and_of_the_same_size_compare_roots() -> None:
    assert is_consistent(0, ROOTS[0], 5, ROOTS[5], [])
    assert not is_consistent(0, ROOTS[1], 5, ROOTS[5], [])
    assert is_consistent(5, ROOTS[5], 5, ROOTS[5], [])
    assert not is_consistent(5, ROOTS[4], 5, ROOTS[5], [])
    assert not is_consistent(5, ROOTS[5], 5, ROOTS[5], [ROOTS[5]])
    assert not is_consistent(3, ROOTS[3], 5, ROOTS[5], [])


def test_too_many_hashes_and_hashes_of_another_length_are_refused() -> None:
    assert not is_consistent(2, ROOTS[2], 5, ROOTS[5], [bytes(32)] * 64)
    assert not is_consistent(2, ROOTS[2], 5, ROOTS[5], [bytes(31)] * 2)
    assert not is_included(bytes(31), 0, 1, [], bytes(31))


def test_what_cannot_be_proven_is_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 8"):
        inclusion_proof(Nodes(ENTRIES), 8, 8)
    with pytest.raises(ValueError, match="does not continue"):
        consistency_proof(Nodes(ENTRIES), 5, 4)
