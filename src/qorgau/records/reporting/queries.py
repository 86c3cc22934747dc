"""Reads of reporting points, and of what reporters are shown.

Whoever may read a report may read what was released of its incident.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from qorgau.foundation.identifiers import point_code_as_typed
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.people.queries import unit_ids_visible_to
from qorgau.records.reporting.models import ReleasedFinding, ReportingPoint


def incidents_that_stayed(reports: Iterable[Report]) -> dict[int, Incident]:
    """By report, the incident that it is part of now, past all merging; at most a few queries."""
    stayed = {report.pk: report.incident for report in reports if report.incident}
    while merged := {
        incident.merged_into_id
        for incident in stayed.values()
        if incident.state == IncidentState.MERGED and incident.merged_into_id
    }:
        into = Incident.objects.in_bulk(merged)
        stayed = {
            report: into.get(incident.merged_into_id, incident)
            if incident.state == IncidentState.MERGED
            else incident
            for report, incident in stayed.items()
        }
    return stayed


def released_findings(incidents: Iterable[Incident]) -> dict[int, ReleasedFinding]:
    """What is released now, by incident."""
    keys = {incident.pk for incident in incidents}
    if not keys:
        return {}
    current = ReleasedFinding.objects.filter(incident_id__in=keys, ended_at__isnull=True)
    return {released.incident_id: released for released in current}


def has_reporters(incident: Incident) -> bool:
    """Whether anybody reported it, or what was merged into it."""
    of_it = Q(incident=incident) | Q(incident__merged_into=incident)
    return Report.objects.filter(of_it).exists()


def reporting_points_managed_by(user: User) -> QuerySet[ReportingPoint]:
    """Those in use in the units for which the user may make and withdraw them."""
    return _managed_by(user).filter(withdrawn_at__isnull=True).order_by("unit__code", "place", "id")


def withdrawn_points_managed_by(user: User) -> QuerySet[ReportingPoint]:
    """Those that were withdrawn, the last one first: their posters may still hang."""
    return _managed_by(user).filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-id")


def _managed_by(user: User) -> QuerySet[ReportingPoint]:
    units = unit_ids_visible_to(user, Capability.MANAGE_REPORTING_POINTS)
    return ReportingPoint.objects.filter(unit_id__in=units).select_related("unit", "site__area")


def reporting_point_of(typed_code: str) -> ReportingPoint | None:
    """The point at an address, for everybody who has it, as long as it is in use."""
    return (
        ReportingPoint.objects.filter(
            code=point_code_as_typed(typed_code), withdrawn_at__isnull=True
        )
        .select_related("unit", "site__area")
        .first()
    )
