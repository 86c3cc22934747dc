"""Reads of reports and incidents; every one is as a user."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from qorgau.foundation.identifiers import digest_of_code
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents import rules
from qorgau.records.incidents.choices import (
    Confidentiality,
    IncidentState,
    ReportState,
)
from qorgau.records.incidents.models import (
    ImportRun,
    Incident,
    IncidentRevision,
    Injury,
    InvolvedPerson,
    RejectedRow,
    Report,
)
from qorgau.records.people import queries as people
from qorgau.records.people.models import PersonIdentity, Unit
from qorgau.records.places.models import Area
from qorgau.records.places.rules import subtree_bounds

# Up to here the incidents of the units themselves are few enough to be gathered and sorted.
FEW_UNITS = 12


def incidents_visible_to(
    user: User, capability: Capability = Capability.SEE_INCIDENTS
) -> QuerySet[Incident]:
    """Incidents of the user's units, without those that the user may not read."""
    incidents = Incident.objects.filter(_readable(user))
    if people.sees_every_unit(user, capability):
        # At a million rows "unit in (every unit)" would keep the newest-first index from use.
        return incidents
    return incidents.filter(unit_id__in=list(people.unit_ids_visible_to(user, capability)))


def newest_incidents_visible_to(
    user: User, capability: Capability = Capability.SEE_INCIDENTS
) -> QuerySet[Incident]:
    """The same incidents, for a list that shows the newest first, page by page.

    Walking the newest first meets an incident of one of many units soon; gathering all that ever
    happened in them, to sort it, does not. Coalesce says so to SQLite; PostgreSQL sees through it.
    """
    incidents = Incident.objects.filter(_readable(user))
    if people.sees_every_unit(user, capability):
        return incidents
    units = list(people.unit_ids_visible_to(user, capability))
    if len(units) <= FEW_UNITS:
        return incidents.filter(unit_id__in=units)
    return incidents.filter(In(Coalesce("unit_id", Value(None)), units))


def _readable(user: User) -> Q:
    """Which confidentiality the user may open, and over which units."""
    readable = Q(confidentiality=Confidentiality.PLAIN)
    for level, capability in (
        (Confidentiality.IDENTITY, Capability.SEE_IDENTITIES),
        (Confidentiality.MEDICAL, Capability.SEE_MEDICAL),
    ):
        units = people.unit_ids_visible_to(user, capability)
        readable |= Q(confidentiality=level, unit_id__in=units)
    return readable


def incident_visible_to(
    user: User, number: str, capability: Capability = Capability.SEE_INCIDENTS
) -> Incident | None:
    return (
        incidents_visible_to(user, capability)
        .filter(number=number)
        .select_related("unit", "area", "site", "merged_into")
        .first()
    )


@dataclass(frozen=True)
class IncidentFilter:
    """Conditions of a list of incidents; one that is left out lets everything through.

    A unit lets through what happened below it too, as its rates count it; a cause its branch; an
    area everything inside it.
    """

    words: str = ""
    unit: Unit | None = None
    area: Area | None = None
    states: Collection[str] = ()
    kind: str = ""
    severity_class: str = ""
    cause: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def conditions(self) -> Q:
        wanted = {
            "kind": self.kind,
            "severity_class": self.severity_class,
            "state__in": self.states,
            "occurred_on__gte": self.since,
            "occurred_on__lte": self.until,
        }
        conditions = Q(**{lookup: value for lookup, value in wanted.items() if value})
        if self.cause:
            conditions &= Q(cause=self.cause) | Q(cause__startswith=self.cause + ".")
        if self.unit:
            conditions &= Q(unit_id__in=people.latest_subtree(self.unit))
        if self.area:
            lowest, below = subtree_bounds(self.area.path)
            conditions &= Q(area__path__gte=lowest, area__path__lt=below)
        words = self.words.strip()
        if _NUMBER.fullmatch(words):
            conditions &= Q(number=words)
        elif words:
            conditions &= Q(narrative__icontains=words) | Q(place__icontains=words)
        return conditions


_NUMBER = re.compile(r"\d{4}-\d+")


def remaining_incident_visible_to(user: User, incident: Incident) -> Incident | None:
    """The incident that this one was merged into, if the user may open that one too."""
    if incident.merged_into is None:
        return None
    return incident_visible_to(user, incident.merged_into.number)


def numbers_visible_to(user: User, numbers: Collection[str]) -> set[str]:
    """Those of the numbers whose incidents the user may open."""
    if not numbers:
        return set()
    found = incidents_visible_to(user).filter(number__in=list(numbers))
    return set(found.values_list("number", flat=True))


def involved_visible_to(user: User, incident: Incident) -> QuerySet[InvolvedPerson]:
    """Those involved; who they are is read through ``people.identities_visible_to``."""
    if not people.may(user, Capability.SEE_IDENTITIES, incident.unit):
        return InvolvedPerson.objects.none()
    return incident.involved.select_related("person").order_by("id")


def injuries_visible_to(user: User, incident: Incident) -> QuerySet[Injury]:
    if not people.may(user, Capability.SEE_MEDICAL, incident.unit):
        return Injury.objects.none()
    return Injury.objects.filter(involved__incident=incident).order_by("involved_id", "id")


def injury_counts(incidents: Iterable[Incident]) -> dict[int, int]:
    """How many people were hurt, by incident id: a figure that reveals nobody."""
    hurt = InvolvedPerson.objects.filter(incident__in=list(incidents), role="injured")
    rows = hurt.values("incident_id").annotate(hurt=Count("pk"))
    return {row["incident_id"]: row["hurt"] for row in rows}


