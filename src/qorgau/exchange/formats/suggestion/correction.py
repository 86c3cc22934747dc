"""A person's corrections to a mapping: the field of each column, the value of each text."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.mapping.schema import TargetSchema
from qorgau.exchange.formats.mapping.spec import (
    KeyRule,
    Mapping,
    TextSource,
    UnitLevel,
    UnitRule,
    ValueRule,
)
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.proposal import otherwise, rule_for
from qorgau.exchange.formats.suggestion.unit_columns import units_from
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary
from qorgau.exchange.formats.tables import Row

KEY, UNITS = "key", "units"
"""Uses of a column other than the fields of the schema."""


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """Where the rows' units come from.

    Attributes
    ----------
    way : str
        ``known``: one column contains codes of units in the register; ``made``: units are created
        from the columns, below ``code``; ``one``: every row belongs to the unit ``code``.
    code : str
        Code of a unit in the register.
    language : str
        Language of the names of new units.
    """

    way: str
    code: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person decided.

    Attributes
    ----------
    source : str
        Short name of the system that the file comes from.
    uses : tuple of str
        For every column in order: the name of a field, `KEY`, `UNITS`, or empty.
    values : mapping of str to mapping of str to str
        By field: text in the file and its value; fields that are absent keep their values.
    constants : mapping of str to str
        By field: the value for every row, when no column fills the field.
    units : UnitChoice
    """

    source: str
    uses: tuple[str, ...]
    values: MappingOf[str, MappingOf[str, str]]
    constants: MappingOf[str, str]
    units: UnitChoice


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known about the file.

    Attributes
    ----------
    columns : tuple of str
    profiles : tuple of ColumnProfile
    rows : tuple of Row
    """

    columns: tuple[str, ...]
    profiles: tuple[ColumnProfile, ...]
    rows: tuple[Row, ...]


def corrected(
    mapping: Mapping,
    corrections: Corrections,
    sample: Sample,
    schema: TargetSchema,
    vocabulary: SuggestionVocabulary,
) -> Mapping:
    """Return the mapping with a person's corrections; everything else is unchanged.

    Parameters
    ----------
    mapping : Mapping
    corrections : Corrections
    sample : Sample
    schema : TargetSchema
    vocabulary : SuggestionVocabulary

    Returns
    -------
    Mapping

    Raises
    ------
    FormatError
        When the corrections contradict each other.
    """
    by_field = _columns_by_field(corrections, sample)
    rules = dict(mapping.fields)
    fields = []
    for field in schema:
        rule = rules.get(field.name)
        profile = by_field.get(field.name)
        if profile is not None:
            if rule is None or rule.source != TextSource("column", (profile.name,)):
                rule = rule_for(field, profile, vocabulary)
            if field.name in corrections.values:
                rule = _with_values(rule, corrections.values[field.name])
        elif field.name in corrections.constants:
            constant = corrections.constants[field.name]
            rule = ValueRule(TextSource("constant", text=constant)) if constant else None
        elif rule is not None and rule.source.kind == "column":
            rule = otherwise(field, vocabulary)
        if rule is not None:
            fields.append((field.name, rule))
    return replace(
        mapping,
        source=corrections.source,
        fields=tuple(fields),
        key=_key(corrections, sample),
        units=_units(mapping, corrections, sample),
    )


def uses_of(mapping: Mapping, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the use of each column in a mapping, as in `Corrections`.

    Parameters
    ----------
    mapping : Mapping
    columns : sequence of str

    Returns
    -------
    tuple of str
    """
    levels = mapping.units.levels if mapping.units else ()
    unit_columns = {
        column
        for level in levels
        for part in (level.code, level.name)
        for column in part.source.columns
    }
    by_column = {
        rule.source.columns[0]: name
        for name, rule in reversed(mapping.fields)
        if rule.source.kind == "column"
    }

    def use_of(column: str) -> str:
        if column in by_column:
            return by_column[column]
        if column in unit_columns:
            return UNITS
        return KEY if column in mapping.key.columns else ""

    return tuple(use_of(column) for column in columns)


def _columns_by_field(corrections: Corrections, sample: Sample) -> dict[str, ColumnProfile]:
    found: dict[str, ColumnProfile] = {}
    for use, profile in zip(corrections.uses, sample.profiles, strict=True):
        if use in ("", KEY, UNITS):
            continue
        if use in found:
            raise FormatError(
                gettext_noop(
                    'The columns "%(column)s" and "%(other)s" fill the same field. Choose '
                    "one of them."
                ),
                column=found[use].name,
                other=profile.name,
            )
        found[use] = profile
    return found


def _with_values(rule: ValueRule, values: MappingOf[str, str]) -> ValueRule:
    """Return the rule with these texts mapped; its other texts keep their values."""
    corrected_texts = {text.casefold() for text in values}
    kept = [(text, value) for text, value in rule.values if text.casefold() not in corrected_texts]
    return replace(rule, values=(*kept, *values.items()))


def _key(corrections: Corrections, sample: Sample) -> KeyRule:
    pairs = zip(corrections.uses, sample.columns, strict=True)
    columns = tuple(column for use, column in pairs if use == KEY)
    return KeyRule(columns, with_row_hash=not columns)


def _units(mapping: Mapping, corrections: Corrections, sample: Sample) -> UnitRule:
    choice = corrections.units
    chosen = [
        profile
        for use, profile in zip(corrections.uses, sample.profiles, strict=True)
        if use == UNITS
    ]
    if choice.way == "one":
        one = ValueRule(TextSource("constant", text=choice.code))
        return UnitRule((UnitLevel(one, one),))
    if not chosen:
        raise FormatError(
            gettext_noop(
                "No column gives the unit. Choose one, or choose one unit for the whole file."
            )
        )
    if choice.way == "known":
        if len(chosen) > 1:
            raise FormatError(
                gettext_noop(
                    "More than one column gives the unit, and only one can hold its code. "
                    "Leave only that one."
                )
            )
        rule = ValueRule(TextSource("column", (chosen[0].name,)))
        return UnitRule((UnitLevel(rule, rule),))
    same = mapping.units is not None and mapping.units.may_create
    before = {c for use, c in zip(uses_of(mapping, sample.columns), sample.columns, strict=True)
              if use == UNITS}  # fmt: skip
    if same and mapping.units and before == {profile.name for profile in chosen}:
        made: UnitRule | None = mapping.units
    else:
        days = [p.dates.earliest for p in sample.profiles if p.dates.earliest]
        earliest = min(days, default=None)
        made, _ = units_from(chosen, sample.columns, sample.rows, corrections.source, earliest)
    assert made is not None
    return replace(made, under=choice.code, language=choice.language)
