"""How late incidents are recorded, and the expected final counts of the newest weeks."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from qorgau.analysis.flat_answers import flat, flat_type
from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.reporting_delay.results import ReportingDelay
from qorgau.api.parameters import Moment, Parameters, Word, unit_named
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.roles import Capability

router = Router(tags=["signals"], auth=BearerToken(Capability.SEE_SIGNALS))


class DelayParameters(Parameters):
    unit: Word = Field(description="Code of the unit; everything below it counts")
    as_of: Moment | None = Field(None, description="The register as it was at this moment")


@router.get("/reporting-delay", response=answered_with(flat_type(ReportingDelay)))
def delay(request: HttpRequest, parameters: Query[DelayParameters]) -> object:
    """The newest weeks of a unit: incidents reported so far, and expected final counts."""
    question = DelayQuestion(
        unit=unit_named(request.auth, parameters.unit, Capability.SEE_SIGNALS),
        as_of=parameters.as_of and parameters.as_of.astimezone(dt.UTC),
    )
    return flat(reporting_delay(request.auth, question))
