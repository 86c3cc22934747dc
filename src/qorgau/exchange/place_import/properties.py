"""Which property of a boundary file contains which field, whatever its name.

The files of geokz (``KATO``, ``ADM2_KK``) and of the OCHA common operational datasets
(``ADM2_PCODE``, ``admin2Name_en``, ``adm2_name``) are recognised; for other files the user names
the properties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest
from qorgau.exchange.place_import.entries import LANGUAGES, PlaceImportOptions
from qorgau.records.places.rules import LEVELS

_LEVEL_PROPERTY = re.compile(
    r"adm(?:in)?(?P<level>[0-3])_?(?:(?P<code>p?code)|(?:name_?)?(?P<language>en|kk|kz|ru)|name)\Z",
    re.IGNORECASE,
)
_MOST_NAMED = 30


@dataclass(slots=True)
class LevelProperties:
    """The properties that describe the areas of one level; names by language."""

    code: str | None = None
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PropertyReading:
    """Which property of a file contains which field.

    Attributes
    ----------
    level : str or None
        Level of every feature; None when each code shows its level.
    code : str
    names : mapping of str to str
        By language.
    upper : mapping of str to LevelProperties
        By level, of the areas that contain the features, the topmost first.
    parent, iso_3166_2, p_code : str or None
    has_kato : bool
        True when the codes come from the classifier of Kazakhstan.
    """

    level: str | None
    code: str
    names: Mapping[str, str]
    upper: Mapping[str, LevelProperties]
    parent: str | None
    iso_3166_2: str | None
    p_code: str | None
    has_kato: bool


def recognise(properties: Sequence[str], options: PlaceImportOptions) -> PropertyReading:
    """Find out which property contains which field.

    Parameters
    ----------
    properties : sequence of str
        Names of all properties of the file.
    options : PlaceImportOptions
        Mapped properties take precedence over recognised ones.

    Returns
    -------
    PropertyReading

    Raises
    ------
    FormatError
        When no property contains a code, or a mapped one does not exist.
    """
    levels = _by_level(properties)
    level = options.level or next(reversed(levels), None)
    own = levels.get(level or "", LevelProperties())
    upper = {
        name: found
        for name, found in levels.items()
        if level and LEVELS.index(name) < LEVELS.index(level)
    }
    mapped = {name: _existing(key, properties) for name, key in options.property_map.items()}
    by_folded = {name.casefold(): name for name in properties}
    kato_property = by_folded.get("kato") if options.country == "KZ" else None
    code = mapped.get("code") or kato_property or own.code
    if code is None:
        raise FormatError(
            gettext_noop(
                "No property of the file holds a code. It has: %(properties)s. "
                "Say which one it is: code=PROPERTY."
            ),
            properties=", ".join(properties[:_MOST_NAMED]) or "-",
        )
    mapped_names = {
        language: mapped[f"name_{language}"]
        for language in LANGUAGES
        if f"name_{language}" in mapped
    }
    nearest_above = next(reversed(upper.values()), LevelProperties())
    return PropertyReading(
        level=level,
        code=code,
        names=own.names | mapped_names,
        upper=upper,
        parent=mapped.get("parent") or nearest_above.code,
        iso_3166_2=mapped.get("iso_3166_2") or by_folded.get("iso_3166_2"),
        p_code=own.code,
        has_kato=code == kato_property,
    )


def _by_level(properties: Sequence[str]) -> dict[str, LevelProperties]:
    """The properties of each level, the topmost level first."""
    found: dict[str, LevelProperties] = {}
    for name in properties:
        match = _LEVEL_PROPERTY.match(name)
        if match is None:
            continue
        level = found.setdefault(LEVELS[int(match["level"])], LevelProperties())
        if match["code"]:
            level.code = level.code or name
        else:
            language = (match["language"] or "en").lower().replace("kz", "kk")
            level.names.setdefault(language, name)
    return {level: found[level] for level in LEVELS if level in found}


def _existing(key: str, properties: Sequence[str]) -> str:
    if key in properties:
        return key
    raise FormatError(
        gettext_noop(
            'The file has no "%(name)s". Did you mean "%(nearest)s"? It has: %(properties)s.'
        ),
        name=key,
        nearest=nearest(key, properties) or next(iter(properties), "-"),
        properties=", ".join(properties[:_MOST_NAMED]) or "-",
    )
