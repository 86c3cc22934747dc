"""Apply a mapping to the rows of a table: each row becomes values, or faults in sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest, shortened
from qorgau.exchange.formats.mapping.conversion import FieldValue, converter
from qorgau.exchange.formats.mapping.schema import TargetField, TargetSchema
from qorgau.exchange.formats.mapping.spec import Mapping, Part, TextSource, ValueRule
from qorgau.exchange.formats.mapping.templates import parse_template
from qorgau.exchange.formats.mapping.toml_tables import raise_all
from qorgau.exchange.formats.rejects import REASON_COLUMN
from qorgau.exchange.formats.tables import Row

LONGEST_KEY_CHARACTERS = 64
"""A longer key, or a key from several columns, is stored as a digest."""

LONGEST_UNIT_CODE_CHARACTERS = 64
LONGEST_UNIT_NAME_CHARACTERS = 200

_REMEMBERED = 20_000
_BORDER = "\x1f"

Cells = Sequence[str]
TextOf = Callable[[Cells], str]


@dataclass(frozen=True, slots=True)
class MappedUnit:
    """One level of a row's unit, from the top down."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class MappedRow:
    """The result of a mapping for one row.

    Attributes
    ----------
    number : int
        As in the file.
    key : str
        Identifies the row among all rows of its source, in every delivery.
    fingerprint : str
        Digest of the values and the unit: equal when nothing relevant changed.
    values : dict of str to value
        By field name; None for empty. A time is minutes after midnight.
    units : tuple of MappedUnit
    faults : tuple of FormatError
        Why the row cannot be imported; empty when it can.
    """

    number: int
    key: str
    fingerprint: str
    values: dict[str, FieldValue]
    units: tuple[MappedUnit, ...]
    faults: tuple[FormatError, ...] = ()


class MappingEngine:
    """A mapping prepared for the columns of one table.

    Parameters
    ----------
    mapping : Mapping
    schema : TargetSchema
    columns : sequence of str
        Of the table.
    today : date
        The last permitted day for a date that cannot be in the future.

    Raises
    ------
    FormatError
        When the mapping names columns that the table lacks; with the most similar name for each.
    """

    def __init__(
        self, mapping: Mapping, schema: TargetSchema, columns: Sequence[str], today: date
    ) -> None:
        raise_all(unknown_columns(mapping, columns))
        self.mapping = mapping
        places = {name: place for place, name in enumerate(columns)}
        nulls = mapping.nulls | {""}
        self._fields = [
            (name, _value_maker(rule, schema.field(name), places, nulls, today))
            for name, rule in mapping.fields
        ]
        self._required = [field for field in schema if field.is_required]
        self._units = [
            (_text_maker(level.code, places, nulls), _text_maker(level.name, places, nulls), level)
            for level in (mapping.units.levels if mapping.units else ())
        ]
        self._key_places = [places[column] for column in mapping.key.columns]
        self._hashed_places = [p for name, p in places.items() if name != REASON_COLUMN]
        self._nulls = nulls

    def key_of(self, cells: Cells) -> str:
        """Return the key of a row, or an empty text when all its key columns are empty."""
        parts = [cells[place].strip() for place in self._key_places]
        if not self.mapping.key.with_row_hash:
            if all(part.casefold() in self._nulls for part in parts):
                return ""
            if len(parts) == 1 and len(parts[0]) <= LONGEST_KEY_CHARACTERS:
                return parts[0]
        else:
            parts.append(_BORDER)
            parts.extend(cells[place].strip() for place in self._hashed_places)
        return digest_of(_BORDER.join(parts))

    def map_row(self, row: Row) -> MappedRow:
        """Map one row.

        Parameters
        ----------
        row : Row

        Returns
        -------
        MappedRow
            With all faults of the row, not only the first.
        """
        if row.fault is not None:
            return MappedRow(row.number, "", "", {}, (), (row.fault,))
        cells = row.cells
        values: dict[str, FieldValue] = {}
        faults: list[FormatError] = []
        for name, make in self._fields:
            try:
                values[name] = make(cells)
            except FormatError as fault:
                values[name] = None
                faults.append(fault)
        units: tuple[MappedUnit, ...] = ()
        try:
            units = self._units_of(cells)
        except FormatError as fault:
            faults.append(fault)
        key = self.key_of(cells)
        if not key:
            faults.append(_empty_key(self.mapping.key.columns))
        if not faults:
            faults = [_missing(field) for field in self._required if values[field.name] is None]
        content = repr((values, [unit.code for unit in units]))
        return MappedRow(row.number, key, digest_of(content), values, units, tuple(faults))

    def _units_of(self, cells: Cells) -> tuple[MappedUnit, ...]:
        found = []
        for code_of, name_of, level in self._units:
            code = code_of(cells)
            if code:
                name = name_of(cells) or code
                _check_length(code, LONGEST_UNIT_CODE_CHARACTERS)
                _check_length(name, LONGEST_UNIT_NAME_CHARACTERS)
                found.append(MappedUnit(code, name, level.kind))
        if self._units and not found:
            raise FormatError(
                gettext_noop("The row has no unit. Fill the columns that the mapping reads.")
            )
        return tuple(found)


