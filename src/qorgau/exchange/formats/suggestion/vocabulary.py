"""Words for fields and values in other systems' files: data, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestionVocabulary:
    """Phrases in English, Russian and Kazakh.

    Attributes
    ----------
    fields : mapping of str to tuple of str
        Names of columns, by field.
    values : mapping of str to mapping of str to tuple of str
        Texts of cells, by field and choice.
    units : tuple of str
        Names of columns that contain a unit.
    keys : tuple of str
        Names of columns that number the rows.
    nulls : frozenset of str
        Texts in lower case that mean "empty".
    otherwise : mapping of str to str
        The choice of a field for values that resemble no choice.
    """

    fields: Mapping[str, Phrases]
    values: Mapping[str, Mapping[str, Phrases]]
    units: Phrases
    keys: Phrases
    nulls: frozenset[str]
    otherwise: Mapping[str, str]


def read_vocabulary(path: Path) -> SuggestionVocabulary:
    """Read a vocabulary that is part of the package.

    Parameters
    ----------
    path : Path
        TOML with the tables ``fields``, ``values.FIELD``, ``columns`` and ``otherwise``; phrases
        are separated by semicolons.

    Returns
    -------
    SuggestionVocabulary
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = document["columns"]
    return SuggestionVocabulary(
        fields=_phrases_by_name(document["fields"]),
        values=MappingProxyType(
            {field: _phrases_by_name(choices) for field, choices in document["values"].items()}
        ),
        units=_phrases(columns["units"]),
        keys=_phrases(columns["keys"]),
        nulls=frozenset(text.casefold() for text in columns["nulls"]),
        otherwise=MappingProxyType(dict(document["otherwise"])),
    )


def _phrases_by_name(table: Mapping[str, str]) -> Mapping[str, Phrases]:
    return MappingProxyType({name: _phrases(text) for name, text in table.items()})


def _phrases(text: str) -> Phrases:
    return tuple(part.strip() for part in text.split(";") if part.strip())
