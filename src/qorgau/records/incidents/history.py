"""What the journal holds of reports, incidents and imports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.journal.field_changes import changes_text, fields_text
from qorgau.foundation.languages import short_day
from qorgau.records.incidents.choices import (
    ClosingReason,
    IncidentState,
    InvolvedRole,
    Kind,
    source_label,
)
from qorgau.records.incidents.models import ImportRun, Incident, Report
from qorgau.records.people.history import UnitAction

# Stands for both values of a free text, which may name people and describe their health.
CHANGED_TEXT = "changed"


class ReportAction(JournalAction):
    subject_kind = "report"
    subject_label = Report._meta.verbose_name


class IncidentAction(JournalAction):
    subject_kind = "incident"
    subject_label = Incident._meta.verbose_name


class ImportAction(JournalAction):
    subject_kind = "import"
    subject_label = ImportRun._meta.verbose_name


@dataclass(frozen=True)
class ReportReceived(ReportAction):
    """In older journals an entry without a kind says that a closed report was opened again."""

    kind: str | None = None
    unit: str | None = None

    key = "incidents.report_received"
    label = gettext_lazy("Report received")

    def sentence(self) -> str:
        return str(self.label if self.kind else ReportReopened.label)

    def note(self) -> str:
        return str(Kind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class ReportReopened(ReportAction):
    key = "incidents.report_reopened"
    label = gettext_lazy("Report opened again")


@dataclass(frozen=True)
class ReportAccepted(ReportAction):
    incident: str

    key = "incidents.report_accepted"
    label = gettext_lazy("Report accepted as an incident")

    def sentence(self) -> str:
        return _("Report accepted as incident %(number)s") % {"number": self.incident}


@dataclass(frozen=True)
class ReportMerged(ReportAction):
    incident: str

    key = "incidents.report_merged"
    label = gettext_lazy("Report joined to an incident already known")

    def sentence(self) -> str:
        return _("Report joined to incident %(number)s") % {"number": self.incident}


@dataclass(frozen=True)
class ReportClosed(ReportAction):
    reason: str

    key = "incidents.report_closed"
    label = gettext_lazy("Report closed without an incident")

    def note(self) -> str:
        return str(ClosingReason(self.reason).label)


@dataclass(frozen=True)
class IncidentRecorded(IncidentAction):
    number: str | None = None
    kind: str | None = None
    unit: str | None = None
    source: str | None = None

    key = "incidents.incident_recorded"
    label = gettext_lazy("Recorded")

    def sentence(self) -> str:
        if not self.source:
            return str(self.label)
        return _("Imported. Source: %(source)s") % {"source": source_label(self.source)}


@dataclass(frozen=True)
class IncidentRevised(IncidentAction):
    """An import brought the incident up to what its source now says."""

    number: str
    source: str
    changed: Sequence[str]

    key = "incidents.incident_revised"
    label = gettext_lazy("Updated by its source")

    def sentence(self) -> str:
        return _("Updated by its source: %(source)s") % {"source": source_label(self.source)}

    def note(self) -> str:
        return fields_text(Incident, self.changed)


@dataclass(frozen=True)
class IncidentEdited(IncidentAction):
    """`changed` has the value before and after by field, of a free text `CHANGED_TEXT` alone."""

    changed: Mapping[str, object]

    key = "incidents.incident_edited"
    label = gettext_lazy("Changed")

    def sentence(self) -> str:
        if not self.changed:
            return _("Saved without a change")
        return _("Changed: %(fields)s") % {"fields": fields_text(Incident, self.changed)}

    def note(self) -> str:
        pairs = {
            name: (values[0], values[1])
            for name, values in self.changed.items()
            if isinstance(values, list | tuple)
        }
        return changes_text(Incident, pairs)


@dataclass(frozen=True)
class IncidentMoved(IncidentAction):
    to: str
    from_: str | None = None
    reason: str | None = None
    into: str | None = None

    key = "incidents.incident_moved"
    label = gettext_lazy("Moved to another state")

    def sentence(self) -> str:
        if self.into:
            return _("Merged into %(number)s") % {"number": self.into}
        if self.from_ == IncidentState.MERGED:
            return _("Merge undone. State: %(state)s") % {"state": IncidentState(self.to).label}
        return capfirst(str(IncidentState(self.to).label))

    def note(self) -> str:
        return self.reason or ""


@dataclass(frozen=True)
class InvolvedPersonAdded(IncidentAction):
    involved: uuid.UUID
    role: str

    key = "incidents.person_added"
    label = gettext_lazy("A person involved was added")

    def note(self) -> str:
        return str(InvolvedRole(self.role).label)


@dataclass(frozen=True)
class InjuryAdded(IncidentAction):
    """Medical detail stays out of the journal, which auditors read."""

    injury: uuid.UUID

    key = "incidents.injury_added"
    label = gettext_lazy("An injury was added")


@dataclass(frozen=True)
class LinkedWithRegister(UnitAction):
    """Somebody had the injuries of a unit linked with another register."""

    from_: dt.date
    to: dt.date

    key = "incidents.linked_with_register"
    label = gettext_lazy("Injuries linked with a medical register")

    def note(self) -> str:
        return f"{short_day(self.from_)} – {short_day(self.to)}"


@dataclass(frozen=True)
class ImportNoted(ImportAction):
    """How far a file had been taken into the register."""

    source: str
    file: str
    digest: str | None = None
    rows: int = 0
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0

    def note(self) -> str:
        return _("%(file)s, source: %(source)s") % {
            "file": self.file,
            "source": source_label(self.source),
        }


@dataclass(frozen=True)
class ImportBegun(ImportNoted):
    key = "incidents.import_begun"
    label = gettext_lazy("Import begun")


@dataclass(frozen=True)
class ImportResumed(ImportNoted):
    key = "incidents.import_resumed"
    label = gettext_lazy("Import resumed")


@dataclass(frozen=True)
class ImportFinished(ImportNoted):
    key = "incidents.import_finished"
    label = gettext_lazy("Import finished")

    def sentence(self) -> str:
        return _(
            "Import finished: imported %(imported)s, updated %(updated)s, unchanged "
            "%(unchanged)s, duplicate %(duplicate)s, rejected %(rejected)s"
        ) % {
            "imported": self.imported,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
        }


ACTIONS: tuple[type[JournalAction], ...] = (
    ReportReceived,
    ReportReopened,
    ReportAccepted,
    ReportMerged,
    ReportClosed,
    IncidentRecorded,
    IncidentRevised,
    IncidentEdited,
    IncidentMoved,
    InvolvedPersonAdded,
    InjuryAdded,
    LinkedWithRegister,
    ImportBegun,
    ImportResumed,
    ImportFinished,
)
