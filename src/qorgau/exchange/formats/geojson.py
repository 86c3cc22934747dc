"""Read and write GeoJSON (RFC 7946): bytes to plain features and back.

An unusable file raises an error; an unusable feature carries its fault, so that one bad outline
does not stop the others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, shortened

Geometry = Mapping[str, Any]

# How deep the positions are nested: a Point is one, a LineString a list of them, and so on.
_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_RINGED = ("Polygon", "MultiPolygon")
_DEGREE_SYSTEMS = ("CRS84", "4326")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a collection.

    Attributes
    ----------
    number : int
        Its position in the file; the first is 1.
    properties : mapping of str to object
    geometry : mapping or None
        ``type`` and ``coordinates`` (degrees, longitude first); None if absent.
    fault : FormatError or None
        Why the feature cannot be used.
    """

    number: int
    properties: Mapping[str, Any] = field(default_factory=dict)
    geometry: Geometry | None = None
    fault: FormatError | None = None


def parse_features(data: bytes) -> list[Feature]:
    """Read the features of a GeoJSON file.

    Parameters
    ----------
    data : bytes
        The whole file, UTF-8 with or without a byte order mark.

    Returns
    -------
    list of Feature
        In the order of the file; the structure and degrees of geometries are checked.

    Raises
    ------
    FormatError
        When the file is not UTF-8, is cut off, is not JSON, or is not GeoJSON in degrees.
    """
    document = _parse_json(data)
    if not isinstance(document, dict):
        raise _no_collection("a list" if isinstance(document, list) else "a single value")
    kind = document.get("type")
    if kind == "Feature":
        document = {"features": [document]}
    elif kind != "FeatureCollection":
        raise _no_collection(str(kind))
    _refuse_projected(document.get("crs"))
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise FormatError(gettext_noop("The file has no features. Export the boundaries again."))
    return [_feature(number, raw) for number, raw in enumerate(features, start=1)]


def serialise_features(features: Iterable[Feature]) -> bytes:
    """Write a FeatureCollection.

    Parameters
    ----------
    features : iterable of Feature
        ``number`` and ``fault`` are not written.

    Returns
    -------
    bytes
        UTF-8, without superfluous spaces.
    """
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(feature.properties),
                "geometry": None if feature.geometry is None else dict(feature.geometry),
            }
            for feature in features
        ],
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _parse_json(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            gettext_noop(
                "The file is not UTF-8: byte %(byte)s cannot be read. Export it again as UTF-8."
            ),
            byte=error.start + 1,
        ) from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise FormatError(
                gettext_noop(
                    "The file was cut short: it ends in line %(line)s in the middle of a "
                    "value. Download or export it again; nothing was imported."
                ),
                line=text.count("\n") + 1,
            ) from error
        raise FormatError(
            gettext_noop(
                "The file is not JSON: line %(line)s, character %(character)s cannot be read. "
                "Give a GeoJSON file."
            ),
            line=error.lineno,
            character=error.colno,
        ) from error
    except RecursionError as error:
        raise FormatError(
            gettext_noop("The file nests its brackets too deeply to be GeoJSON. Export it again.")
        ) from error


def _refuse_constant(constant: str) -> NoReturn:
    raise FormatError(
        gettext_noop(
            "The file has the value %(constant)s, which is not a number. Export it again."
        ),
        constant=constant,
    )


def _no_collection(found: str) -> FormatError:
    if found == "Topology":
        return FormatError(
            gettext_noop("This is TopoJSON. Export the boundaries as GeoJSON (FeatureCollection).")
        )
    return FormatError(
        gettext_noop(
            "A GeoJSON file of boundaries is a FeatureCollection; this one is %(found)s. "
            "Export it as a collection of features with their properties."
        ),
        found=shortened(found),
    )


def _refuse_projected(system: object) -> None:
    """Refuse a ``crs`` in metres; RFC 7946 removed this member, but files still contain it."""
    if system is None:
        return
    name = ""
    if isinstance(system, dict) and isinstance(system.get("properties"), dict):
        name = str(system["properties"].get("name", ""))
    if not name.upper().endswith(_DEGREE_SYSTEMS):
        raise FormatError(
            gettext_noop(
                "The coordinates are in %(system)s. Export the file in degrees (WGS 84, EPSG:4326)."
            ),
            system=name or "an unnamed system",
        )


def _feature(number: int, raw: object) -> Feature:
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        return Feature(number, fault=FormatError(gettext_noop("This entry is not a feature.")))
    properties = raw.get("properties")
    if not isinstance(properties, dict):
        properties = {}
    geometry = raw.get("geometry")
    if geometry is None:
        return Feature(number, properties)
    try:
        _check_geometry(geometry)
    except FormatError as fault:
        return Feature(number, properties, fault=fault)
    return Feature(number, properties, geometry)


def _check_geometry(geometry: object) -> None:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in _DEPTH:
        raise FormatError(
            gettext_noop("Its geometry is %(kind)s, which cannot be used."),
            kind=shortened(str(kind)),
        )
    _check_coordinates(geometry.get("coordinates"), _DEPTH[kind], has_rings=kind in _RINGED)


def _check_coordinates(value: object, depth: int, *, has_rings: bool) -> None:
    if depth == 0:
        _check_position(value)
        return
    if not isinstance(value, list) or not value:
        raise FormatError(gettext_noop("Its geometry has no coordinates where some are required."))
    for part in value:
        _check_coordinates(part, depth - 1, has_rings=has_rings)
    if has_rings and depth == 1:
        _check_ring(value)


def _check_position(position: object) -> None:
    numbers = isinstance(position, list) and all(
        isinstance(number, (int, float)) and not isinstance(number, bool) for number in position
    )
    if not isinstance(position, list) or not numbers or len(position) < 2:
        raise FormatError(
            gettext_noop("A position in its geometry is not two numbers: %(position)s."),
            position=shortened(json.dumps(position)),
        )
    longitude, latitude = position[:2]
    if not (abs(longitude) <= 180 and abs(latitude) <= 90) or math.isnan(longitude + latitude):
        raise FormatError(
            gettext_noop(
                "A position is not on the globe: %(longitude)s, %(latitude)s. Coordinates "
                "must be in degrees, longitude first."
            ),
            longitude=longitude,
            latitude=latitude,
        )


def _check_ring(ring: Sequence[object]) -> None:
    if len(ring) < 4:
        raise FormatError(
            gettext_noop(
                "A ring of its outline has too few positions (%(count)s); it needs at least 4."
            ),
            count=len(ring),
        )
    if ring[0] != ring[-1]:
        raise FormatError(gettext_noop("A ring of its outline does not end where it begins."))
