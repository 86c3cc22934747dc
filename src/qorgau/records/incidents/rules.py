"""Decisions on plain values: transitions, severity, likeness of two reports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qorgau.records.incidents.choices import (
    IncidentState,
    Kind,
    Outcome,
    ReportState,
    SeverityClass,
    Treatment,
)

REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportState.RECEIVED: frozenset({ReportState.ACCEPTED, ReportState.MERGED, ReportState.CLOSED}),
    ReportState.CLOSED: frozenset({ReportState.RECEIVED}),
    ReportState.ACCEPTED: frozenset(),
    ReportState.MERGED: frozenset(),
}

_S = IncidentState
INCIDENT_TRANSITIONS: dict[str, frozenset[str]] = {
    _S.TRIAGED: frozenset({_S.UNDER_INVESTIGATION, _S.CLOSED, _S.MERGED}),
    _S.UNDER_INVESTIGATION: frozenset({_S.AWAITING_ENDORSEMENT, _S.MERGED}),
    _S.AWAITING_ENDORSEMENT: frozenset({_S.CLOSED, _S.UNDER_INVESTIGATION}),
    _S.CLOSED: frozenset({_S.UNDER_INVESTIGATION}),
    _S.MERGED: frozenset(),
}
OPEN_STATES = (_S.TRIAGED, _S.UNDER_INVESTIGATION, _S.AWAITING_ENDORSEMENT)

# From when on a decision is called overdue: a report is read within two days (CAP-SMS: notify, then
# expand within 48 hours); an incident does not stay open for longer than this.
TRIAGE_WITHIN = dt.timedelta(hours=48)
CLOSE_WITHIN = dt.timedelta(days=30)


def may_move_report(state: str, to: str) -> bool:
    return to in REPORT_TRANSITIONS[state]


def may_move_incident(state: str, to: str) -> bool:
    return to in INCIDENT_TRANSITIONS[state]


@dataclass(frozen=True)
class InjuryFacts:
    """What the injury test looks at."""

    outcome: str
    treatment: str
    days_away: int
    days_limited: int


@dataclass(frozen=True)
class CostThreshold:
    severity_class: str
    cost_at_least: Decimal
    currency: str


@dataclass(frozen=True)
class Severity:
    """A class and what decided it: ``injury``, ``cost``, ``both`` or ``none``.

    ``cost_unknown_currency`` says that there was a cost but no threshold in its currency.
    """

    severity_class: str
    basis: str


_WORST_FIRST = (SeverityClass.A, SeverityClass.B, SeverityClass.C, SeverityClass.D, SeverityClass.E)
# Class B means three or more people admitted in one mishap.
INPATIENTS_OF_CLASS_B = 3


def severity_of(
    injuries_by_person: Sequence[Sequence[InjuryFacts]],
    cost: Decimal | None,
    currency: str,
    thresholds: Iterable[CostThreshold],
) -> Severity:
    """The worst of the injury test and the cost test."""
    by_injury = _class_by_injury(injuries_by_person)
    applicable = [t for t in thresholds if t.currency == currency]
    by_cost = _class_by_cost(cost, applicable)
    if cost and not applicable and not by_injury:
        return Severity(SeverityClass.UNCLASSED, "cost_unknown_currency")
    if not by_injury and not by_cost:
        return Severity(SeverityClass.UNCLASSED, "none")
    worst = min((c for c in (by_injury, by_cost) if c), key=_WORST_FIRST.index)
    basis = "both" if by_injury == by_cost else "injury" if worst == by_injury else "cost"
    return Severity(worst, basis)


def _class_by_injury(people: Sequence[Sequence[InjuryFacts]]) -> str:
    injuries = [injury for person in people for injury in person]
    outcomes = {injury.outcome for injury in injuries}
    inpatients = sum(
        any(injury.treatment == Treatment.INPATIENT for injury in person) for person in people
    )
    if outcomes & {Outcome.FATAL, Outcome.PERMANENT_TOTAL}:
        return SeverityClass.A
    if Outcome.PERMANENT_PARTIAL in outcomes or inpatients >= INPATIENTS_OF_CLASS_B:
        return SeverityClass.B
    if Outcome.DAYS_AWAY in outcomes or any(injury.days_away for injury in injuries):
        return SeverityClass.C
    if outcomes & {Outcome.RESTRICTED, Outcome.MEDICAL_TREATMENT} or any(
        injury.days_limited or injury.treatment in (Treatment.OUTPATIENT, Treatment.INPATIENT)
        for injury in injuries
    ):
        return SeverityClass.D
    return SeverityClass.E if injuries else ""


def _class_by_cost(cost: Decimal | None, thresholds: Sequence[CostThreshold]) -> str:
    if not cost or not thresholds:
        return ""
    reached = [t for t in thresholds if cost >= t.cost_at_least]
    if not reached:
        return SeverityClass.E
    return max(reached, key=lambda threshold: threshold.cost_at_least).severity_class


@dataclass(frozen=True)
class EventFacts:
    """What two accounts of an event are compared by."""

    kind: str
    occurred_at: dt.datetime
    unit_id: int | None
    narrative: str
    place: str = ""


# Two accounts further apart in time than this are not taken for one event.
DUPLICATE_WINDOW = dt.timedelta(hours=48)
# From this likeness on a pair is shown side by side to the person who decides.
PROBABLE_DUPLICATE = 0.45


def likeness(one: EventFacts, other: EventFacts) -> float:
    """How probably two accounts describe one event, 0 to 1: words, time, unit and kind."""
    apart = abs(one.occurred_at - other.occurred_at)
    if apart > DUPLICATE_WINDOW:
        return 0.0
    closeness = 1 - apart / DUPLICATE_WINDOW
    words = _shared_share(
        _trigrams(f"{one.narrative} {one.place}"), _trigrams(f"{other.narrative} {other.place}")
    )
    same_unit = 1.0 if one.unit_id and one.unit_id == other.unit_id else 0.0
    same_kind = 1.0 if one.kind == other.kind else 0.5 if _near(one.kind, other.kind) else 0.0
    return 0.4 * words + 0.25 * closeness + 0.25 * same_unit + 0.1 * same_kind


def _near(one: str, other: str) -> bool:
    return {one, other} <= {Kind.NEAR_MISS, Kind.HAZARD, Kind.DANGEROUS_OCCURRENCE}


def _trigrams(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {word[at : at + 3] for word in words for at in range(max(1, len(word) - 2))}


def _shared_share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


# Seven digits: short enough to be said on the phone, and different from the running six of before.
NUMBERS_A_YEAR = 10_000_000


def incident_number(year: int, drawn: int) -> str:
    return f"{year}-{drawn:07d}"
