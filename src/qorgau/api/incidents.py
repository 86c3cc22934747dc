"""The register of incidents: a filtered list, and the parts of one incident that a user may see."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qorgau.api.involved import InvolvedPersonDetail, involved_people
from qorgau.api.parameters import (
    Day,
    PageOfRows,
    PageParameters,
    SeverityClassTyped,
    Word,
    requested_rows,
    unit_named,
)
from qorgau.api.problems import answered_with
from qorgau.api.record_fields import answer_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import (
    Cause,
    Confidentiality,
    IncidentState,
    Kind,
    Precision,
    SeverityClass,
)
from qorgau.records.incidents.fields import INCIDENT_FIELDS
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import (
    IncidentFilter,
    incident_visible_to,
    injury_counts,
    involved_shown_to,
    newest_incidents_visible_to,
    remaining_incident_visible_to,
)

router = Router(tags=["incidents"], auth=BearerToken(Capability.SEE_INCIDENTS))


class IncidentsParameters(PageParameters):
    words: Word = Field("", description="A number, or words of the narrative or the place")
    unit: Word = Field("", description="Code of a unit; what happened below it is included")
    state: list[IncidentState] = Field([], description="May be given several times")
    kind: Kind | None = None
    severity_class: SeverityClassTyped | None = None
    cause: Cause | None = Field(None, description="A branch of the cause tree includes its leaves")
    since: Day | None = Field(None, description="First day")
    until: Day | None = Field(None, description="Last day")

    def as_filter(self, user: User) -> IncidentFilter:
        unit = unit_named(user, self.unit, Capability.SEE_INCIDENTS) if self.unit else None
        return IncidentFilter(
            words=self.words,
            unit=unit,
            states=self.state,
            kind=self.kind or "",
            severity_class=self.severity_class or "",
            cause=self.cause or "",
            since=self.since,
            until=self.until,
        )


class IncidentLine(Schema):
    number: str
    uuid: UUID
    kind: Kind
    state: IncidentState
    unit: str = Field(description="Code of the unit")
    occurred_at: dt.datetime
    occurred_on: dt.date = Field(description="The calendar day in the installation's time zone")
    precision: Precision
    cause: Cause
    severity_class: SeverityClass
    place: str
    hurt: int = Field(description="How many people were hurt")
    confidentiality: Confidentiality
    is_synthetic: bool

    @staticmethod
    def resolve_unit(incident: Incident) -> str:
        return incident.unit.code


class IncidentDetail(answer_with(IncidentLine, INCIDENT_FIELDS)):
    area: UUID | None
    severity_basis: str = Field(description="What decided the class: injury, cost or both")
    merged_into: str | None = Field(
        description="Number of the incident that it was merged into, if you may open that one"
    )
    recorded_at: dt.datetime
    version: int = Field(description="Send it when you change the incident")
    involved: list[InvolvedPersonDetail] | None = Field(
        description="Null if your role may not see who was involved"
    )

    @staticmethod
    def resolve_area(incident: Incident) -> UUID | None:
        return incident.area.uuid if incident.area else None

    @staticmethod
    def resolve_involved(_incident: Incident, context: dict[str, Any]) -> object:
        return context["involved"]

    @staticmethod
    def resolve_merged_into(_incident: Incident, context: dict[str, Any]) -> str | None:
        remaining = context["remaining"]
        return remaining.number if remaining else None


@router.get("/incidents", response=answered_with(PageOfRows[IncidentLine], 400))
def incidents(request: HttpRequest, parameters: Query[IncidentsParameters]) -> dict[str, Any]:
    """Incidents of your units, the newest first."""
    user = request.auth
    found = newest_incidents_visible_to(user).filter(parameters.as_filter(user).conditions())
    found = found.select_related("unit")
    return requested_rows(found, parameters, key=("-occurred_at", "-id"), shape=_with_injured_count)


@router.get("/incidents/{number}", response=answered_with(IncidentDetail, 404))
def incident(request: HttpRequest, number: Word) -> IncidentDetail:
    """One incident, with the people involved and their injuries if your role may see them."""
    found = incident_visible_to(request.auth, number)
    if found is None:
        raise Http404(number)
    shown = involved_shown_to(request.auth, found)
    found.hurt = shown.hurt
    context = {
        "involved": involved_people(shown),
        "remaining": remaining_incident_visible_to(request.auth, found),
    }
    return IncidentDetail.from_orm(found, context=context)


def _with_injured_count(incidents: list[Incident]) -> list[Incident]:
    counts = injury_counts(incidents)
    for one in incidents:
        one.hurt = counts.get(one.pk, 0)
    return incidents
