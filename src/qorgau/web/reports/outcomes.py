"""What happened to a report, in the words of the one who sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.reporting.models import ReleasedFinding
from qorgau.records.reporting.queries import incidents_that_stayed, released_findings

_S = IncidentState
SENTENCES: dict[str, str | Promise] = {
    _S.TRIAGED: _("Accepted. The investigation has not begun yet."),
    _S.UNDER_INVESTIGATION: _("Under investigation."),
    _S.AWAITING_ENDORSEMENT: _("Investigated. The finding is being checked."),
    _S.CLOSED: _("The investigation is finished."),
}


@dataclass(frozen=True)
class OutcomeForSender:
    """A report with what was decided and, once it is released, what was done because of it."""

    report: Report
    incident: Incident | None
    sentence: str | Promise
    finding: ReleasedFinding | None


def outcomes_of(reports: Iterable[Report]) -> list[OutcomeForSender]:
    reports = list(reports)
    stayed = incidents_that_stayed(reports)
    released = released_findings(stayed.values())
    return [_outcome(report, stayed.get(report.pk), released) for report in reports]


def _outcome(
    report: Report, incident: Incident | None, released: dict[int, ReleasedFinding]
) -> OutcomeForSender:
    if incident is None:
        return OutcomeForSender(report, None, "", None)
    return OutcomeForSender(
        report, incident, SENTENCES.get(incident.state, ""), released.get(incident.pk)
    )
