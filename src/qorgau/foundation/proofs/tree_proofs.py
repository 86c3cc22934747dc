"""Inclusion and consistency proofs of RFC 6962, sections 2.1.1 and 2.1.2: made and checked.

They are made from complete nodes (``merkle_tree.NodeHash``) and checked from roots and hashes
alone, as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says.
"""

from __future__ import annotations

from collections.abc import Sequence

from qorgau.foundation.proofs.merkle_tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    NodeHash,
    hash_of_leaves,
    largest_power_below,
    node_hash,
)

# No tree that can be counted in 63 bits needs more (C2SP tlog-witness).
MOST_HASHES = 63


def inclusion_proof(node: NodeHash, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root of the first ``size`` leaves.

    From the leaf's sibling upwards; at most ``ceil(log2(size))`` hashes of 32 bytes.

    Raises
    ------
    ValueError
        When there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    return _path(node, index, 0, size)


def _path(node: NodeHash, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + largest_power_below(end - start)
    if index < middle:
        return [*_path(node, index, start, middle), hash_of_leaves(node, middle, end)]
    return [*_path(node, index, middle, end), hash_of_leaves(node, start, middle)]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf with this hash is the one at ``index`` under the root of ``size`` leaves."""
    if not 0 <= index < size or not _are_hashes([leaf, *proof], most=MOST_HASHES + 1):
        return False
    place, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def consistency_proof(node: NodeHash, old_size: int, new_size: int) -> list[bytes]:
    """The hashes from which the roots of both sizes follow: the larger tree continues the smaller.

    At most ``ceil(log2(new_size)) + 1`` hashes of 32 bytes; none where the sizes are equal or the
    old one is 0.

    Raises
    ------
    ValueError
        When the old size is negative or above the new one.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"A tree of {new_size} leaves does not continue one of {old_size}.")
    if old_size in (0, new_size):
        return []
    return _subproof(node, old_size, 0, new_size, is_whole=True)


def _subproof(
    node: NodeHash, old_size: int, start: int, end: int, *, is_whole: bool
) -> list[bytes]:
    """Of the leaves from ``start``; ``is_whole`` while the checker knows the old hash of them."""
    if old_size == end:
        return [] if is_whole else [hash_of_leaves(node, start, end)]
    middle = start + largest_power_below(end - start)
    if old_size <= middle:
        rest = _subproof(node, old_size, start, middle, is_whole=is_whole)
        return [*rest, hash_of_leaves(node, middle, end)]
    rest = _subproof(node, old_size, middle, end, is_whole=False)
    return [*rest, hash_of_leaves(node, start, middle)]


def is_consistent(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of the new root continues the one of the old root."""
    if not 0 <= old_size <= new_size or not _are_hashes(proof, most=MOST_HASHES):
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size.bit_count() == 1:
        # The old tree is one node, which the checker knows: it is not sent.
        proof = [old_root, *proof]
    return bool(proof) and _roots_of(old_size, new_size, proof) == (old_root, new_root)


def _roots_of(old_size: int, new_size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that follow from the hashes; None where their number is wrong."""
    old, new = old_size - 1, new_size - 1
    while old & 1:
        old, new = old >> 1, new >> 1
    old_root = new_root = proof[0]
    for sibling in proof[1:]:
        if new == 0:
            return None
        if old & 1 or old == new:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while not old & 1 and old:
                old, new = old >> 1, new >> 1
        else:
            new_root = node_hash(new_root, sibling)
        old, new = old >> 1, new >> 1
    return (old_root, new_root) if new == 0 else None


def _are_hashes(hashes: Sequence[bytes], *, most: int) -> bool:
    return len(hashes) <= most and all(len(one) == HASH_BYTES for one in hashes)
