"""Places: the map of areas with incident counts, one area, and search by name."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.incidents_by_area.answer import IncidentsByArea, incidents_by_area
from qorgau.exchange.formats.geojson import Feature, serialise_features
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import may
from qorgau.records.places import queries
from qorgau.records.places.models import Area, Site
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.places.shades import shade_classes, shade_of
from qorgau.web.places.tiles import short_labels, tiles_of

NAVIGATION = (MenuEntry(Section.FIGURES, "places", _("Places"), "map", Capability.SEE_PLACES),)

PERIODS_IN_YEARS = (1, 3, 10)
_MOST_FOUND = 50
_MOST_SITES = 200


@needs(Capability.SEE_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    """The whole country; with ``q``, the areas with that name or code."""
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
    """One area: its names, the areas above it, its parts and sites."""
    area = get_object_or_404(queries.areas_visible_to(request.user), uuid=uuid)
    return render(request, "places/area.html", _parts(request, area) | _detail(request, area))


@needs(Capability.SEE_PLACES)
def place_outlines(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The parts of an area with their counts as GeoJSON, for the map."""
    area = get_object_or_404(queries.areas_visible_to(request.user), uuid=uuid)
    is_country = area.parent_id is None
    outlines = queries.outlines_for_map(request.user, area)
    outlines = outlines if is_country else outlines.defer(None)
    shapes = [
        (outline.area, outline.simplified_geometry if is_country else outline.geometry)
        for outline in outlines
    ]
    features = [
        *_areas_on_map(shapes, _counted(request, area)),
        *_sites_on_map(queries.sites_within(request.user, area)),
    ]
    return HttpResponse(serialise_features(features), content_type="application/geo+json")


def _found(wanted: str, areas: list[Area]) -> dict[str, Any]:
    is_cut = len(areas) > _MOST_FOUND
    return {"wanted": wanted, "areas": areas[:_MOST_FOUND], "is_cut": is_cut, "most": _MOST_FOUND}


def _years(request: HttpRequest) -> int:
    text = request.GET.get("years", "")
    return int(text) if text in map(str, PERIODS_IN_YEARS) else PERIODS_IN_YEARS[0]


def _counted(request: HttpRequest, area: Area) -> IncidentsByArea | None:
    """Counts for users who may see incidents; others see the map without counts."""
    if not may(request.user, Capability.SEE_INCIDENTS):
        return None
    today = clock.today()
    # The day after this date some years ago; 29 February does not exist in other years.
    last_day = 28 if today.month == 2 else today.day
    before = dt.date(today.year - _years(request), today.month, min(today.day, last_day))
    first_day = before + dt.timedelta(days=1)
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
        "credits": queries.credits_of(outlines),
        "bounds": ",".join(str(edge) for edge in bounds) if bounds else "",
    }


def _detail(request: HttpRequest, area: Area) -> dict[str, Any]:
    sites = queries.sites_within(request.user, area)
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


def _areas_on_map(shapes: list[tuple[Area, str]], counted: IncidentsByArea | None) -> list[Feature]:
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


def _sites_on_map(sites: QuerySet[Site]) -> list[Feature]:
    return [
        Feature(
            number,
            {"label": site.name},
            {"type": "Point", "coordinates": [site.longitude, site.latitude]},
        )
        for number, site in enumerate(sites.exclude(latitude=None)[:_MOST_SITES], start=1)
    ]


urlpatterns = [
    path("places/", places, name="places"),
    path("places/<uuid:uuid>/", place, name="place"),
    path("places/<uuid:uuid>/outlines/", place_outlines, name="place_outlines"),
]
