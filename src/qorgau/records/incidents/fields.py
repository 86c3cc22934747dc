"""The fields of an incident, of a person involved and of an injury, each with its uses.

Forms, triage, import, the API, the journal and the page of an incident are made from these lists.
Labels, lengths, bounds and defaults are those of the table (`models.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Flag, auto

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Field, Model, TextChoices
from django.utils.functional import Promise

from qorgau.records.incidents.choices import (
    BodyRegion,
    Cause,
    Confidentiality,
    DutyStatus,
    Intent,
    InvolvedRole,
    Kind,
    Nature,
    Outcome,
    OveruseType,
    Precision,
    Side,
    Treatment,
)
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson
from qorgau.records.people.choices import Category, Sex


class Use(Flag):
    """Where a field is used."""

    EDIT = auto()  # A service changes it after it was recorded.
    FORM = auto()  # It is on the form that enters or edits the record.
    TRIAGE = auto()  # It is corrected while a report is accepted.
    CARRY_OVER = auto()  # An accepted report hands it to the incident; the report has it too.
    IMPORT = auto()  # A file fills it.
    EXPORT = auto()  # The API gives it.
    FACT = auto()  # The page of the incident lists it among the facts, unless it is empty.


EVERYWHERE = Use.EDIT | Use.FORM | Use.IMPORT | Use.EXPORT | Use.FACT
ON_ENTRY = Use.FORM | Use.IMPORT | Use.EXPORT


@dataclass(frozen=True)
class RecordField:
    """One field: what it is used for, its choices, and who may read it."""

    name: str
    use: Use
    choices: type[TextChoices] | None = None
    # May name people and describe their health: the journal holds only that it was changed.
    is_free_text: bool = False
    confidentiality: Confidentiality = Confidentiality.PLAIN
    model: type[Model] = Incident

    @property
    def column(self) -> Field:
        return self.model._meta.get_field(self.name)

    @property
    def label(self) -> str | Promise:
        return self.column.verbose_name

    @property
    def is_required(self) -> bool:
        return not self.column.blank and not self.column.has_default()

    @property
    def is_quoted_in_journal(self) -> bool:
        """Whether the journal, which auditors read, may hold the values before and after."""
        return not self.is_free_text and self.confidentiality == Confidentiality.PLAIN

    @property
    def longest_characters(self) -> int | None:
        return self.column.max_length

    @property
    def least(self) -> int | None:
        limits = [v.limit_value for v in self.column.validators if isinstance(v, MinValueValidator)]
        return max(limits, default=None)

    @property
    def most(self) -> int | None:
        limits = [v.limit_value for v in self.column.validators if isinstance(v, MaxValueValidator)]
        return min(limits, default=None)


class FieldList:
    """The fields of one table that people and files fill; of its other columns, the reason."""

    def __init__(
        self,
        model: type[Model],
        fields: tuple[RecordField, ...],
        *,
        set_by_the_register: Mapping[str, str],
        confidentiality: Confidentiality = Confidentiality.PLAIN,
    ) -> None:
        self.model = model
        self.set_by_the_register = set_by_the_register
        self._fields = {
            field.name: replace(field, model=model, confidentiality=confidentiality)
            for field in fields
        }

    def __iter__(self) -> Iterator[RecordField]:
        return iter(self._fields.values())

    def __getitem__(self, name: str) -> RecordField:
        return self._fields[name]

    def used_for(self, use: Use) -> tuple[RecordField, ...]:
        return tuple(field for field in self if use in field.use)

    def names(self, use: Use) -> tuple[str, ...]:
        return tuple(field.name for field in self.used_for(use))


_EDITED = Use.EDIT | Use.CARRY_OVER | Use.EXPORT

INCIDENT_FIELDS = FieldList(
    Incident,
    (
        RecordField("occurred_at", _EDITED | Use.FORM | Use.TRIAGE | Use.IMPORT),
        RecordField("kind", _EDITED | Use.FORM | Use.TRIAGE | Use.IMPORT, Kind),
        RecordField("precision", _EDITED | Use.FORM, Precision),
        RecordField("unit", _EDITED | Use.FORM | Use.TRIAGE),
        RecordField("area", _EDITED | Use.FORM),
        RecordField("site", Use.EDIT | Use.CARRY_OVER),
        RecordField("narrative", _EDITED | Use.FORM | Use.IMPORT, is_free_text=True),
        RecordField("place", _EDITED | Use.FORM | Use.TRIAGE | Use.IMPORT),
        RecordField("latitude", _EDITED | Use.IMPORT),
        RecordField("longitude", _EDITED | Use.IMPORT),
        RecordField("immediate_action", _EDITED | Use.FORM | Use.IMPORT, is_free_text=True),
        RecordField("cause", EVERYWHERE | Use.TRIAGE, Cause),
        RecordField("intent", EVERYWHERE, Intent),
        RecordField("duty_status", EVERYWHERE, DutyStatus),
        RecordField("activity", EVERYWHERE),
        RecordField("weather", EVERYWHERE),
        RecordField("cost_amount", ON_ENTRY | Use.EDIT),
        RecordField("cost_currency", ON_ENTRY | Use.EDIT),
        RecordField("confidentiality", ON_ENTRY | Use.EDIT, Confidentiality),
        RecordField("finding", Use.EDIT | Use.EXPORT, is_free_text=True),
        RecordField("reported_at", Use.CARRY_OVER | Use.IMPORT | Use.EXPORT),
        RecordField("is_synthetic", Use.CARRY_OVER | Use.IMPORT | Use.EXPORT),
    ),
    set_by_the_register={
        "id": "the row",
        "uuid": "names the incident to other systems",
        "number": "counted within its year",
        "occurred_on": "the local day of occurred_at",
        "state": "moved by the steps of an investigation",
        "severity_class": "computed from the injuries and the cost",
        "severity_basis": "computed with the class",
        "merged_into": "set by merging",
        "merged_at": "set by merging",
        "recorded_at": "the moment of recording",
        "revised_at": "the moment of the last change",
        "salt": "random, for digests of the values",
        "version": "counts the changes",
        "source": "set by an import",
        "source_key": "set by an import",
        "source_fingerprint": "set by an import",
        "source_version": "set by an import",
    },
)

INVOLVED_PERSON_FIELDS = FieldList(
    InvolvedPerson,
    (
        RecordField("role", Use.FORM | Use.EXPORT, InvolvedRole),
        RecordField("person", Use.FORM | Use.EXPORT),
        RecordField("sex", ON_ENTRY, Sex),
        RecordField("age_years", ON_ENTRY),
        RecordField("category", ON_ENTRY, Category),
        RecordField("occupation", ON_ENTRY),
        RecordField("experience_years", ON_ENTRY),
        # A file has one column for it, that of the incident.
        RecordField("duty_status", Use.FORM | Use.EXPORT, DutyStatus),
        RecordField("protective_equipment", ON_ENTRY),
        RecordField("hours_awake", ON_ENTRY),
    ),
    set_by_the_register={
        "id": "the row",
        "uuid": "names the row to other systems",
        "incident": "where the person was involved",
    },
    confidentiality=Confidentiality.IDENTITY,
)

INJURY_FIELDS = FieldList(
    Injury,
    (
        RecordField("body_region", ON_ENTRY, BodyRegion),
        RecordField("nature", ON_ENTRY, Nature),
        RecordField("overuse_type", ON_ENTRY, OveruseType),
        RecordField("side", ON_ENTRY, Side),
        RecordField("icd_code", ON_ENTRY),
        RecordField("mechanism", ON_ENTRY, Cause),
        # A file has one column for it, that of the incident.
        RecordField("intent", Use.FORM | Use.EXPORT, Intent),
        RecordField("outcome", ON_ENTRY, Outcome),
        RecordField("treatment", ON_ENTRY, Treatment),
        RecordField("days_away", ON_ENTRY),
        RecordField("days_limited", ON_ENTRY),
    ),
    set_by_the_register={
        "id": "the row",
        "uuid": "names the row to other systems",
        "involved": "who was hurt",
    },
    confidentiality=Confidentiality.MEDICAL,
)
