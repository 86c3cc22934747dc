"""Suggest a mapping for an unknown file of incidents."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from qorgau.exchange.formats.format_errors import gettext_noop
from qorgau.exchange.formats.mapping.spec import TextSource, UnitLevel, UnitRule, ValueRule
from qorgau.exchange.formats.suggestion import UNITS, MappingSuggestion, suggest_mapping
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.reasons import SuggestionReason
from qorgau.exchange.formats.tables import TableLayout, open_table
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA, incident_vocabulary
from qorgau.exchange.incidents.units import IMPORT_INCIDENTS
from qorgau.foundation.identity.models import User
from qorgau.records.people import queries

# Minimum share of cells with codes of the register's units in a column of units.
_SHARE_OF_KNOWN_CODES = 0.8
_HOLDS_CODES = SuggestionReason(gettext_noop("It contains codes of units of the register."))


def suggest_incident_mapping(
    path: Path,
    *,
    source: str = "",
    layout: TableLayout | None = None,
    acting_user: User | None = None,
) -> MappingSuggestion:
    """Suggest how a file's columns fill the fields of an incident.

    Parameters
    ----------
    path : Path
        CSV file or Excel workbook.
    source : str
        Short name of the system that the file comes from; default from the file's name.
    layout : TableLayout, optional
        What is known about the file.
    acting_user : User or None
        The file is searched for this user's units; None is the system.

    Returns
    -------
    MappingSuggestion

    Raises
    ------
    FormatError
        When the file cannot be read.
    """
    table = open_table(path, layout)
    name = source_name(source or path.stem)
    suggestion = suggest_mapping(table, INCIDENT_SCHEMA, incident_vocabulary(), source=name)
    return _with_known_units(suggestion, acting_user)


def source_name(text: str) -> str:
    """Return a text as the short name of a source: lower-case Latin letters, digits, hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-")
    return plain or "file"


def _with_known_units(suggestion: MappingSuggestion, user: User | None) -> MappingSuggestion:
    """Use a column with codes of our own units as the unit; then no units are created."""
    texts = {text for profile in suggestion.profiles for text, _ in profile.values}
    known = _known_codes(texts, user)
    best = max(suggestion.profiles, key=lambda profile: _known_share(profile, known))
    if _known_share(best, known) < _SHARE_OF_KNOWN_CODES:
        return suggestion
    code = ValueRule(TextSource("column", (best.name,)))
    columns = tuple(
        replace(column, field=UNITS, confidence=1.0, reasons=(_HOLDS_CODES,))
        if column.column == best.name
        else replace(column, field=None, confidence=0.0)
        if column.field == UNITS
        else column
        for column in suggestion.columns
    )
    fields = tuple(
        (name, rule)
        for name, rule in suggestion.mapping.fields
        if rule.source.columns != (best.name,)
    )
    units = UnitRule((UnitLevel(code, code),))
    mapping = replace(suggestion.mapping, fields=fields, units=units)
    remarks = suggestion.remarks | {"units": str(_HOLDS_CODES)}
    return replace(suggestion, mapping=mapping, columns=columns, remarks=remarks)


def _known_share(profile: ColumnProfile, known: Collection[str]) -> float:
    held = sum(n for text, n in profile.values if text in known)
    return held / profile.n_filled if profile.n_filled else 0.0


def _known_codes(texts: Collection[str], user: User | None) -> set[str]:
    if user is None:
        return set(queries.newest_versions_by_code(texts))
    visible = queries.units_visible_to(user, IMPORT_INCIDENTS)
    return set(visible.filter(code__in=list(texts)).values_list("code", flat=True))
