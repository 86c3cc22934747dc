"""An incident is looked into, completed, and closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.field_changes import stored_value
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.optimistic_locking import require_version
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents import rules
from qorgau.records.incidents.authority import require_incident
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.fields import INCIDENT_FIELDS, Use
from qorgau.records.incidents.history import (
    CHANGED_TEXT,
    IncidentAction,
    IncidentEdited,
    IncidentMoved,
    InjuryAdded,
    InvolvedPersonAdded,
)
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson, SeverityThreshold
from qorgau.records.incidents.services.recording import thresholds_on
from qorgau.records.incidents.services.reporting import require_past
from qorgau.records.incidents.services.revising import present_state, supersede
from qorgau.records.incidents.services.triage import require_unmerged
from qorgau.records.people.authority import require_people

EDITABLE = frozenset(INCIDENT_FIELDS.names(Use.EDIT))


@one_transaction
def edit_incident(
    *,
    incident: Incident,
    changes: dict[str, Any],
    acting_user: User | None,
    seen_version: int | None = None,
) -> Incident:
    """Change fields of an incident, unless somebody else changed it since it was seen."""
    foreign = sorted(set(changes) - EDITABLE)
    if foreign:
        raise ValidationError(
            _("“%(field)s” cannot be edited: it is computed or is changed in a separate step."),
            params={"field": foreign[0]},
        )
    incident = _locked(incident, acting_user, seen_version, changes=changes)
    before = {name: getattr(incident, name) for name in changes}
    for name, value in changes.items():
        setattr(incident, name, value)
    require_past(incident.occurred_at)
    incident.occurred_on = clock.local_date(incident.occurred_at)
    changed = {n: _held(n, before[n], v) for n, v in changes.items() if before[n] != v}
    _save(incident, IncidentEdited(changed), acting_user)
    return incident


def _held(name: str, before: object, after: object) -> object:
    """What the journal may hold of a change: of a free text, only that it changed."""
    is_quoted = INCIDENT_FIELDS[name].is_quoted_in_journal
    return [stored_value(before), stored_value(after)] if is_quoted else CHANGED_TEXT


@one_transaction
def add_involved_person(
    *,
    incident: Incident,
    role: str,
    acting_user: User | None,
    seen_version: int | None = None,
    **fields: Any,
) -> InvolvedPerson:
    incident = _locked(incident, acting_user, seen_version)
    require_people(acting_user, {fields["person"].pk} if fields.get("person") else ())
    involved = InvolvedPerson(incident=incident, role=role, **fields)
    involved.full_clean()
    involved.save()
    _save(incident, InvolvedPersonAdded(involved.uuid, role), acting_user)
    return involved


@one_transaction
def add_injury(
    *,
    involved: InvolvedPerson,
    acting_user: User | None,
    seen_version: int | None = None,
    **fields: Any,
) -> Injury:
    """Record an injury; the incident's severity class follows from it."""
    incident = _locked(
        involved.incident, acting_user, seen_version, capability=Capability.EDIT_MEDICAL
    )
    injury = Injury(involved=involved, **fields)
    injury.full_clean()
    injury.save()
    _save(incident, InjuryAdded(injury.uuid), acting_user)
    return injury


@one_transaction
def begin_investigation(*, incident: Incident, acting_user: User | None) -> Incident:
    return _move(incident, IncidentState.UNDER_INVESTIGATION, acting_user)


@one_transaction
def submit_for_endorsement(
    *, incident: Incident, finding: str, acting_user: User | None
) -> Incident:
    """Hand the finding in for endorsement."""
    _require_finding(finding)
    return _move(incident, IncidentState.AWAITING_ENDORSEMENT, acting_user, finding=finding.strip())


@one_transaction
def return_to_investigation(
    *, incident: Incident, reason: str, acting_user: User | None
) -> Incident:
    _require_reason(reason)
    return _move(incident, IncidentState.UNDER_INVESTIGATION, acting_user, reason=reason.strip())


@one_transaction
def close_incident(*, incident: Incident, finding: str, acting_user: User | None) -> Incident:
    _require_finding(finding)
    return _move(incident, IncidentState.CLOSED, acting_user, finding=finding.strip())


@one_transaction
def reopen_incident(*, incident: Incident, reason: str, acting_user: User | None) -> Incident:
    _require_reason(reason)
    return _move(incident, IncidentState.UNDER_INVESTIGATION, acting_user, reason=reason.strip())


