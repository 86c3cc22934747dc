"""Units: the tree on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qorgau.api.parameters import (
    Day,
    PageOfRows,
    PageParameters,
    Parameters,
    Word,
    requested_rows,
    unit_named,
)
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation import clock
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.choices import Echelon
from qorgau.records.people.models import UnitVersion
from qorgau.records.people.queries import (
    subtree_on,
    unit_ids_visible_to,
    units_visible_to,
    versions_on,
)

router = Router(tags=["units"], auth=BearerToken(Capability.SEE_UNITS))


class UnitParameters(Parameters):
    on: Day | None = Field(None, description="The tree on this day. Default: today")


class UnitsParameters(UnitParameters, PageParameters):
    below: Word = Field("", description="Only the unit with this code and the units below it")


class UnitLine(Schema):
    uuid: UUID
    code: str
    name: str = Field(description="In the requested language, or another one")
    name_kk: str
    name_ru: str
    name_en: str
    echelon: Echelon
    parent: str | None = Field(description="Code of the unit above, if you may see it")
    valid_from: dt.date = Field(description="First day of this name and parent")
    valid_until: dt.date | None = Field(description="First day after this name and parent")
    opened_on: dt.date
    closed_on: dt.date | None = Field(description="First day on which it is closed")
    is_synthetic: bool


@router.get("/units", response=answered_with(PageOfRows[UnitLine], 400))
def units(request: HttpRequest, parameters: Query[UnitsParameters]) -> dict[str, Any]:
    """The units on a given day; the parents' codes show the tree."""
    user, day = request.auth, parameters.on or clock.today()
    found = versions_on(unit_ids_visible_to(user, Capability.SEE_UNITS), day)
    if parameters.below:
        top = unit_named(user, parameters.below, Capability.SEE_UNITS, field="below")
        found = found.filter(unit_id__in=subtree_on(top, day).values("descendant_id"))
    return requested_rows(
        found, parameters, key=("unit_id",), shape=lambda versions: unit_lines(user, versions)
    )


@router.get("/units/{path:code}", response=answered_with(UnitLine, 404))
def unit(request: HttpRequest, code: Word, parameters: Query[UnitParameters]) -> UnitLine:
    """One unit on a given day."""
    user, day = request.auth, parameters.on or clock.today()
    found = units_visible_to(user, Capability.SEE_UNITS).filter(code=code).values("pk")
    lines = unit_lines(user, versions_on(found, day))
    if not lines:
        raise Http404(code)
    return lines[0]


def unit_lines(user: User, versions: Sequence[UnitVersion]) -> list[UnitLine]:
    above = {version.parent_id for version in versions} - {None}
    visible = units_visible_to(user, Capability.SEE_UNITS).filter(pk__in=above)
    codes = dict(visible.values_list("pk", "code")) if above else {}
    return [_line(version, codes.get(version.parent_id)) for version in versions]


def _line(version: UnitVersion, parent: str | None) -> UnitLine:
    unit = version.unit
    return UnitLine(
        uuid=unit.uuid,
        code=unit.code,
        name=version.name or unit.code,
        name_kk=version.name_kk,
        name_ru=version.name_ru,
        name_en=version.name_en,
        echelon=version.echelon,
        parent=parent,
        valid_from=version.valid_from,
        valid_until=_unless_open(version.valid_until),
        opened_on=unit.opened_on,
        closed_on=_unless_open(unit.closed_on),
        is_synthetic=unit.is_synthetic,
    )


def _unless_open(day: dt.date) -> dt.date | None:
    return None if day == FOREVER else day
