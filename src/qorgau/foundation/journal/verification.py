"""Is the chain intact, and does it continue the heads kept outside? Every broken row is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qorgau.foundation.journal import faults as named
from qorgau.foundation.journal.chain import GENESIS, digest_of_entry
from qorgau.foundation.journal.faults import Fault
from qorgau.foundation.journal.models import JournalEntry, JournalHead, JournalNode
from qorgau.foundation.journal.tree import LEAF_OF_A_MISSING_ROW, STORED_FROM_LEVEL, leaf_of
from qorgau.foundation.proofs.checkpoint import Checkpoint
from qorgau.foundation.proofs.merkle_tree import GrowingTree

# How far from its place we search for a moved row before we call it altered.
SEARCHED_FOR_OLD_PLACE = 1000
# A number far away was written by hand: the tree is not filled up to it.
MOST_MISSING = 1_000_000


@dataclass(frozen=True)
class Verdict:
    rows_checked: int
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        return not self.faults


def verify_journal(*, kept: Sequence[Checkpoint] = (), most_faults: int = 20) -> Verdict:
    """Check the whole chain once, in nearly constant memory, and name every broken row.

    ``kept`` are heads that were kept outside, whose signatures the caller has verified.
    """
    # Before the rows: what is appended meanwhile is left for the next time.
    head = JournalHead.objects.filter(pk=1).first()
    rows = JournalEntry.objects.order_by("sequence")
    if head is not None:
        rows = rows.filter(sequence__lte=head.sequence)
    scan = _Scan(kept)
    for row in rows.iterator(chunk_size=5000):
        scan.read(row)
        if len(scan.faults) >= most_faults:
            break
    else:
        scan.finish(head)
    return Verdict(rows_checked=scan.checked, faults=tuple(scan.faults))


class _Scan:
    """Reads the rows in order; keeps what the next one must fit to."""

    def __init__(self, kept: Sequence[Checkpoint]) -> None:
        self.faults: list[Fault] = []
        self.checked = 0
        self._expected, self._previous = 1, GENESIS
        self._tree: _CheckedTree | None = _CheckedTree(kept)
        self._kept = kept

    def read(self, row: JournalEntry) -> None:
        self.checked += 1
        if row.sequence > self._expected:
            self.faults.append(named.missing(self._expected, row.sequence - 1))
        fault = _fault_of(row, self._previous, is_successor=row.sequence == self._expected)
        if fault:
            self._name_once(fault)
        self._grow(row)
        self._expected, self._previous = row.sequence + 1, row.digest

    def _grow(self, row: JournalEntry) -> None:
        if self._tree is None:
            return
        gap = row.sequence - self._expected
        if not 0 <= gap <= MOST_MISSING or len(row.digest) != len(GENESIS):
            self._tree = None
            return
        for _number in range(gap):
            self._tree.append(LEAF_OF_A_MISSING_ROW)
        try:
            self._tree.append(leaf_of(row.digest))
        except ValueError:
            # No hexadecimal digits: the row is named already, and the tree over it is another one.
            self._tree = None

    def finish(self, head: JournalHead | None) -> None:
        last = self._expected - 1
        fault = _fault_of_tail(head, last, self._previous)
        if fault:
            self._name_once(fault)
        self._read_beyond(head)
        if self._tree is None:
            self.faults += [named.other_history(kept) for kept in self._kept]
            return
        self.faults += self._tree.broken_expectations()
        if not self.faults and head is not None:
            # Only now: that they do not fit a row that was changed is no news.
            self.faults += self._tree.misfits(head)

    def _read_beyond(self, head: JournalHead | None) -> None:
        """A row behind the head was not written with it; one written meanwhile has moved it."""
        if head is None:
            return
        row = JournalEntry.objects.filter(sequence__gt=head.sequence).order_by("sequence").first()
        if row is None or JournalHead.objects.filter(pk=1, sequence__gte=row.sequence).exists():
            return
        is_successor = row.sequence == self._expected
        fault = _fault_of(row, self._previous, is_successor=is_successor)
        self._name_once(fault or named.head_differs(row.sequence))

    def _name_once(self, fault: Fault) -> None:
        """A broken row breaks the link after it too; it is named once."""
        if not (self.faults and self.faults[-1].sequence == fault.sequence):
            self.faults.append(fault)


class _CheckedTree:
    """The tree over the rows as they are, compared with what is stored and with heads kept."""

    def __init__(self, kept: Sequence[Checkpoint]) -> None:
        self._tree = GrowingTree()
        self._kept = {one.size: one for one in kept}
        self._unequal = [one for one in kept if self._kept[one.size] != one]
        self._stored = _stored_nodes()
        self._misfit: Fault | None = None
        self._compare()

    def append(self, leaf: bytes) -> None:
        for level, index, value in self._tree.append(leaf):
            if level >= STORED_FROM_LEVEL and self._stored.pop((level, index), None) != value:
                self._misfit = self._misfit or named.node_differs(level, index)
        if self._kept:
            self._compare()

    def _compare(self) -> None:
        kept = self._kept.get(self._tree.size)
        if kept is not None:
            del self._kept[self._tree.size]
            if kept.root != self._tree.root():
                self._unequal.append(kept)

    def broken_expectations(self) -> Iterator[Fault]:
        for kept in self._unequal:
            yield named.other_history(kept)
        for kept in self._kept.values():
            yield named.shorter(kept, self._tree.size)

    def misfits(self, head: JournalHead) -> Iterator[Fault]:
        """Where what is stored differs from what follows from the rows."""
        if self._misfit:
            yield self._misfit
        if bytes(head.edge) != self._tree.edge:
            yield named.edge_differs(self._tree.size)
        for level, index in sorted(self._stored):
            if (index + 1) << level <= self._tree.size:
                yield named.node_differs(level, index)
                return


def _stored_nodes() -> dict[tuple[int, int], bytes]:
    """One for every 128 rows, about."""
    nodes = JournalNode.objects.values_list("level", "index", "hash")
    return {(level, index): bytes(value) for level, index, value in nodes.iterator()}


def _fault_of(row: JournalEntry, previous: str, *, is_successor: bool) -> Fault | None:
    if digest_of_entry(row) != row.digest:
        return _altered_or_reordered(row)
    if is_successor and row.previous_digest != previous:
        return named.replaced(row)
    return None


def _altered_or_reordered(row: JournalEntry) -> Fault:
    """A row whose digest is right under another number was moved; otherwise its content changed."""
    first = max(1, row.sequence - SEARCHED_FOR_OLD_PLACE)
    for sequence in range(first, row.sequence + SEARCHED_FOR_OLD_PLACE + 1):
        if digest_of_entry(row, sequence) == row.digest:
            return named.reordered(row, sequence)
    return named.altered(row)


def _fault_of_tail(head: JournalHead | None, last: int, digest: str) -> Fault | None:
    if head is None:
        return named.head_differs(last) if last else None
    if head.sequence > last:
        return named.cut_off(last + 1, head.sequence)
    if head.sequence != last or head.digest != digest:
        return named.head_differs(last)
    return None
