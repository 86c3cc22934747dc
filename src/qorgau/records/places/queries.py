"""Reads of places. Places are public reference data: whoever is signed in may see them all."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

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
    """Outlines with their areas; the full geometry is left in the store unless asked for."""
    outlines = AreaBoundary.objects.select_related("area").defer("geometry")
    return outlines if user.is_authenticated and user.is_active else outlines.none()


def subtree_of(area: Area) -> QuerySet[Area]:
    """The area and everything in it, by one range of an index."""
    lowest, below = subtree_bounds(area.path)
    return Area.objects.filter(path__gte=lowest, path__lt=below)


def ancestors_of(area: Area) -> QuerySet[Area]:
    """The areas that this one is part of, from the topmost down."""
    return Area.objects.filter(path__in=ancestor_paths(area.path)).order_by("path")


def sites_within(area: Area) -> QuerySet[Site]:
    lowest, below = subtree_bounds(area.path)
    return Site.objects.filter(area__path__gte=lowest, area__path__lt=below)


def areas_of_country(country: str) -> QuerySet[Area]:
    """Every area of a country with the code of the one above, for an import to compare with."""
    return Area.objects.filter(country=country).select_related("parent").order_by("path")


def outline_digests(country: str) -> dict[str, str]:
    """By code of the area: the digest of the boundary that was loaded."""
    return dict(
        AreaBoundary.objects.filter(area__country=country).values_list(
            "area__code", "source_digest"
        )
    )


def first_level_areas(user: User | AnonymousUser, country: str = "KZ") -> QuerySet[Area]:
    return areas_visible_to(user).filter(country=country, level=AreaLevel.REGION)
