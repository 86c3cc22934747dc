"""Reports, incidents, those involved, injuries, earlier versions, and imports."""

from qorgau.records.incidents.models.imports import ImportRun, RejectedRow
from qorgau.records.incidents.models.incidents import (
    LONGEST_ABSENCE_DAYS,
    MOST_INJURED,
    Event,
    Incident,
    Injury,
    InvolvedPerson,
    Report,
    SeverityThreshold,
)
from qorgau.records.incidents.models.revisions import IncidentRevision

__all__ = [
    "LONGEST_ABSENCE_DAYS",
    "MOST_INJURED",
    "Event",
    "ImportRun",
    "Incident",
    "IncidentRevision",
    "Injury",
    "InvolvedPerson",
    "RejectedRow",
    "Report",
    "SeverityThreshold",
]