def digest_of(text: str) -> str:
    """Return a digest of 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def unknown_columns(mapping: Mapping, columns: Sequence[str]) -> list[FormatError]:
    """Return a fault for every column in the mapping that the table lacks."""
    known = set(columns)
    missing: dict[str, str] = {}
    for place, column in mapping.columns():
        if column not in known:
            missing.setdefault(column, place)
    return [
        FormatError(
            gettext_noop(
                'The file has no column "%(column)s", which the mapping reads (%(place)s); '
                'the nearest is "%(near)s". Correct the mapping, or choose the file it is for.'
            ),
            column=column,
            place=place,
            near=nearest(column, columns) or columns[0],
        )
        for column, place in missing.items()
    ]


def _missing(field: TargetField) -> FormatError:
    return FormatError(
        gettext_noop("%(label)s is empty, and every record needs it. Fill it in."),
        label=field.label,
    )


def _empty_key(columns: Iterable[str]) -> FormatError:
    return FormatError(
        gettext_noop(
            "The columns that identify a row (%(columns)s) are empty. Fill one of them, or "
            "set row_hash = true under [key]."
        ),
        columns=", ".join(columns),
    )


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise FormatError(
            gettext_noop(
                'The code of the unit "%(text)s" is too long (maximum %(limit)s characters). '
                "Shorten it, or create a code with hash in the mapping."
            ),
            text=shortened(text),
            limit=limit,
        )


def _value_maker(
    rule: ValueRule, field: TargetField, places: dict[str, int], nulls: frozenset[str], today: date
) -> Callable[[Cells], FieldValue]:
    """Take the text, look it up in the value map, convert it; repeated texts are cached."""
    text_of = _text_maker(rule, places, nulls)
    convert = _mapped_converter(rule, field, today)
    column = rule.source.columns[0] if rule.source.columns else field.name
    remembered: dict[str, FieldValue] = {}
    # Long texts seldom repeat, so a cache for them would only use memory.
    is_remembered = field.kind != "text"

    def make(cells: Cells) -> FieldValue:
        text = text_of(cells)
        if text in remembered:
            return remembered[text]
        try:
            value = convert(text)
        except FormatError as fault:
            fault.values.setdefault("column", column)
            raise
        if is_remembered and len(remembered) < _REMEMBERED:
            remembered[text] = value
        return value

    return make


def _mapped_converter(
    rule: ValueRule, field: TargetField, today: date
) -> Callable[[str], FieldValue]:
    convert = converter(field, rule, today)
    values = {text.strip().casefold(): value for text, value in rule.values}

    def mapped(text: str) -> FieldValue:
        value = values.get(text.casefold()) if values else None
        if value is None:
            value = rule.default if rule.default is not None and (values or not text) else text
        return convert(value) if value else None

    return mapped


def _text_maker(rule: ValueRule, places: dict[str, int], nulls: frozenset[str]) -> TextOf:
    nulls = nulls | rule.nulls
    longest = max(map(len, nulls))
    raw = _source_maker(rule.source, places, nulls, longest)
    prefix, suffix = rule.strip_prefix, rule.strip_suffix
    if not (prefix or suffix or rule.part or rule.add_prefix):
        return raw

    def make(cells: Cells) -> str:
        text = raw(cells)
        if not text:
            return text
        text = text.removeprefix(prefix).removesuffix(suffix)
        text = _part_of(text, rule.part) if rule.part else text
        text = _plain(text, nulls, longest)
        return rule.add_prefix + text if text else ""

    return make


def _part_of(text: str, part: Part) -> str:
    """Split the text once: at the first separator, or at the last for places from the end."""
    cut = text.rsplit if part.place < 0 else text.split
    pieces = cut(part.separator, 1)
    try:
        return pieces[part.place]
    except IndexError:
        return ""


def _plain(text: str, nulls: frozenset[str], longest: int) -> str:
    stripped = text.strip()
    if len(stripped) <= longest and stripped.casefold() in nulls:
        return ""
    return stripped


def _source_maker(
    source: TextSource, places: dict[str, int], nulls: frozenset[str], longest: int
) -> TextOf:
    at = [places[column] for column in source.columns]
    if source.kind == "constant":
        return lambda cells: source.text
    if source.kind == "column":
        only = at[0]
        return lambda cells: _plain(cells[only], nulls, longest)
    if source.kind == "template":
        return _template_maker(source.text, places, nulls, longest)

    def several(cells: Cells) -> list[str]:
        return [text for place in at if (text := _plain(cells[place], nulls, longest))]

    if source.kind == "first_of":
        return lambda cells: next(iter(several(cells)), "")
    if source.kind == "join":
        return lambda cells: source.text.join(several(cells))

    def hashed(cells: Cells) -> str:
        texts = several(cells)
        return digest_of(_BORDER.join(texts))[:12].upper() if texts else ""

    return hashed


def _template_maker(
    text: str, places: dict[str, int], nulls: frozenset[str], longest: int
) -> TextOf:
    pieces = parse_template(text)
    last_literal = pieces[-1][0]
    filled = [(literal, places[cast("str", column)]) for literal, column in pieces[:-1]]

    def make(cells: Cells) -> str:
        texts = [_plain(cells[place], nulls, longest) for _, place in filled]
        if not any(texts):
            return ""
        both = zip(filled, texts, strict=True)
        return "".join(literal + value for (literal, _), value in both) + last_literal

    return make
