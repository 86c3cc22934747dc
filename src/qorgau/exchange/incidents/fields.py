"""The fields of an incident that a file may fill; names and choices are the register's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import TextChoices

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

_LONGEST_ABSENCE_DAYS = 36_525


def _choice(name: str, label: str, choices: type[TextChoices], **limits: Any) -> TargetField:
    return TargetField(name, "choice", label, tuple(filter(None, choices.values)), **limits)


def _text(name: str, label: str, longest_characters: int) -> TargetField:
    return TargetField(name, "text", label, longest_characters=longest_characters)


def _number(name: str, label: str, least: int, most: int, *, whole: bool = False) -> TargetField:
    return TargetField(name, "integer" if whole else "decimal", label, least=least, most=most)


INCIDENT_FIELDS = (
    TargetField("occurred_on", "date", "Day of the event", is_required=True),
    TargetField("occurred_time", "time", "Time of the event"),
    _choice("kind", "Kind", Kind, is_required=True),
    _text("narrative", "What happened", 20_000),
    _text("place", "Where it happened", 200),
    _number("latitude", "Latitude", -90, 90),
    _number("longitude", "Longitude", -180, 180),
    _text("immediate_action", "What was done at once", 5_000),
    _choice("cause", "Cause", Cause),
    _choice("intent", "Intent", Intent),
    _choice("duty_status", "Duty", DutyStatus),
    _text("activity", "Activity", 200),
    _text("weather", "Weather", 120),
    _number("cost_amount", "Cost of damage", 0, 10**11),
    _text("cost_currency", "Currency", 3),
    _choice("confidentiality", "Confidentiality", Confidentiality),
    TargetField("reported_on", "date", "Day of the report"),
    TargetField("is_synthetic", "boolean", "Synthetic"),
)
"""Fields of the incident itself."""

PERSON_FIELDS = (
    _choice("sex", "Sex", Sex),
    _number("age_years", "Age", 0, 120, whole=True),
    _choice("category", "Category", Category),
    _text("occupation", "Occupation", 120),
    _number("experience_years", "Years in the job", 0, 80),
    _text("protective_equipment", "Protective equipment worn", 120),
    _number("hours_awake", "Hours awake", 0, 240),
)
"""Fields of the person who was hurt."""

INJURY_FIELDS = (
    _choice("body_region", "Body region", BodyRegion),
    _choice("nature", "Nature of the injury", Nature),
    _choice("overuse_type", "Overuse injury", OveruseType),
    _choice("side", "Side", Side),
    _text("icd_code", "ICD-10 code", 10),
    _choice("mechanism", "Mechanism", Cause),
    _choice("outcome", "Outcome", Outcome),
    _choice("treatment", "Treatment", Treatment),
    _number("days_away", "Days away", 0, _LONGEST_ABSENCE_DAYS, whole=True),
    _number("days_limited", "Days on limited duty", 0, _LONGEST_ABSENCE_DAYS, whole=True),
)
"""Fields of that person's injury."""

INCIDENT_SCHEMA = TargetSchema(
    "incidents", INCIDENT_FIELDS + PERSON_FIELDS + INJURY_FIELDS, tuple(Echelon.values)
)
"""All that a mapping of incidents may fill. One row is one event and at most one person."""


def incident_vocabulary() -> SuggestionVocabulary:
    """Return the words by which strangers' files call these fields and their values."""
    return read_vocabulary(Path(__file__).with_name("vocabulary.toml"))
