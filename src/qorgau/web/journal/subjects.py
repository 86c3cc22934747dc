"""Which entries of the journal an auditor may read to the full.

The chain is one for the whole installation. Of records that an auditor may not open, and of what
tells how many of them there are, the journal says only that something happened, when, and by whom;
who audits some units reads no more of the others either.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.history import ImportAction, IncidentAction, ReportAction
from qorgau.records.incidents.queries import incidents_visible_to
from qorgau.records.people.history import OrganisationAction, UnitAction
from qorgau.records.people.queries import sees_every_unit, units_visible_to
from qorgau.records.places.history import AreaAction, SiteAction
from qorgau.records.publication.history import PublicationPlanned
from qorgau.records.signals.history import DetectionRecorded, SignalTriaged
from qorgau.records.signals.queries import signals_visible_to

# Reference data, and how counts are published: every user may see both.
PUBLIC_KINDS = frozenset(
    action.subject_kind
    for action in (AreaAction, SiteAction, OrganisationAction, PublicationPlanned)
)
# Reports become incidents that may be confidential; imports and detection count those too.
_TELLS_COUNTS = frozenset(
    action.subject_kind for action in (ReportAction, ImportAction, DetectionRecorded)
)
# Every other kind stays closed to who audits some units only.
_VISIBLE: dict[str, Callable[[User, Capability], QuerySet[Any]]] = {
    IncidentAction.subject_kind: incidents_visible_to,
    SignalTriaged.subject_kind: signals_visible_to,
    UnitAction.subject_kind: units_visible_to,
}


def readable_entries(user: User) -> Q:
    """The condition on entries that a user may read in full."""
    readable = Q(subject_kind__in=PUBLIC_KINDS)
    if sees_every_unit(user, Capability.SEE_JOURNAL):
        readable |= ~Q(subject_kind__in=[*_VISIBLE, *_TELLS_COUNTS])
    for kind, visible in _VISIBLE.items():
        rows = visible(user, Capability.SEE_JOURNAL).order_by()
        readable |= Q(subject_kind=kind, subject_uuid__in=rows.values("uuid"))
    return readable


def open_subjects(user: User, entries: Iterable[JournalEntry]) -> set[uuid.UUID]:
    """Uuids of the records of which the user may read the entries in full."""
    entries = list(entries)
    open_kinds = PUBLIC_KINDS
    if sees_every_unit(user, Capability.SEE_JOURNAL):
        kinds = {entry.subject_kind for entry in entries}
        open_kinds = (PUBLIC_KINDS | kinds) - _VISIBLE.keys() - _TELLS_COUNTS
    found = {entry.subject_uuid for entry in entries if entry.subject_kind in open_kinds}
    for kind, visible in _VISIBLE.items():
        uuids = {entry.subject_uuid for entry in entries if entry.subject_kind == kind}
        rows = visible(user, Capability.SEE_JOURNAL).filter(uuid__in=uuids)
        found |= set(rows.values_list("uuid", flat=True)) if uuids else set()
    return found
