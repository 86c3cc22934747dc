"""Which counts rise in any week, from the register as it is or was; nothing is stored."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from qorgau.analysis.flat_answers import flat, flat_type
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import RisingSignals
from qorgau.api.parameters import Day, Moment, Parameters, Word, unit_named
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.roles import Capability

router = Router(tags=["signals"], auth=BearerToken(Capability.RUN_DETECTION))


class RisesParameters(Parameters):
    unit: Word = Field(description="Code of the unit; everything below it is tested")
    week: Day | None = Field(
        None, description="A day of the last week. Default: last complete week"
    )
    weeks: int = Field(1, ge=1, le=104, description="Number of weeks, ending with that week")
    as_of: Moment | None = Field(None, description="The register as it was at this moment")


@router.get("/rises", response=answered_with(flat_type(list[RisingSignals])))
def rises(request: HttpRequest, parameters: Query[RisesParameters]) -> list[object]:
    """What rises in a unit and below, week by week; no run and no signal is stored."""
    question = SignalQuestion(
        unit=unit_named(request.auth, parameters.unit, Capability.RUN_DETECTION),
        week=parameters.week,
        as_of=parameters.as_of and parameters.as_of.astimezone(dt.UTC),
    )
    return [flat(week) for week in rising_signals(request.auth, question, weeks=parameters.weeks)]
