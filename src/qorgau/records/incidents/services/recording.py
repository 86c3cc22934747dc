"""Incidents enter the register, one or a thousand at a time."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from qorgau.foundation import clock
from qorgau.foundation.bulk_writes import clean_many, insert_many
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents import rules
from qorgau.records.incidents.authority import require_drafts
from qorgau.records.incidents.choices import InvolvedRole, Outcome, Treatment
from qorgau.records.incidents.history import IncidentRecorded
from qorgau.records.incidents.models import (
    Incident,
    Injury,
    InvolvedPerson,
    SeverityThreshold,
)
from qorgau.records.people.models import Unit

# SQLite takes so many values in one statement.
_ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class InjuryDraft:
    """An injury to be recorded; ``fields`` holds further fields of ``Injury``."""

    outcome: str = Outcome.UNKNOWN
    treatment: str = Treatment.UNKNOWN
    days_away: int = 0
    days_limited: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> rules.InjuryFacts:
        return rules.InjuryFacts(self.outcome, self.treatment, self.days_away, self.days_limited)


@dataclass(frozen=True)
class InvolvedDraft:
    """A person involved; ``fields`` holds further fields of ``InvolvedPerson``."""

    role: str = InvolvedRole.INJURED
    injuries: tuple[InjuryDraft, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class IncidentDraft:
    """An incident to be recorded; ``fields`` holds further fields of ``Incident``."""

    kind: str
    unit: Unit
    occurred_at: dt.datetime
    cost_amount: Decimal | None = None
    cost_currency: str = "USD"
    involved: tuple[InvolvedDraft, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


@one_transaction
def record_incidents(
    *,
    drafts: Sequence[IncidentDraft],
    acting_user: User | None,
    recorded_at: dt.datetime | None = None,
) -> list[Incident]:
    """Record incidents with those involved and their injuries; all of them or none.

    The caller has made sure that none of them is in the future.
    """
    require_drafts(acting_user, Capability.EDIT_INCIDENTS, drafts)
    return enter_incidents(drafts, acting_user=acting_user, recorded_at=recorded_at)


def enter_incidents(
    drafts: Sequence[IncidentDraft],
    *,
    acting_user: User | None,
    recorded_at: dt.datetime | None = None,
) -> list[Incident]:
    """Record incidents that the calling service has asked authority for."""
    now = recorded_at or clock.now()
    thresholds = list(SeverityThreshold.objects.all())
    incidents = [incident_of(draft, thresholds, now) for draft in drafts]
    _insert_numbered(incidents)
    _record_involved(incidents, drafts)
    append_entries(
        (
            (
                IncidentRecorded(incident.number, incident.kind, draft.unit.code, incident.source),
                incident.uuid,
            )
            for incident, draft in zip(incidents, drafts, strict=True)
        ),
        acting_user=acting_user,
    )
    return incidents


def incident_of(
    draft: IncidentDraft, thresholds: Sequence[SeverityThreshold], now: dt.datetime
) -> Incident:
    """The incident that a draft describes, classed, without a number and not yet saved."""
    day = clock.local_date(draft.occurred_at)
    severity = rules.severity_of(
        [[injury.facts for injury in person.injuries] for person in draft.involved],
        draft.cost_amount,
        draft.cost_currency,
        thresholds_on(day, thresholds),
    )
    fields = {"reported_at": now} | draft.fields
    return Incident(
        kind=draft.kind,
        unit=draft.unit,
        occurred_at=draft.occurred_at,
        occurred_on=day,
        cost_amount=draft.cost_amount,
        cost_currency=draft.cost_currency,
        severity_class=severity.severity_class,
        severity_basis=severity.basis,
        recorded_at=now,
        revised_at=now,
        **fields,
    )


def thresholds_on(
    day: dt.date, thresholds: Sequence[SeverityThreshold]
) -> list[rules.CostThreshold]:
    return [
        rules.CostThreshold(row.severity_class, row.cost_at_least, row.currency)
        for row in thresholds
        if row.effective_from <= day < row.effective_until
    ]


def _insert_numbered(incidents: Sequence[Incident]) -> None:
    """Insert under new numbers; once more if another writer took one of them meanwhile."""
    for is_last in (False, False, True):
        _draw_numbers(incidents)
        clean_many(incidents, exclude=["unit", "area", "site", "merged_into"])
        try:
            with transaction.atomic():
                insert_many(incidents, key_field="uuid")
        except IntegrityError:
            if is_last or not _taken(incident.number for incident in incidents):
                raise
        else:
            return


def _draw_numbers(incidents: Sequence[Incident]) -> None:
    """Random numbers within the year of the event: a running one would tell how many there are."""
    drawn: set[str] = set()
    waiting = list(incidents)
    while waiting:
        for incident in waiting:
            incident.number = rules.incident_number(
                incident.occurred_on.year, secrets.randbelow(rules.NUMBERS_A_YEAR)
            )
        taken = _taken(incident.number for incident in waiting)
        again = []
        for incident in waiting:
            if incident.number in taken or incident.number in drawn:
                again.append(incident)
            else:
                drawn.add(incident.number)
        waiting = again


def _taken(numbers: Iterable[str]) -> set[str]:
    wanted, found = list(numbers), set()
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        part = wanted[start : start + _ASKED_AT_ONCE]
        found |= set(Incident.objects.filter(number__in=part).values_list("number", flat=True))
    return found


def _record_involved(incidents: Sequence[Incident], drafts: Sequence[IncidentDraft]) -> None:
    recorded = [
        (InvolvedPerson(incident=incident, role=person.role, **person.fields), person.injuries)
        for incident, draft in zip(incidents, drafts, strict=True)
        for person in draft.involved
    ]
    people = [involved for involved, _ in recorded]
    clean_many(people, exclude=["incident", "person"])
    insert_many(people, key_field="uuid")
    injuries = [_injury(involved, injury) for involved, hurt in recorded for injury in hurt]
    clean_many(injuries, exclude=["involved"])
    insert_many(injuries)


def _injury(involved: InvolvedPerson, draft: InjuryDraft) -> Injury:
    return Injury(
        involved=involved,
        outcome=draft.outcome,
        treatment=draft.treatment,
        days_away=draft.days_away,
        days_limited=draft.days_limited,
        **draft.fields,
    )
