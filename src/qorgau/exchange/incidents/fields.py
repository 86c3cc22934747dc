"""The fields of an incident that a file may fill; names and choices are the register's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_noop

from qorgau.exchange.formats.mapping import TargetField, TargetSchema
from qorgau.exchange.formats.suggestion import SuggestionVocabulary, read_vocabulary
from qorgau.records.incidents.choices import (
    BodyRegion,
    Cause,
    Confidentiality,
    DutyStatus,
    Intent,
    Kind,
    Nature,
    Outcome,
    OveruseType,
    Side,
    Treatment,
)
from qorgau.records.people.choices import Category, Echelon, Sex

_CHOICES: dict[str, type[TextChoices]] = {
    "kind": Kind,
    "cause": Cause,
    "intent": Intent,
    "duty_status": DutyStatus,
    "confidentiality": Confidentiality,
    "sex": Sex,
    "category": Category,
    "body_region": BodyRegion,
    "nature": Nature,
    "overuse_type": OveruseType,
    "side": Side,
    "mechanism": Cause,
    "outcome": Outcome,
    "treatment": Treatment,
}

_LONGEST_ABSENCE_DAYS = 36_525


def _choice(name: str, label: str, **limits: Any) -> TargetField:
    values = tuple(filter(None, _CHOICES[name].values))
    return TargetField(name, "choice", label, values, **limits)


def _text(name: str, label: str, longest_characters: int) -> TargetField:
    return TargetField(name, "text", label, longest_characters=longest_characters)


def _number(name: str, label: str, least: int, most: int, *, whole: bool = False) -> TargetField:
    return TargetField(name, "integer" if whole else "decimal", label, least=least, most=most)


INCIDENT_FIELDS = (
    TargetField("occurred_on", "date", gettext_noop("Day of the event"), is_required=True),
    TargetField("occurred_time", "time", gettext_noop("Time of the event")),
    _choice("kind", gettext_noop("Kind"), is_required=True),
    _text("narrative", gettext_noop("What happened"), 20_000),
    _text("place", gettext_noop("Where it happened"), 200),
    _number("latitude", gettext_noop("Latitude"), -90, 90),
    _number("longitude", gettext_noop("Longitude"), -180, 180),
    _text("immediate_action", gettext_noop("What was done at once"), 5_000),
    _choice("cause", gettext_noop("Cause")),
    _choice("intent", gettext_noop("Intent")),
    _choice("duty_status", gettext_noop("Duty")),
    _text("activity", gettext_noop("Activity"), 200),
    _text("weather", gettext_noop("Weather"), 120),
    _number("cost_amount", gettext_noop("Cost of damage"), 0, 10**11),
    _text("cost_currency", gettext_noop("Currency"), 3),
    _choice("confidentiality", gettext_noop("Confidentiality")),
    TargetField("reported_on", "date", gettext_noop("Day of the report")),
    TargetField("is_synthetic", "boolean", gettext_noop("Synthetic")),
)
"""Fields of the incident itself."""

PERSON_FIELDS = (
    _choice("sex", gettext_noop("Sex")),
    _number("age_years", gettext_noop("Age"), 0, 120, whole=True),
    _choice("category", gettext_noop("Category")),
    _text("occupation", gettext_noop("Occupation"), 120),
    _number("experience_years", gettext_noop("Years in the job"), 0, 80),
    _text("protective_equipment", gettext_noop("Protective equipment worn"), 120),
    _number("hours_awake", gettext_noop("Hours awake"), 0, 240),
)
"""Fields of the person who was hurt."""

INJURY_FIELDS = (
    _choice("body_region", gettext_noop("Body region")),
    _choice("nature", gettext_noop("Nature of the injury")),
    _choice("overuse_type", gettext_noop("Overuse injury")),
    _choice("side", gettext_noop("Side")),
    _text("icd_code", gettext_noop("ICD-10 code"), 10),
    _choice("mechanism", gettext_noop("Mechanism")),
    _choice("outcome", gettext_noop("Outcome")),
    _choice("treatment", gettext_noop("Treatment")),
    _number("days_away", gettext_noop("Days away"), 0, _LONGEST_ABSENCE_DAYS, whole=True),
    _number(
        "days_limited", gettext_noop("Days on limited duty"), 0, _LONGEST_ABSENCE_DAYS, whole=True
    ),
)
"""Fields of that person's injury."""

INCIDENT_SCHEMA = TargetSchema(
    "incidents", INCIDENT_FIELDS + PERSON_FIELDS + INJURY_FIELDS, tuple(Echelon.values)
)
"""All that a mapping of incidents may fill. One row is one event and at most one person."""


def choice_labels(name: str) -> list[tuple[str, str]]:
    """Return the values of a field with their labels in the active language.

    Parameters
    ----------
    name : str
        Of a field of the kind ``choice``.

    Returns
    -------
    list of (str, str)
    """
    return [(value, str(label)) for value, label in _CHOICES[name].choices if value]


def incident_vocabulary() -> SuggestionVocabulary:
    """Return the words by which strangers' files call these fields and their values."""
    return read_vocabulary(Path(__file__).with_name("vocabulary.toml"))
