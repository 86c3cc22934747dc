"""Is the chain intact? Every broken row is named."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.foundation.journal.chain import GENESIS, digest_of_entry
from qorgau.foundation.journal.models import JournalEntry, JournalHead

# How far from its place we search for a moved row before we call it altered.
SEARCHED_FOR_OLD_PLACE = 1000


@dataclass(frozen=True)
class Fault:
    """One broken place: ``kind`` is altered, missing, reordered or cut_off."""

    sequence: int
    kind: str
    explanation: str


@dataclass(frozen=True)
class Verdict:
    rows_checked: int
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        return not self.faults


def verify_journal(*, most_faults: int = 20) -> Verdict:
    """Check the whole chain once, in constant memory, and name every broken row."""
    expected, previous, checked = 1, GENESIS, 0
    faults: list[Fault] = []
    for row in JournalEntry.objects.order_by("sequence").iterator(chunk_size=5000):
        checked += 1
        if row.sequence > expected:
            faults.append(_missing(expected, row.sequence - 1))
        fault = _fault_of(row, previous, is_successor=row.sequence == expected)
        if fault:
            _name_once(faults, fault)
        if len(faults) >= most_faults:
            break
        expected, previous = row.sequence + 1, row.digest
    else:
        fault = _fault_of_tail(expected - 1, previous)
        if fault:
            _name_once(faults, fault)
    return Verdict(rows_checked=checked, faults=tuple(faults))


def _name_once(faults: list[Fault], fault: Fault) -> None:
    """A broken row breaks the link after it too; it is named once."""
    if not (faults and faults[-1].sequence == fault.sequence):
        faults.append(fault)


def _fault_of(row: JournalEntry, previous: str, *, is_successor: bool) -> Fault | None:
    if _digest_at(row, row.sequence) != row.digest:
        return _altered_or_reordered(row)
    if is_successor and row.previous_digest != previous:
        # This row's own digest, which covers the link, is right: the row before it changed.
        explanation = _(
            "Entry %(row)s is not the one that entry %(next)s was written after: it was replaced."
        )
        values = {"row": row.sequence - 1, "next": row.sequence}
        return Fault(row.sequence - 1, "altered", explanation % values)
    return None


def _digest_at(row: JournalEntry, sequence: int) -> str:
    """The digest this row would have under the number ``sequence``."""
    return digest_of_entry(row, sequence)


def _altered_or_reordered(row: JournalEntry) -> Fault:
    """A row whose digest is right under another number was moved; otherwise its content changed."""
    first = max(1, row.sequence - SEARCHED_FOR_OLD_PLACE)
    for sequence in range(first, row.sequence + SEARCHED_FOR_OLD_PLACE + 1):
        if _digest_at(row, sequence) == row.digest:
            explanation = _("Entry %(row)s was written as entry %(old)s: entries were reordered.")
            values: dict[str, object] = {"row": row.sequence, "old": sequence}
            return Fault(row.sequence, "reordered", explanation % values)
    explanation = _(
        "Entry %(row)s (%(action)s, %(kind)s %(record)s) was altered after it was written:"
        " its content no longer matches its hash."
    )
    values = {
        "row": row.sequence,
        "action": row.action,
        "kind": row.subject_kind,
        "record": row.subject_uuid,
    }
    return Fault(row.sequence, "altered", explanation % values)


def _missing(first: int, last: int) -> Fault:
    if first == last:
        return Fault(first, "missing", _("Entry %(row)s is missing.") % {"row": first})
    return Fault(
        first,
        "missing",
        _("Entries %(first)s to %(last)s are missing.") % {"first": first, "last": last},
    )


def _cut_off(first: int, last: int) -> Fault:
    explanation = _("Entries %(first)s to %(last)s were cut off the end of the journal.")
    return Fault(first, "cut_off", explanation % {"first": first, "last": last})


def _fault_of_tail(last: int, digest: str) -> Fault | None:
    head = JournalHead.objects.filter(pk=1).first()
    if head is None:
        return _head_differs(last) if last else None
    if head.sequence > last:
        return _cut_off(last + 1, head.sequence)
    if head.sequence != last or head.digest != digest:
        return _head_differs(last)
    return None


def _head_differs(last: int) -> Fault:
    return Fault(
        last,
        "altered",
        _("Entry %(row)s is not the one that the head of the journal points to.") % {"row": last},
    )
