"""An uploaded file, its mapping so far, and a person's corrections to it."""

from __future__ import annotations

from dataclasses import replace

from qorgau.exchange.apart.reading import read_apart
from qorgau.exchange.formats.mapping import Mapping, mapping_from_toml, mapping_to_toml
from qorgau.exchange.formats.suggestion import Corrections, Sample, corrected, sampled_rows
from qorgau.exchange.formats.suggestion.profile import profile_columns
from qorgau.exchange.formats.tables import TableLayout, open_table
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA, incident_vocabulary
from qorgau.exchange.incidents.suggesting import suggest_incident_mapping
from qorgau.exchange.incidents.uploads import Upload
from qorgau.foundation.identity.models import User

# An unfinished mapping may still lack what every record needs.
UNFINISHED_SCHEMA = replace(
    INCIDENT_SCHEMA,
    fields=tuple(replace(field, is_required=False) for field in INCIDENT_SCHEMA),
)


def begin_correcting(upload: Upload, *, acting_user: User, given_mapping: str = "") -> None:
    """Give an upload its first mapping: the one sent with it, or a suggested one.

    Parameters
    ----------
    upload : Upload
    acting_user : User
    given_mapping : str
        Text of a mapping file.

    Raises
    ------
    FormatError
        When the file or the given mapping cannot be used.
    """
    read_apart(upload.path, TableLayout(), given_mapping)
    if given_mapping:
        mapping = mapping_from_toml(given_mapping, INCIDENT_SCHEMA)
        open_table(upload.path, mapping.layout)
        upload.keep_mapping(given_mapping)
    else:
        suggestion = suggest_incident_mapping(upload.path, acting_user=acting_user)
        upload.keep_mapping(suggestion.to_toml())


def mapping_of(upload: Upload) -> Mapping:
    """Return the mapping so far, which may not be complete yet."""
    return mapping_from_toml(upload.mapping_text, UNFINISHED_SCHEMA)


def sample_of(upload: Upload) -> Sample:
    """Return what the columns of the file look like.

    Raises
    ------
    FormatError
        When the file cannot be read as its mapping says.
    """
    table = open_table(upload.path, mapping_of(upload).layout)
    rows = sampled_rows(table)
    profiles = profile_columns(table.columns, rows, incident_vocabulary().nulls)
    return Sample(table.columns, tuple(profiles), tuple(rows))


def correct(upload: Upload, corrections: Corrections, sample: Sample) -> None:
    """Save the mapping with a person's corrections.

    Raises
    ------
    FormatError
        When the corrections contradict each other, or leave out what every record needs; then
        the mapping does not change.
    """
    mapping = corrected(
        mapping_of(upload), corrections, sample, INCIDENT_SCHEMA, incident_vocabulary()
    )
    text = mapping_to_toml(mapping)
    mapping_from_toml(text, INCIDENT_SCHEMA)
    upload.keep_mapping(text)


def replace_mapping(upload: Upload, text: str) -> None:
    """Save a mapping that a person has written.

    Raises
    ------
    FormatError
        When anything in it is wrong; then the mapping does not change.
    """
    read_apart(upload.path, TableLayout(), text)
    mapping = mapping_from_toml(text, INCIDENT_SCHEMA)
    open_table(upload.path, mapping.layout)
    upload.keep_mapping(text)
