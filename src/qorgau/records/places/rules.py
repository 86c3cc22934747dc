"""Decisions about places on plain values: paths, levels, and which name to keep."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "qorgau:places")
_DIGITS = 8
# Sorts after every digit in every text collation in use.
_ABOVE_ALL_DIGITS = "z"

# The same words as in choices, for decisions without a database.
LEVELS = REPUBLIC, REGION, DISTRICT, SETTLEMENT = "republic", "region", "district", "settlement"
NAME_SOURCES = CODE_LIST, BOUNDARIES, SHIPPED, ENTERED = (
    "code_list",
    "boundaries",
    "shipped",
    "entered",
)
_REGION_WORDS = re.compile(r"^(?:область|город)\s+|\s+(?:облысы|қаласы|область|Region|City)$")


@dataclass(frozen=True)
class AreaRecord:
    """What a file says about one area; an empty value means that it says nothing."""

    code: str
    level: str
    parent_code: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    iso_3166_2: str = ""


@dataclass(frozen=True)
class AreaOutline:
    """The boundary of one area, ready to be stored, and a point inside it."""

    geometry: str
    simplified_geometry: str
    bounds: tuple[float, float, float, float]
    latitude: float
    longitude: float
    source_digest: str
    is_repaired: bool


def area_uuid(country: str, code: str) -> uuid.UUID:
    """The same identifier in every installation, so that installations can exchange data."""
    return uuid.uuid5(_NAMESPACE, f"{country}:{code}")


def path_of(parent_path: str, number: int) -> str:
    """The path of row ``number`` below ``parent_path``: eight digits per level, only digits.

    Digits sort the same in every collation; a separator or a code would not.
    """
    return f"{parent_path}{number:0{_DIGITS}d}"


def subtree_bounds(path: str) -> tuple[str, str]:
    """The limits ``(from, below)``: ``from <= path < below`` is the area and everything in it."""
    return path, path + _ABOVE_ALL_DIGITS


def ancestor_paths(path: str) -> list[str]:
    """The paths of all areas above, the topmost first."""
    return [path[:end] for end in range(_DIGITS, len(path), _DIGITS)]


def may_be_parent(parent_level: str, level: str) -> bool:
    """A parent has a higher level; only settlements may nest (villages in a rural district)."""
    above, below = LEVELS.index(parent_level), LEVELS.index(level)
    return above < below or parent_level == level == SETTLEMENT


def may_rename(held_source: str, new_source: str) -> bool:
    """Whether names from ``new_source`` may replace names from ``held_source``."""
    return NAME_SOURCES.index(new_source) >= NAME_SOURCES.index(held_source)


def changed_fields(
    held: AreaRecord, *, held_source: str, in_file: AreaRecord, source: str
) -> dict[str, str]:
    """What a file changes in an area of the register: it fills gaps and gives better names.

    The level does not change: files disagree about it, and nothing shows which one is right.
    """
    changes: dict[str, str] = {}
    is_stronger = may_rename(held_source, source)
    for language, name in in_file.names.items():
        held_name = held.names.get(language, "")
        if name and name != held_name and (is_stronger or not held_name):
            changes[f"name_{language}"] = name
    if changes and is_stronger and source != held_source:
        changes["name_source"] = source
    if in_file.iso_3166_2 and not held.iso_3166_2:
        changes["iso_3166_2"] = in_file.iso_3166_2
    if in_file.parent_code not in (None, held.parent_code) and (
        is_stronger or not held.parent_code
    ):
        changes["parent_code"] = str(in_file.parent_code)
    return changes


def short_name(name: str) -> str:
    """``name`` without the word for region or city: "Абай облысы" is "Абай"."""
    return _REGION_WORDS.sub("", name)
