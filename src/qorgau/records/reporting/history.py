"""What the journal holds of reporting points and of what reporters are shown; never the text."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.records.incidents.history import IncidentAction
from qorgau.records.people.history import UnitAction


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


@dataclass(frozen=True)
class ReportingPointMade(UnitAction):
    """The code is not among the details: the address is for who stands before the poster."""

    unit: str

    key = "reporting.point_made"
    label = gettext_lazy("Reporting point made")

    def note(self) -> str:
        return self.unit


@dataclass(frozen=True)
class ReportingPointWithdrawn(UnitAction):
    unit: str

    key = "reporting.point_withdrawn"
    label = gettext_lazy("Reporting point withdrawn")

    def note(self) -> str:
        return self.unit


@dataclass(frozen=True)
class ReportingPointRestored(UnitAction):
    unit: str

    key = "reporting.point_restored"
    label = gettext_lazy("Reporting point in use again")

    def note(self) -> str:
        return self.unit


ACTIONS: tuple[type[JournalAction], ...] = (
    FindingReleased,
    FindingWithdrawn,
    ReportingPointMade,
    ReportingPointWithdrawn,
    ReportingPointRestored,
)
