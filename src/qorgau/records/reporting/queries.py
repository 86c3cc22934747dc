"""Reads of what reporters are told; whoever may read the report may read this of its incident."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.reporting.models import ReleasedFinding


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