@dataclass
class Somebody:
    """One person involved; the identity and the injuries are empty where they may not be seen."""

    involved: InvolvedPerson
    identity: PersonIdentity | None = None
    injuries: list[Injury] = field(default_factory=list)


@dataclass(frozen=True)
class InvolvedShown:
    """What of those involved is shown: always how many were hurt, further what the roles open."""

    hurt: int
    may_see_people: bool
    may_see_injuries: bool
    people: list[Somebody]


def involved_shown_to(user: User, incident: Incident) -> InvolvedShown:
    shown = {row.pk: Somebody(row) for row in involved_visible_to(user, incident)}
    persons = {somebody.involved.person_id for somebody in shown.values()} - {None}
    identities = people.identities_visible_to(user).filter(person_id__in=persons)
    named = {row.person_id: row for row in identities} if persons else {}
    for somebody in shown.values():
        somebody.identity = named.get(somebody.involved.person_id)
    for injury in injuries_visible_to(user, incident):
        if injury.involved_id in shown:
            shown[injury.involved_id].injuries.append(injury)
    return InvolvedShown(
        hurt=injury_counts([incident]).get(incident.pk, 0),
        may_see_people=people.may(user, Capability.SEE_IDENTITIES, incident.unit),
        may_see_injuries=people.may(user, Capability.SEE_MEDICAL, incident.unit),
        people=list(shown.values()),
    )


def reports_triaged_by(user: User) -> QuerySet[Report]:
    """Reports that the user decides about, settled ones too.

    Those without a unit are decided by users with a role over a whole tree.
    """
    mine = Q(unit_id__in=people.unit_ids_visible_to(user, Capability.TRIAGE_REPORTS))
    if people.granted_units(user, Capability.TRIAGE_REPORTS).filter(
        pk__in=people.top_units().values("pk")
    ):
        mine |= Q(unit__isnull=True)
    return Report.objects.filter(mine).select_related("unit", "area", "incident")


def reports_to_triage(user: User) -> QuerySet[Report]:
    """Reports waiting for the user's decision, oldest first."""
    waiting = reports_triaged_by(user).filter(state=ReportState.RECEIVED)
    return waiting.order_by("reported_at", "id")


def reports_sent_by(user: User) -> QuerySet[Report]:
    if user.pk is None:
        # An anonymous report has no reporter either: it belongs to its receipt code.
        return Report.objects.none()
    return (
        Report.objects.filter(reporter_id=user.pk)
        .select_related("unit", "incident")
        .order_by("-reported_at")
    )


def report_of_receipt(code: str) -> Report | None:
    """The report a receipt code belongs to; the code itself is the permission."""
    return (
        Report.objects.filter(receipt_digest=digest_of_code(code))
        .select_related("incident")
        .first()
    )


@dataclass(frozen=True)
class Candidate:
    """An incident that a report may be telling of again."""

    incident: Incident
    likeness: float


def probable_duplicates(user: User, report: Report, *, most: int = 3) -> list[Candidate]:
    """Incidents visible to the user that are likely to be the event of this report."""
    reported = _facts(report)
    found = [
        Candidate(incident, rules.likeness(reported, _facts(incident)))
        for incident in _around(user, report)
    ]
    likely = [c for c in found if c.likeness >= rules.PROBABLE_DUPLICATE]
    return sorted(likely, key=lambda candidate: -candidate.likeness)[:most]


# How many incidents a report is compared with, on either side in time and of its own unit.
_COMPARED = 100


def _around(user: User, report: Report) -> list[Incident]:
    """Those near in time: of the report's unit, and the nearest before and after of any unit."""
    near = (
        incidents_visible_to(user)
        .filter(
            occurred_at__gte=report.occurred_at - rules.DUPLICATE_WINDOW,
            occurred_at__lte=report.occurred_at + rules.DUPLICATE_WINDOW,
        )
        .exclude(state=IncidentState.MERGED)
        .select_related("unit")
    )
    parts = [
        near.filter(occurred_at__lte=report.occurred_at).order_by("-occurred_at", "-id"),
        near.filter(occurred_at__gt=report.occurred_at).order_by("occurred_at", "id"),
    ]
    if report.unit_id is not None:
        parts.append(near.filter(unit_id=report.unit_id).order_by("-occurred_at", "-id"))
    return list({incident.pk: incident for part in parts for incident in part[:_COMPARED]}.values())


def _facts(event: Report | Incident) -> rules.EventFacts:
    return rules.EventFacts(
        event.kind, event.occurred_at, event.unit_id, event.narrative, event.place
    )


def revisions_visible_to(user: User, incident: Incident) -> QuerySet[IncidentRevision]:
    """Earlier versions of an incident that the user could have read then, the newest first."""
    units = people.unit_ids_visible_to(user, Capability.SEE_INCIDENTS)
    return (
        IncidentRevision.objects.filter(_readable(user), incident=incident, unit_id__in=units)
        .select_related("unit")
        .order_by("-version")
    )


def imports_of(user: User) -> QuerySet[ImportRun]:
    """The imports that the user began, newest first: rejected rows are for nobody else."""
    if user.pk is None or not people.may(user, Capability.IMPORT_INCIDENTS):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(started_by_id=user.pk).order_by("-started_at", "-id")


def rejected_rows(
    run: ImportRun, first_row: int = 0, last_row: int | None = None
) -> QuerySet[RejectedRow]:
    """Rows of an import that were not taken; the caller has shown that the import is visible."""
    rejected = RejectedRow.objects.filter(run=run, row_number__gte=first_row)
    if last_row is not None:
        rejected = rejected.filter(row_number__lte=last_row)
    return rejected.order_by("row_number")
