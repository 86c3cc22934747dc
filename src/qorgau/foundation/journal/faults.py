"""What is wrong with a journal, named row by row, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.proofs.checkpoint import Checkpoint


@dataclass(frozen=True)
class Fault:
    """One broken place.

    ``kind`` is altered, missing, reordered or cut_off; tree where the stored proofs do not fit the
    entries; shorter or other_history where the journal does not continue a head kept outside.
    """

    sequence: int
    kind: str
    explanation: str


def replaced(row: JournalEntry) -> Fault:
    """This row's own digest, which covers the link, is right: the row before it changed."""
    explanation = _(
        "Entry %(row)s is not the one that entry %(next)s was written after: it was replaced."
    )
    values = {"row": row.sequence - 1, "next": row.sequence}
    return Fault(row.sequence - 1, "altered", explanation % values)


def altered(row: JournalEntry) -> Fault:
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


def reordered(row: JournalEntry, old: int) -> Fault:
    explanation = _("Entry %(row)s was written as entry %(old)s: entries were reordered.")
    return Fault(row.sequence, "reordered", explanation % {"row": row.sequence, "old": old})


def missing(first: int, last: int) -> Fault:
    if first == last:
        return Fault(first, "missing", _("Entry %(row)s is missing.") % {"row": first})
    return Fault(
        first,
        "missing",
        _("Entries %(first)s to %(last)s are missing.") % {"first": first, "last": last},
    )


def cut_off(first: int, last: int) -> Fault:
    explanation = _("Entries %(first)s to %(last)s were cut off the end of the journal.")
    return Fault(first, "cut_off", explanation % {"first": first, "last": last})


def head_differs(last: int) -> Fault:
    return Fault(
        last,
        "altered",
        _("Entry %(row)s is not the one that the head of the journal points to.") % {"row": last},
    )


def node_differs(level: int, index: int) -> Fault:
    first, last = (index << level) + 1, (index + 1) << level
    explanation = _(
        "The hash stored over entries %(first)s to %(last)s is not the one that follows from them."
    )
    return Fault(first, "tree", explanation % {"first": first, "last": last})


def edge_differs(last: int) -> Fault:
    explanation = _(
        "The hashes stored with the head of the journal are not those that follow from entries 1 to"
        " %(last)s."
    )
    return Fault(last, "tree", explanation % {"last": last})


def shorter(kept: Checkpoint, size: int) -> Fault:
    explanation = _(
        "The journal has %(size)s entries, and the head that was kept outside is of %(kept)s."
        " Entries were removed since."
    )
    return Fault(size + 1, "shorter", explanation % {"size": size, "kept": kept.size})


def other_history(kept: Checkpoint) -> Fault:
    explanation = _(
        "Entries 1 to %(kept)s are not those over which the head that was kept outside was taken."
        " At least one of them was changed or replaced since, and the hashes recomputed."
    )
    return Fault(kept.size, "other_history", explanation % {"kept": kept.size})
