"""Reads of places. Places are public reference data: everyone who is signed in may see them."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Length

from qorgau.foundation.identity.models import User
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.models import Area, AreaBoundary, Site
from qorgau.records.places.rules import ancestor_paths, subtree_bounds


def areas_visible_to(user: User | AnonymousUser) -> QuerySet[Area]:
    return Area.objects.all() if user.is_authenticated and user.is_active else Area.objects.none()


def sites_visible_to(user: User | AnonymousUser) -> QuerySet[Site]:
    sites = Site.objects.select_related("area")
    return sites if user.is_authenticated and user.is_active else sites.none()


def boundaries_visible_to(user: User | AnonymousUser) -> QuerySet[AreaBoundary]:
    """Outlines with their areas; the full geometry is read only on demand."""
    outlines = AreaBoundary.objects.select_related("area").defer("geometry")
    return outlines if user.is_authenticated and user.is_active else outlines.none()


def subtree_of(area: Area) -> QuerySet[Area]:
    """The area and everything in it, as one range of an index."""
    lowest, below = subtree_bounds(area.path)
    return Area.objects.filter(path__gte=lowest, path__lt=below)


def ancestors_of(area: Area) -> QuerySet[Area]:
    """The areas that contain this one, the largest first."""
    return Area.objects.filter(path__in=ancestor_paths(area.path)).order_by("path")


def sites_within(user: User | AnonymousUser, area: Area) -> QuerySet[Site]:
    lowest, below = subtree_bounds(area.path)
    return sites_visible_to(user).filter(area__path__gte=lowest, area__path__lt=below)


def areas_of_country(country: str) -> QuerySet[Area]:
    """Every area of a country with its parent's code, so that an import can compare."""
    return Area.objects.filter(country=country).select_related("parent").order_by("path")


def outlines_held(country: str) -> dict[str, tuple[str, str]]:
    """The digest and the credit of each loaded boundary, by code of the area."""
    rows = AreaBoundary.objects.filter(area__country=country)
    return {
        code: (digest, credit)
        for code, digest, credit in rows.values_list("area__code", "source_digest", "credit")
    }


def country_visible_to(user: User | AnonymousUser, country: str = "KZ") -> Area | None:
    """The area of the whole country; another country when the register does not have this one."""
    republics = areas_visible_to(user).filter(level=AreaLevel.REPUBLIC)
    return republics.filter(country=country).first() or republics.first()


def regions_and(user: User | AnonymousUser, uuid: str) -> QuerySet[Area]:
    """The regions to choose from, and the area with ``uuid`` if it is smaller than a region."""
    chosen = Q(level=AreaLevel.REGION)
    with contextlib.suppress(ValueError):
        chosen |= Q(uuid=UUID(uuid))
    return areas_visible_to(user).filter(chosen)


def children_of(area: Area) -> QuerySet[Area]:
    return Area.objects.filter(parent=area).order_by("code")


def outlines_for_map(user: User | AnonymousUser, area: Area) -> QuerySet[AreaBoundary]:
    """The outlines of the area's parts; if they have none, its own outline."""
    outlines = boundaries_visible_to(user)
    parts = outlines.filter(area__parent=area)
    return parts if parts.exists() else outlines.filter(area=area)


def bounds_of(outlines: QuerySet[AreaBoundary]) -> tuple[float, float, float, float] | None:
    """The western, southern, eastern and northern limits of all outlines together."""
    edges = outlines.aggregate(Min("west"), Min("south"), Max("east"), Max("north"))
    return None if edges["west__min"] is None else tuple(edges.values())


def credits_of(outlines: QuerySet[AreaBoundary]) -> list[str]:
    """The sources of the boundaries, each once."""
    named = outlines.exclude(credit="").order_by("credit")
    return list(named.values_list("credit", flat=True).distinct())


def areas_named(user: User | AnonymousUser, text: str) -> QuerySet[Area]:
    """Areas with ``text`` in their name or at the start of their code, large areas first."""
    # SQLite ignores case only in ASCII, so each likely spelling is tried.
    found = Q(code__startswith=text)
    for written in {text, text.lower(), text.capitalize(), text.title()}:
        found |= Q(name_kk__contains=written) | Q(name_ru__contains=written)
        found |= Q(name_en__contains=written)
    areas = areas_visible_to(user).filter(found).select_related("parent")
    return areas.order_by(Length("path"), "code")
