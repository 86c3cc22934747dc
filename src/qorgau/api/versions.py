"""Earlier versions of an incident: what the register said before each change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qorgau.api.involved import InvolvedPersonThen, people_then
from qorgau.api.parameters import PageOfRows, PageParameters, Word, requested_rows
from qorgau.api.problems import answered_with
from qorgau.api.record_fields import answer_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import IncidentState, SeverityClass
from qorgau.records.incidents.earlier_versions import Version, versions_shown_to
from qorgau.records.incidents.fields import INCIDENT_FIELDS
from qorgau.records.incidents.queries import (
    incident_visible_to,
    remaining_incident_visible_to,
    revisions_visible_to,
)

router = Router(tags=["incidents"], auth=BearerToken(Capability.SEE_INCIDENTS))


class VersionLine(Schema):
    version: int
    valid_from: dt.datetime = Field(description="From when the register said so")
    valid_until: dt.datetime = Field(description="Until when; then the next version was written")
    state: IncidentState
    unit: str = Field(description="Code of the unit")
    occurred_on: dt.date = Field(description="The calendar day in the installation's time zone")
    severity_class: SeverityClass
    hurt: int = Field(description="How many people were hurt")
    merged_into: str | None = Field(
        description="Number of the incident that it was merged into, if you may open that one"
    )


class IncidentVersion(answer_with(VersionLine, INCIDENT_FIELDS)):
    involved: list[InvolvedPersonThen] | None = Field(
        description="Null if your role may not see who was involved"
    )


@router.get(
    "/incidents/{number}/versions", response=answered_with(PageOfRows[IncidentVersion], 400, 404)
)
def versions(
    request: HttpRequest, number: Word, parameters: Query[PageParameters]
) -> dict[str, Any]:
    """What the register said of an incident before each change, the newest first.

    Versions whose unit or confidentiality your role does not open are left out.
    """
    user = request.auth
    incident = incident_visible_to(user, number)
    if incident is None:
        raise Http404(number)
    return requested_rows(
        revisions_visible_to(user, incident),
        parameters,
        key=("-version",),
        shape=lambda rows: [_answer(v, user) for v in versions_shown_to(user, incident, rows)],
    )


def _answer(version: Version, user: User) -> dict[str, Any]:
    then = version.incident
    remaining = remaining_incident_visible_to(user, then)
    given = {name: getattr(then, name) for name in _OF_THE_INCIDENT}
    return given | {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "unit": then.unit.code,
        "hurt": version.involved.hurt,
        "merged_into": remaining.number if remaining else None,
        "involved": people_then(version.involved),
    }


_OF_ITSELF = {"valid_from", "valid_until", "unit", "hurt", "merged_into", "involved"}
_OF_THE_INCIDENT = set(IncidentVersion.model_fields) - _OF_ITSELF
