"""Who was involved in an incident and how they were hurt, for programs."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema
from pydantic import Field

from qorgau.api.record_fields import answer_with
from qorgau.records.incidents import queries
from qorgau.records.incidents.fields import INJURY_FIELDS, INVOLVED_PERSON_FIELDS, Use


class Identified(Schema):
    uuid: UUID


class InjuryDetail(answer_with(Identified, INJURY_FIELDS)):
    """One injury of a person involved."""


class IdentityDetail(Schema):
    family_name: str
    given_name: str
    patronymic: str
    service_number: str


class InvolvedPersonDetail(answer_with(Identified, INVOLVED_PERSON_FIELDS)):
    person: str | None = Field(description="Code of the person in the register, if known")
    identity: IdentityDetail | None = Field(description="Null where it is not known or not yours")
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
    own = ("uuid", *INVOLVED_PERSON_FIELDS.names(Use.EXPORT))
    return InvolvedPersonDetail(
        **{name: getattr(involved, name) for name in own}
        | {
            "person": involved.person.code if involved.person else None,
            "identity": somebody.identity,
            "injuries": somebody.injuries if may_see_injuries else None,
        }
    )
