"""Writes to reports and incidents: one function, one transaction, one journal row."""

from qorgau.records.incidents.services.import_rows import ImportBatch, Rejection, SourceRow
from qorgau.records.incidents.services.importing import (
    begin_import,
    finish_import,
    record_import_batch,
)
from qorgau.records.incidents.services.investigation import (
    add_injury,
    add_involved_person,
    begin_investigation,
    close_incident,
    edit_incident,
    merge_incidents,
    reopen_incident,
    return_to_investigation,
    submit_for_endorsement,
    undo_merge,
)
from qorgau.records.incidents.services.linkage import note_linkage
from qorgau.records.incidents.services.recording import (
    IncidentDraft,
    InjuryDraft,
    InvolvedDraft,
    record_incidents,
)
from qorgau.records.incidents.services.reporting import report_incident
from qorgau.records.incidents.services.triage import (
    accept_report,
    close_report,
    merge_report,
    reopen_report,
)

__all__ = [
    "ImportBatch",
    "IncidentDraft",
    "InjuryDraft",
    "InvolvedDraft",
    "Rejection",
    "SourceRow",
    "accept_report",
    "add_injury",
    "add_involved_person",
    "begin_import",
    "begin_investigation",
    "close_incident",
    "close_report",
    "edit_incident",
    "finish_import",
    "merge_incidents",
    "merge_report",
    "note_linkage",
    "record_import_batch",
    "record_incidents",
    "reopen_incident",
    "reopen_report",
    "report_incident",
    "return_to_investigation",
    "submit_for_endorsement",
    "undo_merge",
]
