"""A checked mapping as frozen values: which columns fill which fields, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from qorgau.exchange.formats.tables import TableLayout

SourceKind = Literal["column", "join", "template", "constant", "hash", "first_of"]


@dataclass(frozen=True, slots=True)
class TextSource:
    """Where a text comes from.

    Attributes
    ----------
    kind : str
        ``column`` one column; ``join`` several, with ``text`` between; ``template`` a text with
        ``{column}`` placeholders; ``constant`` the text itself; ``hash`` a short stable code from
        columns; ``first_of`` the first column that is not empty.
    columns : tuple of str
    text : str
    """

    kind: SourceKind
    columns: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text split at a separator; negative places count from the end.

    Attributes
    ----------
    separator : str
    place : int
        0 is the first part and -1 the last; the text is split once, at the first separator for
        places from 0 and at the last one for negative places.
    """

    separator: str
    place: int


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How to get one value from a row: source, then trimming, then the map of values.

    Attributes
    ----------
    source : TextSource
    nulls : frozenset of str
        Texts in lower case that mean "empty" here, in addition to those of the whole mapping.
    strip_prefix, strip_suffix : str
    part : Part or None
    add_prefix : str
        Added before the remaining text, unless that is empty.
    values : tuple of (str, str)
        Text in the file and value in the register; an empty value means "leave empty".
    default : str or None
        Value for an empty text, or for one that is not in ``values``.
    forms : tuple of str
        Forms of a date or time.
    decimal_mark : str
    """

    source: TextSource
    nulls: frozenset[str] = frozenset()
    strip_prefix: str = ""
    strip_suffix: str = ""
    part: Part | None = None
    add_prefix: str = ""
    values: tuple[tuple[str, str], ...] = ()
    default: str | None = None
    forms: tuple[str, ...] = ()
    decimal_mark: str = "."


@dataclass(frozen=True, slots=True)
class UnitLevel:
    """One level of the unit that a row belongs to.

    Attributes
    ----------
    code, name : ValueRule
        A level with an empty code in a row is skipped for that row.
    kind : str
        Kind of a new unit.
    """

    code: ValueRule
    name: ValueRule
    kind: str = ""


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How the unit of a row is found or created.

    Attributes
    ----------
    levels : tuple of UnitLevel
        From the top down; the incident belongs to the lowest one present.
    may_create : bool
        False rejects a row when its unit is not in the register.
    organisation, organisation_name : str
        Code and name of the organisation that new units belong to.
    under : str
        Code of the unit in the register above new top units; empty for none.
    opened_on : str
        ISO date from which new units exist; empty when none are created.
    language : str
        Language of the names of new units: kk, ru or en.
    country : str
        Two letters; country of a new organisation.
    """

    levels: tuple[UnitLevel, ...]
    may_create: bool = False
    organisation: str = ""
    organisation_name: str = ""
    under: str = ""
    opened_on: str = ""
    language: str = "en"
    country: str = ""


@dataclass(frozen=True, slots=True)
class KeyRule:
    """What identifies a row of the source, in every delivery of the file.

    Attributes
    ----------
    columns : tuple of str
    with_row_hash : bool
        True adds a digest of the whole row: for files without a reliable number.
    """

    columns: tuple[str, ...] = ()
    with_row_hash: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping.

    Attributes
    ----------
    target : str
        Name of the schema that it fills.
    source : str
        Short name of the system that the file comes from; part of every record's key.
    layout : TableLayout
    nulls : frozenset of str
        Texts in lower case that mean "empty" in every column.
    key : KeyRule
    fields : tuple of (str, ValueRule)
    units : UnitRule or None
    title : str
        Description of the mapping for people.
    """

    target: str
    source: str
    layout: TableLayout
    nulls: frozenset[str]
    key: KeyRule
    fields: tuple[tuple[str, ValueRule], ...]
    units: UnitRule | None = None
    title: str = field(default="", compare=False)

    def rules(self) -> Iterator[tuple[str, ValueRule]]:
        """Yield every rule with its place in the mapping file."""
        for name, rule in self.fields:
            yield f"fields.{name}", rule
        if self.units is not None:
            for number, level in enumerate(self.units.levels, start=1):
                yield f"units.levels {number}, code", level.code
                yield f"units.levels {number}, name", level.name

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield every column that the mapping reads, with its place in the mapping file."""
        for column in self.key.columns:
            yield "key", column
        for place, rule in self.rules():
            for column in rule.source.columns:
                yield place, column
