"""What the journal holds of itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction

# The journal is one; entries about it name no other record.
JOURNAL = uuid.UUID(int=0)


class AboutJournal(JournalAction):
    subject_kind = "journal"
    subject_label = gettext_lazy("journal")


@dataclass(frozen=True)
class TreeBegun(AboutJournal):
    """How many entries there were when the tree was begun, the digest of the last, and the root."""

    size: int
    head: str
    root: str

    key = "journal.tree_begun"
    label = gettext_lazy("Proofs of the journal begun")

    def note(self) -> str:
        return _("Entries: %(size)s") % {"size": self.size}


@dataclass(frozen=True)
class HeadTaken(AboutJournal):
    """A head was given out, to be kept where nobody can change it together with the register."""

    size: int
    root: str

    key = "journal.head_taken"
    label = gettext_lazy("Head of the journal taken")

    def note(self) -> str:
        return _("Entries: %(size)s") % {"size": self.size}


ACTIONS: tuple[type[JournalAction], ...] = (TreeBegun, HeadTaken)