@one_transaction
def merge_incidents(*, incident: Incident, into: Incident, acting_user: User | None) -> Incident:
    """Two incidents are one event: ``incident`` is kept, marked, and no longer counted."""
    if incident.pk == into.pk:
        raise ValidationError(_("An incident cannot be merged into itself."))
    # Both, in one order: two merges into each other at once would make both vanish.
    both = Incident.objects.select_for_update().filter(pk__in=[incident.pk, into.pk])
    into = {row.pk: row for row in both.order_by("pk")}[into.pk]
    require_incident(acting_user, Capability.EDIT_INCIDENTS, into)
    require_unmerged(into, acting_user)
    return _move(
        incident,
        IncidentState.MERGED,
        acting_user,
        merged_into=into,
    )


@one_transaction
def undo_merge(*, incident: Incident, reason: str, acting_user: User | None) -> Incident:
    """Two incidents were not one event: ``incident`` counts again, in the state it had before."""
    _require_reason(reason)
    incident = _locked(incident, acting_user)
    if incident.merged_into is not None:
        require_incident(acting_user, Capability.EDIT_INCIDENTS, incident.merged_into)
    if incident.state != IncidentState.MERGED:
        raise ValidationError(
            _("Incident %(number)s is not merged into another, so there is nothing to undo."),
            params={"number": incident.number},
        )
    earlier = incident.revisions.exclude(state=IncidentState.MERGED).order_by("-version")
    state = earlier.values_list("state", flat=True).first() or IncidentState.TRIAGED
    moved = IncidentMoved(state, incident.state, reason.strip())
    incident.state, incident.merged_into, incident.merged_at = state, None, None
    _save(incident, moved, acting_user)
    return incident


def _require_finding(finding: str) -> None:
    if not finding.strip():
        raise ValidationError(
            {"finding": _("Enter the finding: what happened and why, in at least one sentence.")}
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Give a reason. It is added to the incident's history.")}
        )


def _locked(
    incident: Incident,
    acting_user: User | None,
    seen_version: int | None = None,
    *,
    capability: Capability = Capability.EDIT_INCIDENTS,
    changes: dict[str, Any] | None = None,
) -> Incident:
    """The incident as stored, if the acting user may do it with that and with what it becomes.

    With its present state, which `_save` keeps as an earlier one.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    require_incident(acting_user, capability, locked, changes)
    require_version(seen=seen_version, current=locked.version)
    locked.before = present_state(locked)
    return locked


def _move(
    incident: Incident,
    to: str,
    acting_user: User | None,
    *,
    reason: str | None = None,
    **changes: Any,
) -> Incident:
    incident = _locked(incident, acting_user)
    if not rules.may_move_incident(incident.state, to):
        raise ValidationError(
            _(
                "Incident %(number)s is now “%(state)s”, so you can no longer do this. Reload"
                " the page."
            ),
            params={"number": incident.number, "state": incident.get_state_display()},
        )
    into = changes.get("merged_into")
    moved = IncidentMoved(to, incident.state, reason, into.number if into else None)
    incident.state = to
    for name, value in changes.items():
        setattr(incident, name, value)
    now = clock.now()
    incident.merged_at = now if into else None
    _save(incident, moved, acting_user, now)
    return incident


def _save(
    incident: Incident,
    action: IncidentAction,
    acting_user: User | None,
    now: dt.datetime | None = None,
) -> None:
    """Recompute the class, save under the next version, keep the last, write the journal row."""
    severity = rules.severity_of(
        _injury_facts(incident),
        incident.cost_amount,
        incident.cost_currency,
        thresholds_on(incident.occurred_on, list(SeverityThreshold.objects.all())),
    )
    incident.severity_class, incident.severity_basis = severity.severity_class, severity.basis
    supersede(incident.before, incident, now or clock.now())
    incident.full_clean()
    incident.save()
    append_entry(action, subject=incident.uuid, acting_user=acting_user)


def _injury_facts(incident: Incident) -> list[list[rules.InjuryFacts]]:
    people: dict[int, list[rules.InjuryFacts]] = {}
    for injury in Injury.objects.filter(involved__incident=incident):
        people.setdefault(injury.involved_id, []).append(
            rules.InjuryFacts(
                injury.outcome, injury.treatment, injury.days_away, injury.days_limited
            )
        )
    return list(people.values())
