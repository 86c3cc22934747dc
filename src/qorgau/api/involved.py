"""Who was involved in an incident and how they were hurt, for programs."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema
from pydantic import Field

from qorgau.records.incidents import queries
from qorgau.records.incidents.choices import (
    BodyRegion,
    Cause,
    DutyStatus,
    Intent,
    InvolvedRole,
    Nature,
    Outcome,
    OveruseType,
    Side,
    Treatment,
)
from qorgau.records.people.choices import Category, Sex


class InjuryDetail(Schema):
    uuid: UUID
    body_region: BodyRegion
    side: Side
    nature: Nature
    overuse_type: OveruseType | None
    icd_code: str
    mechanism: Cause | None
    intent: Intent
    outcome: Outcome
    treatment: Treatment
    days_away: int
    days_limited: int

    @staticmethod
    def resolve_overuse_type(injury: object) -> str | None:
        return getattr(injury, "overuse_type", None) or None

    @staticmethod
    def resolve_mechanism(injury: object) -> str | None:
        return getattr(injury, "mechanism", None) or None


class IdentityDetail(Schema):
    family_name: str
    given_name: str
    patronymic: str
    service_number: str


class InvolvedPersonDetail(Schema):
    uuid: UUID
    role: InvolvedRole
    person: str | None = Field(description="Code of the person in the register, if known")
    identity: IdentityDetail | None = Field(description="Null where it is not known or not yours")
    sex: Sex
    age_years: int | None
    category: Category | None
    occupation: str
    experience_years: float | None
    duty_status: DutyStatus
    protective_equipment: str
    hours_awake: float | None
    injuries: list[InjuryDetail] | None = Field(
        description="Null where your role does not open medical detail"
    )


def involved_people(shown: queries.InvolvedShown) -> list[InvolvedPersonDetail] | None:
    """The people of an incident; None when the role may not see who they are."""
    if not shown.may_see_people:
        return None
    return [_shape(somebody, shown.may_see_injuries) for somebody in shown.people]


def _shape(somebody: queries.Somebody, may_see_injuries: bool) -> InvolvedPersonDetail:
    involved = somebody.involved
    plain = ("uuid", "role", "sex", "age_years", "occupation", "experience_years", "duty_status")
    return InvolvedPersonDetail(
        **{name: getattr(involved, name) for name in plain},
        person=involved.person.code if involved.person else None,
        identity=somebody.identity,
        category=involved.category or None,
        protective_equipment=involved.protective_equipment,
        hours_awake=involved.hours_awake,
        injuries=somebody.injuries if may_see_injuries else None,
    )
