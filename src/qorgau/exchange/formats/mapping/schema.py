"""The fields of a record that a mapping may fill, with their kinds and limits.

The register provides the schema; a mapping is checked against it. This module does not know which
record it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "time", "integer", "decimal", "boolean", "choice"]


@dataclass(frozen=True, slots=True)
class TargetField:
    """One field that a column can fill.

    Attributes
    ----------
    name : str
        Name in the mapping file.
    kind : str
        How a text is converted to a value. A ``time`` is minutes after midnight.
    label : str
        English name, as within a sentence.
    choices : tuple of str
        Permitted values of a ``choice``.
    is_required : bool
        A row without it is rejected.
    may_be_future : bool
        False for a ``date`` that cannot be after today.
    longest_characters : int or None
        A longer text is rejected, never shortened.
    least, most : int or None
        Limits of a number.
    """

    name: str
    kind: Kind
    label: str
    choices: tuple[str, ...] = ()
    is_required: bool = False
    may_be_future: bool = False
    longest_characters: int | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class TargetSchema:
    """The fields of one kind of record.

    Attributes
    ----------
    name : str
        Name of the record in a mapping file, for example ``incidents``.
    fields : tuple of TargetField
    unit_kinds : tuple of str
        Kinds that a new unit may have.
    """

    name: str
    fields: tuple[TargetField, ...]
    unit_kinds: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[TargetField]:
        return iter(self.fields)

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> TargetField:
        """Return the field with this name.

        Raises
        ------
        KeyError
            When there is none.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
