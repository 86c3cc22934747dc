"""Suggest a mapping: for every column the field that it seems to fill, how sure, and why."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import islice

from qorgau.exchange.formats.format_errors import capitalised, gettext_noop
from qorgau.exchange.formats.mapping.schema import TargetField, TargetSchema
from qorgau.exchange.formats.mapping.spec import KeyRule, Mapping, TextSource, ValueRule
from qorgau.exchange.formats.mapping.toml_text import mapping_to_toml
from qorgau.exchange.formats.suggestion.fitness import Fit, fit_of
from qorgau.exchange.formats.suggestion.likeness import best_likeness
from qorgau.exchange.formats.suggestion.profile import ColumnProfile, profile_columns
from qorgau.exchange.formats.suggestion.reasons import SuggestionReason, english_sentences
from qorgau.exchange.formats.suggestion.unit_columns import suggest_units
from qorgau.exchange.formats.suggestion.value_maps import suggest_values
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary
from qorgau.exchange.formats.tables import Row, Table

SAMPLED_ROWS = 3_000
"""Size of the sample of rows, half of them from the top of the file."""

_SEARCHED_ROWS = 100_000

LEAST_CONFIDENCE = 0.4
"""Minimum confidence to suggest a field for a column."""


@dataclass(frozen=True, slots=True)
class ColumnSuggestion:
    """What one column seems to contain.

    Attributes
    ----------
    column : str
    samples : tuple of str
    field : str or None
        Field of the schema; None when the column does not seem to be needed.
    confidence : float
        0 to 1.
    reasons : tuple of SuggestionReason
    """

    column: str
    samples: tuple[str, ...]
    field: str | None
    confidence: float
    reasons: tuple[SuggestionReason, ...]


@dataclass(frozen=True, slots=True)
class MappingSuggestion:
    """A mapping for a person to correct.

    Attributes
    ----------
    mapping : Mapping
        May lack a field that every record needs; checking it shows which.
    columns : tuple of ColumnSuggestion
        One for every column of the file, in order.
    profiles : tuple of ColumnProfile
        Descriptions of the columns, in the same order.
    remarks : dict of str to str
        Comments by place in the mapping file.
    """

    mapping: Mapping
    columns: tuple[ColumnSuggestion, ...]
    profiles: tuple[ColumnProfile, ...]
    remarks: dict[str, str]

    def to_toml(self) -> str:
        """Write the mapping file, with the confidence and the reason at each field."""
        return mapping_to_toml(self.mapping, self.remarks)


def suggest_mapping(
    table: Table, schema: TargetSchema, vocabulary: SuggestionVocabulary, *, source: str
) -> MappingSuggestion:
    """Suggest how the columns of an unknown table fill the fields of a record.

    Names of columns are compared with the vocabulary; contents are searched for dates, times,
    numbers, known values and long texts. Each field gets the column that fits best.

    Parameters
    ----------
    table : Table
    schema : TargetSchema
    vocabulary : SuggestionVocabulary
    source : str
        Short name of the system that the file comes from.

    Returns
    -------
    MappingSuggestion
    """
    rows = sampled_rows(table)
    profiles = profile_columns(table.columns, rows, vocabulary.nulls)
    chosen = _choose(profiles, schema, vocabulary)
    taken = {fit.profile.name for fit in chosen.values()}
    candidates = [profile for profile in profiles if profile.name not in taken]
    days = [fit.profile.dates.earliest for fit in chosen.values() if fit.field.kind == "date"]
    earliest = min((day for day in days if day), default=None)
    units, unit_columns = suggest_units(
        candidates, table.columns, rows, vocabulary, source, earliest
    )
    remarks: dict[str, str] = {}
    fields = []
    for field in schema:
        fit = chosen.get(field.name)
        rule = rule_for(field, fit.profile, vocabulary) if fit else otherwise(field, vocabulary)
        if rule is not None:
            fields.append((field.name, rule))
            remarks[f"fields.{field.name}"] = _remark(field, fit)
    key, remarks["key"] = _key(profiles, vocabulary)
    remarks["units"] = _units_remark(unit_columns)
    columns = tuple(_column(profile, chosen, unit_columns, key) for profile in profiles)
    unused = [column.column for column in columns if column.field is None]
    if unused:
        remarks["end"] = "Columns that are not read: " + ", ".join(unused)
    mapping = Mapping(
        target=schema.name,
        source=source,
        layout=table.layout,
        nulls=frozenset().union(*(profile.nulls for profile in profiles)),
        key=key,
        fields=tuple(fields),
        units=units,
    )
    return MappingSuggestion(mapping, columns, tuple(profiles), remarks)


def _choose(
    profiles: list[ColumnProfile], schema: TargetSchema, vocabulary: SuggestionVocabulary
) -> dict[str, Fit]:
    """Choose the best fits first; a column fills one field and a field has one column."""
    fits = [fit_of(profile, field, vocabulary) for field in schema for profile in profiles]
    chosen: dict[str, Fit] = {}
    used: set[str] = set()
    for fit in sorted(fits, key=lambda found: -found.confidence):
        if fit.confidence < LEAST_CONFIDENCE:
            break
        if fit.field.name not in chosen and fit.profile.name not in used:
            chosen[fit.field.name] = fit
            used.add(fit.profile.name)
    return chosen


def rule_for(
    field: TargetField, profile: ColumnProfile, vocabulary: SuggestionVocabulary
) -> ValueRule:
    """Return how a column fills a field, as far as its content shows.

    Parameters
    ----------
    field : TargetField
    profile : ColumnProfile
    vocabulary : SuggestionVocabulary

    Returns
    -------
    ValueRule
    """
    source = TextSource("column", (profile.name,))
    if field.kind == "date":
        return ValueRule(source, forms=profile.dates.forms)
    if field.kind == "time":
        form = "clock" if profile.shares["clock"] >= profile.shares["figures"] else "figures"
        nulls = frozenset(t for t, _ in profile.values if form == "figures" and t in ("9999",))
        return ValueRule(source, nulls=nulls, forms=(form,))
    if field.kind == "choice":
        return ValueRule(
            source,
            strip_prefix=profile.shared_label,
            values=suggest_values(profile, field, vocabulary, profile.shared_label),
            default=vocabulary.otherwise.get(field.name),
        )
    if field.kind == "decimal" and any("," in text for text, _ in profile.values):
        return ValueRule(source, decimal_mark=",")
    return ValueRule(source)


def otherwise(field: TargetField, vocabulary: SuggestionVocabulary) -> ValueRule | None:
    """Return the default of a field that every record needs when no column fills it.

    Parameters
    ----------
    field : TargetField
    vocabulary : SuggestionVocabulary

    Returns
    -------
    ValueRule or None
    """
    value = vocabulary.otherwise.get(field.name)
    if not field.is_required or value is None:
        return None
    return ValueRule(TextSource("constant", text=value))


def _remark(field: TargetField, fit: Fit | None) -> str:
    if fit is None:
        return f"{capitalised(field.label)}: no column seems to give it. Check this value."
    return (
        f"{capitalised(field.label)}, {fit.confidence:.0%} sure: {english_sentences(fit.reasons)}"
    )


def _key(profiles: list[ColumnProfile], vocabulary: SuggestionVocabulary) -> tuple[KeyRule, str]:
    unique = [profile for profile in profiles if profile.is_unique]
    named = max(unique, key=lambda p: best_likeness(p.name, vocabulary.keys), default=None)
    if named is not None and best_likeness(named.name, vocabulary.keys) >= 0.5:
        return (
            KeyRule((named.name,)),
            "Every checked row has a different number in this column.",
        )
    return (
        KeyRule(with_row_hash=True),
        "No column numbers the rows, so a row is recognised by all of its text. "
        "A row that is corrected in the source will then be imported as a new one.",
    )


def _units_remark(unit_columns: tuple[str, ...]) -> str:
    if not unit_columns:
        return ""
    return "Units are created from " + " > ".join(unit_columns) + ". Check the order, top first."


def _column(
    profile: ColumnProfile, chosen: dict[str, Fit], unit_columns: tuple[str, ...], key: KeyRule
) -> ColumnSuggestion:
    for name, fit in chosen.items():
        if fit.profile is profile:
            return ColumnSuggestion(
                profile.name, profile.samples, name, fit.confidence, fit.reasons
            )
    use: str | None = None
    confidence = 0.0
    if profile.name in unit_columns:
        use, confidence = "units", 0.7
        reason = SuggestionReason(gettext_noop("The name resembles that of a unit."))
    elif profile.name in key.columns:
        use, confidence = "key", 0.8
        reason = SuggestionReason(gettext_noop("It contains the row numbers."))
    elif not profile.n_filled:
        reason = SuggestionReason(gettext_noop("It is empty."))
    else:
        reason = SuggestionReason(
            gettext_noop("Neither the name nor the content resembles a field.")
        )
    return ColumnSuggestion(profile.name, profile.samples, use, confidence, (reason,))


def sampled_rows(table: Table) -> list[Row]:
    """Return the sample of rows for a suggestion.

    The first rows and an even selection of the others: a file is often sorted, so that its top
    shows only one year or one unit. The same file always gives the same rows.
    """
    rows = table.rows()
    first = list(islice(rows, SAMPLED_ROWS // 2))
    chosen: list[Row] = []
    dice = random.Random(0)
    for place, row in enumerate(islice(rows, _SEARCHED_ROWS)):
        if len(chosen) < SAMPLED_ROWS // 2:
            chosen.append(row)
        elif (other := dice.randrange(place + 1)) < len(chosen):
            chosen[other] = row
    return first + chosen
