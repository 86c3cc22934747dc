"""A mapping suggested for an unknown file of incidents."""

from __future__ import annotations

import re
from pathlib import Path

from qorgau.exchange.formats.suggestion import MappingSuggestion, suggest_mapping
from qorgau.exchange.formats.tables import TableLayout, open_table
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA, incident_vocabulary


def suggest_incident_mapping(
    path: Path, *, source: str = "", layout: TableLayout | None = None
) -> MappingSuggestion:
    """Suggest how a file's columns fill the fields of an incident.

    Parameters
    ----------
    path : Path
        CSV file or Excel workbook.
    source : str
        Short name of the system that the file comes from; made from the file's name when empty.
    layout : TableLayout, optional
        What is known of the file.

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
    return suggest_mapping(table, INCIDENT_SCHEMA, incident_vocabulary(), source=name)


def source_name(text: str) -> str:
    """Return a text as the short name of a source: small Latin letters, figures and hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-")
    return plain or "file"
