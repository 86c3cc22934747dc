"""Prepare outlines of areas for storage: repair those that cross themselves, and simplify all.

Neighbours are simplified together (`shapely.coverage_simplify`), so that their common border
remains one line and the national view has no gaps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.geojson import Geometry
from qorgau.records.places.rules import AreaOutline

_SHAPELY_POLYGON, _SHAPELY_MULTIPOLYGON = 3, 6
# As a share of the width of all outlines together: about one pixel of a wide screen.
_TOLERANCE_SHARE = 1 / 1000
_FULL_DECIMALS, _SIMPLIFIED_DECIMALS = 6, 3


@dataclass(frozen=True, slots=True)
class SoundShape:
    """One or more polygons that do not cross themselves.

    Attributes
    ----------
    shape : shapely geometry
        Degrees, longitude first.
    repair : str or None
        What was wrong and where, in the words of GEOS; None when nothing was wrong.
    area_change_percent : float
        How much the repair added (+) or removed (-), in percent of the area before.
    source_digest : str
        SHA-256 of the geometry as read from the file.
    """

    shape: BaseGeometry
    repair: str | None
    area_change_percent: float
    source_digest: str


def sound_shape(geometry: Geometry) -> SoundShape:
    """Convert an outline to a valid polygon; remaining lines and points are dropped.

    Parameters
    ----------
    geometry : mapping
        GeoJSON geometry with a checked structure.

    Returns
    -------
    SoundShape

    Raises
    ------
    FormatError
        When it is not a polygon, or nothing with an area remains.
    """
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise FormatError(
            gettext_noop("Its geometry is a %(kind)s; a boundary is a Polygon or MultiPolygon."),
            kind=geometry["type"],
        )
    source = json.dumps(geometry, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(source.encode()).hexdigest()
    shape = shapely.force_2d(shapely.from_geojson(source))
    if shape.is_valid and not shape.is_empty:
        return SoundShape(shape, None, 0.0, digest)
    repaired = polygons_only(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    if repaired.is_empty or not repaired.area:
        raise FormatError(gettext_noop("Its outline encloses nothing. Draw it again."))
    change = 100 * (repaired.area / shape.area - 1) if shape.area else 100.0
    return SoundShape(repaired, shapely.is_valid_reason(shape), change, digest)


def polygons_only(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, as one polygon or a multipolygon."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if shapely.get_type_id(part) == _SHAPELY_POLYGON
    ]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def outlines_of(shapes: Mapping[str, SoundShape]) -> dict[str, AreaOutline]:
    """Simplify the shapes of one file together and prepare them for storage.

    Parameters
    ----------
    shapes : mapping of str to SoundShape
        Shapes by code of the area.

    Returns
    -------
    dict of str to AreaOutline
    """
    if not shapes:
        return {}
    originals = [sound.shape for sound in shapes.values()]
    west, _, east, _ = shapely.total_bounds(originals)
    simplified = shapely.coverage_simplify(originals, (east - west) * _TOLERANCE_SHARE)
    return {
        code: _outline(sound, rough)
        for (code, sound), rough in zip(shapes.items(), simplified, strict=True)
    }


def _outline(sound: SoundShape, rough: BaseGeometry) -> AreaOutline:
    rough = polygons_only(shapely.set_precision(rough, 10**-_SIMPLIFIED_DECIMALS))
    if rough.is_empty:
        rough = sound.shape  # smaller than a pixel, but the map must still show it
    inside = shapely.point_on_surface(sound.shape)
    west, south, east, north = sound.shape.bounds
    return AreaOutline(
        geometry=_geojson_text(sound.shape, _FULL_DECIMALS),
        simplified_geometry=_geojson_text(rough, _SIMPLIFIED_DECIMALS),
        bounds=(west, south, east, north),
        latitude=round(inside.y, 5),
        longitude=round(inside.x, 5),
        source_digest=sound.source_digest,
        is_repaired=sound.repair is not None,
    )


def _geojson_text(shape: BaseGeometry, decimals: int) -> str:
    """GeoJSON with outer rings anticlockwise, as RFC 7946 requires."""
    oriented = shapely.orient_polygons(shape)
    geometry: dict[str, Any] = shapely.geometry.mapping(oriented)
    rounded = {
        "type": geometry["type"],
        "coordinates": _rounded(geometry["coordinates"], decimals),
    }
    return json.dumps(rounded, separators=(",", ":"))


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        return round(value, decimals)
    return [_rounded(part, decimals) for part in value]
