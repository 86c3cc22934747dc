"""Decisions about places on plain values: paths, names, levels."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "qorgau:places")
_DIGITS = 8
# Above every digit and below nothing that a path holds, under every collation of text in use.
_ABOVE_ALL_DIGITS = "z"

_LEVELS = ("republic", "region", "district", "settlement")
_NAME_SOURCES = ("code_list", "boundaries", "shipped", "entered")
_NEXT_BEST_LANGUAGE = {"kk": "kk ru en", "ru": "ru kk en", "en": "en ru kk"}

_REGION_WORDS = re.compile(r"^(?:область|город)\s+|\s+(?:облысы|қаласы|область|Region|City)$")


def area_uuid(country: str, code: str) -> uuid.UUID:
    """The same area has the same identifier in every installation, so that they can exchange."""
    return uuid.uuid5(_NAMESPACE, f"{country}:{code}")


def path_of(parent_path: str, number: int) -> str:
    """The path of row ``number`` below ``parent_path``: eight digits a level, digits only.

    Digits alone sort the same under every collation, which a separator or a code would not.
    """
    return f"{parent_path}{number:0{_DIGITS}d}"


def subtree_bounds(path: str) -> tuple[str, str]:
    """From and below: ``path >= from and path < below`` is the area and all that is in it."""
    return path, path + _ABOVE_ALL_DIGITS


def ancestor_paths(path: str) -> list[str]:
    """The paths of all areas above, from the topmost down."""
    return [path[:end] for end in range(_DIGITS, len(path), _DIGITS)]


def may_be_parent(parent_level: str, level: str) -> bool:
    """A parent stands higher; only settlements (a rural district, its villages) may nest."""
    above, below = _LEVELS.index(parent_level), _LEVELS.index(level)
    return above < below or parent_level == level == "settlement"


def may_rename(current_source: str, new_source: str) -> bool:
    """Whether names from ``new_source`` may replace names from ``current_source``."""
    return _NAME_SOURCES.index(new_source) >= _NAME_SOURCES.index(current_source)


def name_in(language: str | None, names: Mapping[str, str]) -> str:
    """The name in ``language``, or in the language its readers are likeliest to read."""
    order = _NEXT_BEST_LANGUAGE.get((language or "kk")[:2], "en ru kk").split()
    return next((names[key] for key in order if names.get(key)), "")


def short_name(name: str) -> str:
    """``name`` without the word for region or city: "Абай облысы" is "Абай"."""
    return _REGION_WORDS.sub("", name)
