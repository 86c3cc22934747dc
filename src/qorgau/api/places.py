"""Areas: the administrative division, its codes and its outlines."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qorgau.api.parameters import PageOfRows, PageParameters, Word, area_named, requested_rows
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.roles import Capability
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.models import Area
from qorgau.records.places.queries import (
    ancestors_of,
    areas_named,
    areas_visible_to,
    boundaries_visible_to,
    subtree_of,
)

router = Router(tags=["places"], auth=BearerToken(Capability.SEE_PLACES))


class AreasParameters(PageParameters):
    country: Word = Field("", description="ISO 3166 code of the country, e.g. KZ")
    level: AreaLevel | None = None
    code: Word = Field("", description="National code, e.g. 750000000")
    within: UUID | None = Field(None, description="Only this area and everything in it")
    name: Word = Field("", description="A part of the name, or the beginning of the code")


class AreaLine(Schema):
    uuid: UUID
    country: str
    code: str
    level: AreaLevel
    name: str = Field(description="In the requested language, or another one")
    name_kk: str
    name_ru: str
    name_en: str
    parent: UUID | None = Field(description="The area that this one is part of")
    iso_3166_2: str
    latitude: float | None = Field(description="Of a point inside")
    longitude: float | None

    @staticmethod
    def resolve_parent(area: Area) -> UUID | None:
        return area.parent.uuid if area.parent else None


class AreaAbove(Schema):
    uuid: UUID
    code: str
    level: AreaLevel
    name: str


class AreaDetail(AreaLine):
    above: list[AreaAbove] = Field(description="The areas that contain it, the country first")


class Outline(Schema):
    """A GeoJSON feature."""

    type: str = "Feature"
    geometry: dict[str, Any]
    properties: dict[str, str]


@router.get("/areas", response=answered_with(PageOfRows[AreaLine], 400))
def areas(request: HttpRequest, parameters: Query[AreasParameters]) -> dict[str, Any]:
    """Areas, page by page."""
    user = request.auth
    found = areas_named(user, parameters.name) if parameters.name else areas_visible_to(user)
    if parameters.within:
        found = found & subtree_of(area_named(user, parameters.within, field="within"))
    wanted = {"country": parameters.country, "level": parameters.level, "code": parameters.code}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return requested_rows(found.select_related("parent"), parameters, key=("id",))


@router.get("/areas/{uuid:uuid}", response=answered_with(AreaDetail, 404))
def area(request: HttpRequest, uuid: UUID) -> Area:
    """One area with all areas that contain it."""
    found = areas_visible_to(request.auth).select_related("parent").filter(uuid=uuid).first()
    if found is None:
        raise Http404(uuid)
    found.above = list(ancestors_of(found))
    return found


@router.get("/areas/{uuid:uuid}/outline", response=answered_with(Outline, 404))
def outline(request: HttpRequest, uuid: UUID) -> dict[str, Any]:
    """The boundary of an area as GeoJSON, if boundaries were loaded."""
    boundary = boundaries_visible_to(request.auth).filter(area__uuid=uuid).first()
    if boundary is None:
        raise Http404(uuid)
    properties = {"code": boundary.area.code, "name": boundary.area.name}
    return {
        "geometry": json.loads(boundary.geometry),
        "properties": properties | {"credit": boundary.credit},
    }
