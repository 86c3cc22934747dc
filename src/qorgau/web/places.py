"""Places: the map of areas with what happened in them, one area, and finding one by name."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.incidents_by_area import IncidentsByArea, incidents_by_area
from qorgau.exchange.formats.geojson import Feature, serialise_features
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import may
from qorgau.records.places import queries
from qorgau.records.places.models import Area
from qorgau.web.access import needs
from qorgau.web.navigation import Entry
from qorgau.web.place_shades import shade_classes, shade_of
from qorgau.web.place_tiles import short_labels, tiles_of

NAVIGATION = (Entry("places", _("Places"), "map", Capability.SEE_PLACES),)

PERIODS_IN_YEARS = (1, 3, 10)
_MOST_FOUND = 50
_MOST_SITES = 200


@needs(Capability.SEE_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    """The whole country; with ``q``, the areas of that name or code instead."""
    wanted = request.GET.get("q", "").strip()
    if wanted:
        found = queries.areas_named(request.user, wanted)[: _MOST_FOUND + 1]
        return render(request, "places/found.html", _found(wanted, list(found)))
    country = queries.country_visible_to(request.user)
    if country is None:
        raise Http404
    return render(request, "places/country.html", _parts(request, country))


@needs(Capability.SEE_PLACES)
def place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One area: its names, what it is part of, its parts and sites."""
    area = get_object_or_404(queries.areas_visible_to(request.user), uuid=uuid)
    return render(request, "places/area.html", _parts(request, area) | _detail(request, area))


@needs(Capability.SEE_PLACES)
def place_outlines(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The parts of an area as GeoJSON with their counts, for the map."""
    area = get_object_or_404(queries.areas_visible_to(request.user), uuid=uuid)
    is_country = area.parent_id is None
    outlines = queries.outlines_for_map(request.user, area)
    outlines = outlines if is_country else outlines.defer(None)
    shapes = [
        (outline.area, outline.simplified_geometry if is_country else outline.geometry)
        for outline in outlines
    ]
    features = _features(shapes, _counted(request, area))
    return HttpResponse(serialise_features(features), content_type="application/geo+json")


def _found(wanted: str, areas: list[Area]) -> dict[str, Any]:
    is_cut = len(areas) > _MOST_FOUND
    return {"wanted": wanted, "areas": areas[:_MOST_FOUND], "is_cut": is_cut, "most": _MOST_FOUND}


def _years(request: HttpRequest) -> int:
    text = request.GET.get("years", "")
    return int(text) if text in map(str, PERIODS_IN_YEARS) else PERIODS_IN_YEARS[0]


def _counted(request: HttpRequest, area: Area) -> IncidentsByArea | None:
    """Counts for whoever may see incidents; to others a map is a map."""
    if not may(request.user, Capability.SEE_INCIDENTS):
        return None
    today = clock.today()
    first_day = today - dt.timedelta(days=365 * _years(request) + _years(request) // 4)
    return incidents_by_area(request.user, area=area, first_day=first_day, last_day=today)


def _parts(request: HttpRequest, area: Area) -> dict[str, Any]:
    parts = list(queries.children_of(area))
    counted = _counted(request, area)
    classes = shade_classes(counted.by_code.values()) if counted else []
    counts = counted.by_code if counted else {}
    outlines = queries.outlines_for_map(request.user, area)
    bounds = queries.bounds_of(outlines)
    return {
        "area": area,
        "parts": [(part, counts.get(part.code)) for part in parts],
        "tiles": [
            (tile, counts.get(tile.area.code), shade_of(counts.get(tile.area.code), classes))
            for tile in tiles_of(parts)
        ],
        "counted": counted,
        "classes": classes,
        "years": _years(request),
        "periods": PERIODS_IN_YEARS,
        "bounds": ",".join(str(edge) for edge in bounds) if bounds else "",
    }


def _detail(request: HttpRequest, area: Area) -> dict[str, Any]:
    sites = queries.sites_visible_to(request.user).filter(area__in=queries.subtree_of(area))
    return {
        "ancestors": list(queries.ancestors_of(area)),
        "sites": list(sites[:_MOST_SITES]),
        "facts": [
            (_("Kazakh"), area.name_kk),
            (_("Russian"), area.name_ru),
            (_("English"), area.name_en),
            (_("Code"), area.code),
            (_("Level"), area.get_level_display()),
            (_("ISO 3166-2 code"), area.iso_3166_2),
        ],
    }


def _features(shapes: list[tuple[Area, str]], counted: IncidentsByArea | None) -> list[Feature]:
    labels = short_labels(area for area, _geometry in shapes)
    counts = counted.by_code if counted else {}
    classes = shade_classes(counts.values())
    return [
        Feature(
            number,
            {
                "id": str(area.uuid),
                "label": labels[area.code],
                "count": counts.get(area.code),
                "shade": shade_of(counts.get(area.code), classes),
                "address": reverse("place", kwargs={"uuid": area.uuid}),
                "at": [area.longitude, area.latitude],
            },
            json.loads(geometry),
        )
        for number, (area, geometry) in enumerate(shapes, start=1)
    ]


urlpatterns = [
    path("places/", places, name="places"),
    path("places/<uuid:uuid>/", place, name="place"),
    path("places/<uuid:uuid>/outlines/", place_outlines, name="place_outlines"),
]
