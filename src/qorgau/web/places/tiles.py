"""The tile map: first-level areas as tiles of equal size, near their neighbours.

It is shown when no boundaries are loaded, no script runs or the map cannot be drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qorgau.records.places.models import Area

# Column and row of each region of Kazakhstan by the first two digits of its code.
_KAZAKHSTAN = {
    "59": (4, 1),
    "39": (3, 2), "11": (4, 2), "71": (5, 2), "55": (6, 2),
    "27": (1, 3), "15": (2, 3), "62": (3, 3), "35": (4, 3), "10": (5, 3), "63": (6, 3),
    "23": (1, 4), "43": (3, 4), "31": (4, 4), "33": (5, 4),
    "47": (1, 5), "61": (3, 5), "79": (4, 5), "19": (5, 5), "75": (6, 5),
}  # fmt: skip


# Where a word may be hyphenated: before a consonant that has a vowel after it.
_SYLLABLE = re.compile(
    "(?<=[^\\W\\d_]{2})(?=[бвгғджзкқлмнңпрстфхһцчшщbcdfghjklmnpqrstvwxz][аәеёиоөуұүыіэюяaeiouy]"
    "[^\\W\\d_])",
    re.IGNORECASE,
)
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Tile:
    area: Area
    label: str
    column: int
    row: int


def tiles_of(areas: Iterable[Area]) -> list[Tile]:
    """A tile for each area with a position on the grid, row by row in reading order."""
    placed = [
        (area, _KAZAKHSTAN[area.code[:2]])
        for area in areas
        if area.country == "KZ" and area.code[:2] in _KAZAKHSTAN
    ]
    placed.sort(key=lambda pair: (pair[1][1], pair[1][0]))
    labels = short_labels(area for area, _position in placed)
    return [
        Tile(area, _SYLLABLE.sub(_SOFT_HYPHEN, labels[area.code]), column, row)
        for area, (column, row) in placed
    ]


def short_labels(areas: Iterable[Area]) -> dict[str, str]:
    """Short names by code; two areas with the same short name (Almaty) keep their full names."""
    listed = list(areas)
    shorts = [area.short_name for area in listed]
    return {
        area.code: short if shorts.count(short) == 1 else area.name
        for area, short in zip(listed, shorts, strict=True)
    }
