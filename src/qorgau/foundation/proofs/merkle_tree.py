"""The hash tree of RFC 6962, section 2.1: its leaves, its nodes, its root, and how it grows.

A node of level ``l`` and index ``i`` covers the leaves from ``i * 2**l`` to ``(i + 1) * 2**l - 1``.
A tree of any size is a few complete nodes, one for each bit of its size: these are kept, and a new
leaf costs two hashes on average.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

# The hash of a complete node, by level and index.
NodeHash = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of ``0x00 || entry``: 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of ``0x01 || left || right``: 32 bytes. No node passes as a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """The right edge of a tree: all that appending and the root need.

    Parameters
    ----------
    size
        Number of leaves, at least 0.
    edge
        Hashes of the complete nodes that make up the tree, from the largest to the smallest: one of
        32 bytes for each bit that is set in ``size``.

    Raises
    ------
    ValueError
        When ``edge`` has another number of hashes, or one of another length.
    """

    def __init__(self, size: int = 0, edge: bytes = b"") -> None:
        if size < 0 or len(edge) != size.bit_count() * HASH_BYTES:
            raise ValueError(
                f"A tree of {size} leaves has {size.bit_count()} hashes of 32 bytes at its edge,"
                f" not {len(edge)} bytes."
            )
        self.size = size
        self._edge = [edge[at : at + HASH_BYTES] for at in range(0, len(edge), HASH_BYTES)]

    @property
    def edge(self) -> bytes:
        """To be kept, and given back to go on."""
        return b"".join(self._edge)

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add the hash of a leaf; gives level, index and hash of every node completed by it.

        The nodes come from level 1 upwards, at most one of each level. The tree has grown when all
        have been taken.
        """
        whole, level, bits = leaf, 0, self.size
        while bits & 1:
            whole = node_hash(self._edge.pop(), whole)
            level, bits = level + 1, bits >> 1
            yield level, bits, whole
        self._edge.append(whole)
        self.size += 1

    def root(self) -> bytes:
        """The root of 32 bytes; of an empty tree the hash of nothing."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = node_hash(left, root)
        return root


def hash_of_leaves(node: NodeHash, start: int, end: int) -> bytes:
    """The tree hash over the leaves from ``start`` to ``end - 1``, from complete nodes.

    ``start`` is a multiple of the largest power of two below ``end - start``, as everywhere in the
    tree. Asks ``node`` for at most ``log2(end - start) + 1`` nodes.
    """
    width = end - start
    if width < 1:
        raise ValueError("There is no hash over no leaves.")
    if width.bit_count() == 1:
        level = width.bit_length() - 1
        return node(level, start >> level)
    half = largest_power_below(width)
    return node_hash(
        hash_of_leaves(node, start, start + half), hash_of_leaves(node, start + half, end)
    )


def largest_power_below(number: int) -> int:
    """The largest power of two smaller than ``number``, which is at least 2."""
    power: int = 1 << ((number - 1).bit_length() - 1)
    return power
