"""The tree of RFC 6962 over the entries of the journal, in the order of their numbers.

The entry of a leaf is the digest of a row, 32 bytes, so that rows from before there was a tree are
leaves like any other, and a row that was erased still is one. Entry n is leaf n - 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from qorgau.foundation.journal.chain import GENESIS
from qorgau.foundation.journal.models import JournalEntry, JournalNode
from qorgau.foundation.proofs.merkle_tree import GrowingTree, leaf_hash, node_hash

# Nodes of this level and above are stored; those below are computed from 256 rows.
STORED_FROM_LEVEL = 8


def leaf_of(digest: str) -> bytes:
    return leaf_hash(bytes.fromhex(digest))


# In a journal that already missed rows when the tree was begun, this stands for each of them.
LEAF_OF_A_MISSING_ROW = leaf_of(GENESIS)


def grown_by(tree: GrowingTree, digest: str) -> list[JournalNode]:
    """Append the row with this digest; gives the nodes to be stored."""
    return [
        JournalNode(level=level, index=index, hash=value)
        for level, index, value in tree.append(leaf_of(digest))
        if level >= STORED_FROM_LEVEL
    ]


class StoredTree:
    """Complete nodes as the tables hold them, for proofs."""

    def __init__(self) -> None:
        self._block = lru_cache(maxsize=8)(_levels_of_block)

    def __call__(self, level: int, index: int) -> bytes:
        if level >= STORED_FROM_LEVEL:
            stored = JournalNode.objects.values_list("hash", flat=True)
            return bytes(stored.get(level=level, index=index))
        width = STORED_FROM_LEVEL - level
        levels = self._block(index >> width)
        return levels[level][index - (index >> width << width)]


def _levels_of_block(block: int) -> list[list[bytes]]:
    """All nodes below the stored ones over 256 entries, by level; fewer at the end."""
    first = block << STORED_FROM_LEVEL
    last = first + (1 << STORED_FROM_LEVEL)
    rows = JournalEntry.objects.filter(sequence__gt=first, sequence__lte=last)
    digests = dict(rows.values_list("sequence", "digest"))
    end = max(digests, default=first)
    leaves = [
        leaf_of(digests[number]) if number in digests else LEAF_OF_A_MISSING_ROW
        for number in range(first + 1, end + 1)
    ]
    return list(_levels_above(leaves))


def _levels_above(leaves: Sequence[bytes]) -> Iterable[list[bytes]]:
    level = list(leaves)
    while level:
        yield level
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
