"""Small files of places, written for the test that reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Ring = list[list[float]]
BOW_TIE: Ring = [[70, 50], [71, 51], [71, 50], [70, 51], [70, 50]]


def square(west: float = 70, south: float = 50, side: float = 1) -> Ring:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(ring: Ring | None = None, **properties: object) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [square() if ring is None else ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write features, or the lines of a code list, to a file."""

    def to_file(*content: dict[str, Any] | str, name: str | None = None) -> Path:
        if all(isinstance(each, str) for each in content):
            file = tmp_path / (name or "codes.csv")
            text = "".join(f"{line}\n" for line in content)
            file.write_text(text, encoding="utf-8-sig")
            return file
        file = tmp_path / (name or "boundaries.geojson")
        file.write_bytes(geojson(*content))  # type: ignore[arg-type]
        return file

    return to_file
