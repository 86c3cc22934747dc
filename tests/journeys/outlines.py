"""Boundaries for the journeys: two regions as squares, imported like any file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

SQUARES = {"350000000": (72.0, 46.0), "110000000": (68.0, 50.0)}
SIDE_DEGREES = 4.0


def load_outlines() -> None:
    from qorgau.exchange.place_import import PlaceImportOptions, import_places

    features = [feature(code, west, south) for code, (west, south) in SQUARES.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "regions.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        import_places(file, options=PlaceImportOptions(), acting_user=None)


def feature(code: str, west: float, south: float) -> dict[str, object]:
    east, north = west + SIDE_DEGREES, south + SIDE_DEGREES
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"KATO": code, "ADM1_PCODE": f"KZ{code[:2]}", "ADM1_EN": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
