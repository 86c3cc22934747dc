"""Who was involved in an incident and how they were hurt, for programs."""

from __future__ import annotations

from typing import Any
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


class InjuryThen(answer_with(Schema, INJURY_FIELDS)):
    """One injury as an earlier version of an incident had it."""


class InvolvedPersonThen(answer_with(Schema, INVOLVED_PERSON_FIELDS)):
    """A person involved as an earlier version of an incident had them."""

    person: str | None = Field(description="Code of the person in the register, if known")
    injuries: list[InjuryThen] | None = Field(
        description="Null where your role does not open medical detail"
    )


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


def people_then(shown: queries.InvolvedShown) -> list[InvolvedPersonThen] | None:
    """The people of an earlier version; None when the role may not see who they are."""
    if not shown.may_see_people:
        return None
    return [
        InvolvedPersonThen(**_told(somebody, shown.may_see_injuries)) for somebody in shown.people
    ]


def _shape(somebody: queries.Somebody, may_see_injuries: bool) -> InvolvedPersonDetail:
    return InvolvedPersonDetail(
        uuid=somebody.involved.uuid,
        identity=somebody.identity,
        **_told(somebody, may_see_injuries),
    )


def _told(somebody: queries.Somebody, may_see_injuries: bool) -> dict[str, Any]:
    involved = somebody.involved
    given = {name: getattr(involved, name) for name in INVOLVED_PERSON_FIELDS.names(Use.EXPORT)}
    given["person"] = involved.person.code if involved.person else None
    return given | {"injuries": somebody.injuries if may_see_injuries else None}
