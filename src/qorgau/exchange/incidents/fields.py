"""The fields of an incident that a file may fill, made from the register's own list."""

from __future__ import annotations

from pathlib import Path

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_noop

from qorgau.exchange.formats.mapping import TargetField, TargetSchema
from qorgau.exchange.formats.mapping.schema import Kind
from qorgau.exchange.formats.suggestion import SuggestionVocabulary, read_vocabulary
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    FieldList,
    RecordField,
    Use,
)
from qorgau.records.people.choices import Echelon

# A file often has the day and the time in two columns, or only the day.
_SPLIT = {
    "occurred_at": (
        TargetField("occurred_on", "date", gettext_noop("day of the event"), is_required=True),
        TargetField("occurred_time", "time", gettext_noop("time of the event")),
    ),
    "reported_at": (TargetField("reported_on", "date", gettext_noop("day of the report")),),
}
_KINDS: tuple[tuple[type[models.Field[object, object]], Kind], ...] = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.FloatField, "decimal"),
    (models.DecimalField, "decimal"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def _targets_of(listed: FieldList) -> tuple[TargetField, ...]:
    """The fields of a table that a file may fill, in the order of the register's list."""
    # The untranslated label is the message that pages and commands translate.
    with translation.override(None):
        return tuple(
            target
            for field in listed.used_for(Use.IMPORT)
            for target in _SPLIT.get(field.name) or (_target_of(field),)
        )


def _target_of(field: RecordField) -> TargetField:
    kind: Kind = "choice" if field.choices else _kind_of(field)
    is_number = kind in ("integer", "decimal")
    return TargetField(
        field.name,
        kind,
        str(field.label),
        choices=tuple(filter(None, field.choices.values)) if field.choices else (),
        is_required=field.is_required,
        longest_characters=field.longest_characters if kind == "text" else None,
        least=field.least if is_number else None,
        most=field.most if is_number else None,
    )


def _kind_of(field: RecordField) -> Kind:
    return next(kind for column, kind in _KINDS if isinstance(field.column, column))


INCIDENT_TARGETS = _targets_of(INCIDENT_FIELDS)
"""Fields of the incident itself that a file may fill."""

PERSON_TARGETS = _targets_of(INVOLVED_PERSON_FIELDS)
"""Fields of the injured person that a file may fill."""

INJURY_TARGETS = _targets_of(INJURY_FIELDS)
"""Fields of that person's injury that a file may fill."""

INCIDENT_SCHEMA = TargetSchema(
    "incidents", INCIDENT_TARGETS + PERSON_TARGETS + INJURY_TARGETS, tuple(Echelon.values)
)
"""All fields that a mapping may fill. One row is one incident with at most one person."""

_CHOICES = {
    field.name: field.choices
    for listed in (INCIDENT_FIELDS, INVOLVED_PERSON_FIELDS, INJURY_FIELDS)
    for field in listed.used_for(Use.IMPORT)
    if field.choices
}


def choice_labels(name: str) -> list[tuple[str, str]]:
    """Return the values of a field with their labels in the active language.

    Parameters
    ----------
    name : str
        Name of a field of the kind ``choice``.

    Returns
    -------
    list of (str, str)
    """
    return [(value, str(label)) for value, label in _CHOICES[name].choices if value]


def incident_vocabulary() -> SuggestionVocabulary:
    """Return the words for these fields and their values in other systems' files."""
    return read_vocabulary(Path(__file__).with_name("vocabulary.toml"))
