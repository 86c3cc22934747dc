"""Rates of a unit, with limits: the same answer as on the pages and from the command."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from qorgau.analysis.flat_answers import flat, flat_type
from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.question import (
    PERSON_TIME_DENOMINATORS,
    RateQuestion,
    default_period,
)
from qorgau.analysis.rates.results import InjuryRates
from qorgau.api.parameters import Day, Moment, Parameters, SeverityClassTyped, Word, unit_named
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Cause, Kind
from qorgau.records.people.choices import Category

router = Router(tags=["rates"], auth=BearerToken(Capability.SEE_RATES))
_DENOMINATORS = ", ".join(f"`{key}`" for key in PERSON_TIME_DENOMINATORS)


class RatesParameters(Parameters):
    unit: Word = Field(description="Code of the unit; everything below it counts")
    since: Day | None = Field(None, description="First day. Default: a year before the last day")
    until: Day | None = Field(None, description="Last day. Default: today")
    kind: list[Kind] = Field([Kind.INJURY], description="May be given several times")
    category: Category | None = None
    cause: Cause | None = None
    severity_class: list[SeverityClassTyped] = Field([], description="May be given several times")
    per: Word = Field("per_1000_person_years", description=f"One of {_DENOMINATORS}")
    depth: int = Field(1, ge=1, le=9, description="How many levels below are the units compared")
    as_of: Moment | None = Field(None, description="The register as it was at this moment")

    def as_question(self, user: User) -> RateQuestion:
        usual_first, last_day = default_period(self.until or clock.today())
        return RateQuestion(
            unit=unit_named(user, self.unit, Capability.SEE_RATES),
            first_day=self.since or usual_first,
            last_day=last_day,
            kinds=tuple(self.kind),
            category=self.category or "",
            cause=self.cause or "",
            severity_classes=tuple(self.severity_class),
            denominator=self.per,
            depth=self.depth,
            as_of=self.as_of and self.as_of.astimezone(dt.UTC),
        )


@router.get("/rates", response=answered_with(flat_type(InjuryRates)))
def rates(request: HttpRequest, parameters: Query[RatesParameters]) -> object:
    """Rates of the unit, its kinds of incident, its months and its sub-units."""
    return flat(injury_rates(request.auth, parameters.as_question(request.auth)))
