"""An action only for tests."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.foundation.journal.actions import JournalAction


@dataclass(frozen=True)
class Turned(JournalAction):
    turn: int | None = None

    key = "test.changed"
    label = "Turned"
    subject_kind = "unit"
    subject_label = "unit"
