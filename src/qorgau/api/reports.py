"""Reports: recorded once even when sent again over a bad line, and found by receipt code."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Header, Router, Schema
from pydantic import Field

from qorgau.api.parameters import Moment, Parameters, Text, Word, area_named
from qorgau.api.problems import Problem, answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.addresses import address_of
from qorgau.foundation.rate_limits import CODES_PER_ADDRESS
from qorgau.records.incidents.choices import (
    ClosingReason,
    IncidentState,
    Kind,
    Precision,
    ReportState,
)
from qorgau.records.incidents.fields import INCIDENT_FIELDS
from qorgau.records.incidents.models import MOST_INJURED, Report
from qorgau.records.incidents.queries import report_of_receipt
from qorgau.records.incidents.services import report_incident
from qorgau.records.people.authority import unknown_unit
from qorgau.records.people.queries import unit_of_code
from qorgau.records.reporting.queries import incidents_that_stayed, released_findings

router = Router(tags=["reports"])
ReceiptCode = Annotated[Word, Header(alias="Receipt-Code")]


_LONGEST_ACTION = INCIDENT_FIELDS["immediate_action"].longest_characters


def _degrees(name: str) -> Any:
    field = INCIDENT_FIELDS[name]
    return Field(None, ge=field.least, le=field.most, allow_inf_nan=False)


class ReportSent(Parameters):
    """What happened. Four fields are required; send the same key again after a broken line."""

    submission_key: Word = Field(
        description="A secret of the sender, 32 hexadecimal digits made at random: the same one "
        "again is the same report"
    )
    kind: Kind
    occurred_at: Moment = Field(description="When it happened, with the time zone")
    narrative: Text = Field(min_length=1, description="What happened, in a sentence or more")
    unit: Word | None = Field(None, description="Code of the unit; may be left out if anonymous")
    is_anonymous: bool = Field(False, description="Keep no trace of who sent it")
    precision: Precision = Precision.MINUTE
    place: Word = Field("", description="Where it happened, in words")
    area: UUID | None = Field(None, description="Where it happened: an area's `uuid`")
    latitude: float | None = _degrees("latitude")
    longitude: float | None = _degrees("longitude")
    injured_count: int = Field(0, ge=0, le=MOST_INJURED, description="How many were hurt")
    immediate_action: Annotated[Text, Field(max_length=_LONGEST_ACTION)] = ""


class Receipt(Schema):
    uuid: UUID
    state: ReportState
    receipt_code: str = Field(description="Keep it: it shows what happened to the report")


class ReportOutcome(Schema):
    """What happened to a report."""

    kind: Kind
    state: ReportState
    reported_at: dt.datetime
    incident: str | None = Field(description="Number of the incident it became or was joined to")
    incident_state: IncidentState | None
    closing_reason: ClosingReason | None = Field(description="Why it was closed, if it was")
    closing_note: str
    finding: str | None = Field(
        description="What was decided and done because of it, once it is released to the reporter"
    )


@router.post("/reports", auth=BearerToken(None), response=answered_with(Receipt, 400))
def send_report(request: HttpRequest, parameters: ReportSent) -> dict[str, Any]:
    """Send a report; if it had already arrived, the answer is the same."""
    user, fields = request.auth, parameters.model_dump(exclude={"unit", "area"})
    unit = unit_of_code(parameters.unit) if parameters.unit else None
    if unit is None and parameters.unit:
        raise unknown_unit(parameters.unit)
    area = area_named(user, parameters.area, field="area") if parameters.area else None
    sent, code = report_incident(**fields, unit=unit, area=area, acting_user=user)
    return {"uuid": sent.uuid, "state": sent.state, "receipt_code": code}


@router.get(
    "/receipt",
    auth=None,
    response={200: ReportOutcome, 404: Problem, 422: Problem, 429: Problem},
)
def receipt(
    request: HttpRequest, receipt_code: Annotated[Word, Header(alias="Receipt-Code")]
) -> dict[str, Any]:
    """What happened to a report. The code is the permission; it is sent as a header, so that no
    log of addresses contains it. Too many tries from one address have to wait."""
    CODES_PER_ADDRESS.require(address_of(request.META))
    report = report_of_receipt(receipt_code)
    if report is None:
        raise Http404(receipt_code)
    return _outcome(report)


def _outcome(report: Report) -> dict[str, Any]:
    incident = incidents_that_stayed([report]).get(report.pk)
    released = released_findings([incident]).get(incident.pk) if incident else None
    return {
        "kind": report.kind,
        "state": report.state,
        "reported_at": report.reported_at,
        "incident": incident.number if incident else None,
        "incident_state": incident.state if incident else None,
        "closing_reason": report.closing_reason or None,
        "closing_note": report.closing_note,
        "finding": released.text if released else None,
    }
