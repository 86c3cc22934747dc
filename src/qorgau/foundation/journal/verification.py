"""Does the chain hold? The first row that does not is named."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.foundation.journal.chain import GENESIS, digest_of_row
from qorgau.foundation.journal.models import JournalEntry, JournalHead

# How far from its place a moved row is looked for before it is called altered.
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
    """Walk the whole chain once, in constant memory, and name every broken row."""
    expected, previous, checked = 1, GENESIS, 0
    faults: list[Fault] = []
    for row in JournalEntry.objects.order_by("sequence").iterator(chunk_size=5000):
        checked += 1
        if row.sequence > expected:
            faults.append(_missing(expected, row.sequence - 1))
        fault = _fault_of(row, previous, is_successor=row.sequence == expected)
        if fault:
            faults.append(fault)
        if len(faults) >= most_faults:
            break
        expected, previous = row.sequence + 1, row.digest
    else:
        faults.extend(_fault_of_tail(expected - 1, previous))
    return Verdict(rows_checked=checked, faults=tuple(faults))


def _fault_of(row: JournalEntry, previous: str, *, is_successor: bool) -> Fault | None:
    if _digest_at(row, row.sequence) != row.digest:
        return _altered_or_reordered(row)
    if is_successor and row.previous_digest != previous:
        return Fault(
            row.sequence,
            "reordered",
            _("Row %(row)s does not follow from the row before it.") % {"row": row.sequence},
        )
    return None


def _digest_at(row: JournalEntry, sequence: int) -> str:
    """The digest this row would have under the number ``sequence``."""
    return digest_of_row(
        sequence=sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_uuid=row.subject_uuid,
        details=row.details,
        previous_digest=row.previous_digest,
    )


def _altered_or_reordered(row: JournalEntry) -> Fault:
    """A row whose digest holds under another number was moved; otherwise its content changed."""
    first = max(1, row.sequence - SEARCHED_FOR_OLD_PLACE)
    for sequence in range(first, row.sequence + SEARCHED_FOR_OLD_PLACE + 1):
        if _digest_at(row, sequence) == row.digest:
            explanation = _("Row %(row)s was written as row %(old)s: rows were reordered.")
            values: dict[str, object] = {"row": row.sequence, "old": sequence}
            return Fault(row.sequence, "reordered", explanation % values)
    explanation = _(
        "Row %(row)s (%(action)s, %(kind)s %(record)s) was altered after it was written: "
        "its content no longer matches its digest."
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
        return Fault(first, "missing", _("Row %(row)s is missing.") % {"row": first})
    return Fault(
        first,
        "missing",
        _("Rows %(first)s to %(last)s are missing.") % {"first": first, "last": last},
    )


def _fault_of_tail(last: int, digest: str) -> list[Fault]:
    head = JournalHead.objects.filter(pk=1).first()
    if head is None:
        return [] if last == 0 else [_head_differs(last)]
    if head.sequence > last:
        return [_missing(last + 1, head.sequence)]
    if head.sequence != last or head.digest != digest:
        return [_head_differs(last)]
    return []


def _head_differs(last: int) -> Fault:
    return Fault(
        last,
        "altered",
        _("Row %(row)s is not the one that the head of the journal names.") % {"row": last},
    )
