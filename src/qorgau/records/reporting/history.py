"""What the journal holds of what reporters are told; never the text itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.records.incidents.history import IncidentAction


@dataclass(frozen=True)
class FindingReleased(IncidentAction):
    is_correction: bool = False

    key = "reporting.finding_released"
    label = gettext_lazy("Finding released to the reporter")

    def sentence(self) -> str:
        if self.is_correction:
            return _("Finding for the reporter corrected")
        return str(self.label)


@dataclass(frozen=True)
class FindingWithdrawn(IncidentAction):
    reason: str

    key = "reporting.finding_withdrawn"
    label = gettext_lazy("Finding for the reporter withdrawn")

    def note(self) -> str:
        return self.reason


ACTIONS: tuple[type[JournalAction], ...] = (FindingReleased, FindingWithdrawn)
