"""A person decides what a report is: an incident, one already known, or none."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.outbox.services import enqueue
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents import rules
from qorgau.records.incidents.authority import (
    require_drafts,
    require_incident,
    require_report,
)
from qorgau.records.incidents.choices import IncidentState, ReportState
from qorgau.records.incidents.fields import INCIDENT_FIELDS, Use
from qorgau.records.incidents.history import (
    ReportAccepted,
    ReportAction,
    ReportClosed,
    ReportMerged,
    ReportReopened,
)
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.incidents.queries import remaining_incident_visible_to
from qorgau.records.incidents.services.recording import (
    IncidentDraft,
    InvolvedDraft,
    enter_incidents,
)
from qorgau.records.incidents.services.reporting import require_past


@one_transaction
def accept_report(
    *, report: Report, acting_user: User | None, corrections: dict[str, Any] | None = None
) -> Incident:
    """Make the report an incident. ``corrections`` overrides fields (kind, unit, cause, ...)."""
    report = _locked(report, acting_user)
    carried_over = INCIDENT_FIELDS.names(Use.CARRY_OVER)
    fields = {name: getattr(report, name) for name in carried_over} | (corrections or {})
    unit = fields.pop("unit") or report.unit
    if unit is None:
        raise ValidationError({"unit": _("Choose the unit that this is about.")})
    occurred_at = fields.pop("occurred_at")
    require_past(occurred_at)
    draft = IncidentDraft(
        kind=fields.pop("kind"),
        unit=unit,
        occurred_at=occurred_at,
        involved=tuple(InvolvedDraft() for _person in range(report.injured_count)),
        fields=fields,
    )
    require_drafts(acting_user, Capability.TRIAGE_REPORTS, [draft])
    incident = enter_incidents([draft], acting_user=acting_user)[0]
    report.incident = incident
    _move(report, ReportState.ACCEPTED, ReportAccepted(incident.number), acting_user)
    return incident


@one_transaction
def merge_report(*, report: Report, incident: Incident, acting_user: User | None) -> None:
    """The report is about an incident already known; it stays readable beside it."""
    report = _locked(report, acting_user)
    # As it is now, not as it was when the page was loaded.
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    require_incident(acting_user, Capability.TRIAGE_REPORTS, incident)
    require_unmerged(incident, acting_user)
    report.incident = incident
    _move(report, ReportState.MERGED, ReportMerged(incident.number), acting_user)


@one_transaction
def close_report(*, report: Report, reason: str, acting_user: User | None, note: str = "") -> None:
    """Close without an incident; the reason and the note are what the reporter reads."""
    report = _locked(report, acting_user)
    if not reason:
        raise ValidationError({"closing_reason": _("Choose a reason. The reporter will read it.")})
    report.closing_reason, report.closing_note = reason, note
    _move(report, ReportState.CLOSED, ReportClosed(reason), acting_user)


@one_transaction
def reopen_report(*, report: Report, acting_user: User | None) -> None:
    report = _locked(report, acting_user)
    report.closing_reason, report.closing_note = "", ""
    _move(report, ReportState.RECEIVED, ReportReopened(), acting_user)


def require_unmerged(incident: Incident, acting_user: User | None) -> None:
    if incident.state != IncidentState.MERGED:
        return
    if acting_user is None or remaining_incident_visible_to(acting_user, incident):
        raise ValidationError(
            _("Incident %(number)s was itself merged into %(into)s. Choose that one."),
            params={"number": incident.number, "into": incident.merged_into},
        )
    raise ValidationError(
        _("Incident %(number)s was itself merged into another one, which you may not open."),
        params={"number": incident.number},
    )


def _locked(report: Report, acting_user: User | None) -> Report:
    report = Report.objects.select_for_update().get(pk=report.pk)
    require_report(acting_user, report)
    return report


def _move(report: Report, to: str, action: ReportAction, acting_user: User | None) -> None:
    if not rules.may_move_report(report.state, to):
        raise ValidationError(
            _(
                "A decision on this report has already been made (%(state)s). Someone else may"
                " have made it."
            ),
            params={"state": report.get_state_display()},
        )
    report.state = to
    report.full_clean()
    report.save()
    append_entry(action, subject=report.uuid, acting_user=acting_user)
    enqueue("report_settled", {"report": str(report.uuid), "state": to})
