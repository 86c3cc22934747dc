"""The effect of an action: the same answer as on the pages and from the command."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import (
    MOST_WEEKS,
    WEEKS_AFTER,
    WEEKS_BEFORE,
    EffectQuestion,
)
from qorgau.analysis.effect.results import EffectOfAction
from qorgau.analysis.flat_answers import flat, flat_type
from qorgau.api.parameters import Day, Moment, Parameters, Word, unit_named
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Cause, Kind

router = Router(tags=["effects"], auth=BearerToken(Capability.SEE_RATES))


class EffectParameters(Parameters):
    unit: Word = Field(description="Code of the unit of the action; everything below it counts")
    kind: Kind = Kind.INJURY
    cause: Cause | None = Field(None, description="All causes below it count too")
    since: Day = Field(description="The day from which the action held")
    compared_with: Word = Field("", description="Code of a unit in which it was not taken")
    weeks_before: int = Field(WEEKS_BEFORE, ge=1, le=MOST_WEEKS)
    weeks_after: int = Field(WEEKS_AFTER, ge=1, le=MOST_WEEKS)
    as_of: Moment | None = Field(None, description="The register as it was at this moment")

    def as_question(self, user: User) -> EffectQuestion:
        other = self.compared_with and unit_named(
            user, self.compared_with, Capability.SEE_RATES, field="compared_with"
        )
        return EffectQuestion(
            unit=unit_named(user, self.unit, Capability.SEE_RATES),
            measure=f"{self.kind}:{self.cause}" if self.cause else str(self.kind),
            held_from=self.since,
            weeks_before=self.weeks_before,
            weeks_after=self.weeks_after,
            compared_with=other or None,
            as_of=self.as_of and self.as_of.astimezone(dt.UTC),
        )


@router.get("/effects", response=answered_with(flat_type(EffectOfAction)))
def effects(request: HttpRequest, parameters: Query[EffectParameters]) -> object:
    """What changed in the unit since an action, compared with what was expected without it."""
    return flat(effect_of_action(request.auth, parameters.as_question(request.auth)))
