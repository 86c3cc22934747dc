"""Make the draft of an incident from a mapped row, with the injured person and the injury."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from django.db.models import FloatField
from django.utils import timezone

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.mapping import MappedRow
from qorgau.exchange.incidents.fields import PERSON_TARGETS
from qorgau.records.incidents.choices import Kind, Outcome, Precision, Treatment
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    FieldList,
    RecordField,
    Use,
)
from qorgau.records.incidents.services import IncidentDraft, InjuryDraft, InvolvedDraft
from qorgau.records.people.models import Unit

# A day without a time gets noon, because no time zone moves noon to another day.
_NOON_MINUTES = 720
# In a source, 24:00 means the end of the given day.
_LAST_MINUTE = 1439

_INJURES = frozenset((Kind.INJURY, Kind.ILLNESS))
# Any of these means that there was an injury; 0 days away does not.
_SIGNS_OF_INJURY = ("body_region", "nature", "overuse_type", "icd_code", "outcome")
# Treated separately: from several columns, or under another name in the draft.
_INCIDENT_DRAFT = frozenset(("kind", "occurred_at", "cost_amount", "cost_currency", "reported_at"))
_INJURY_DRAFT = frozenset(("outcome", "treatment", "days_away", "days_limited"))


def draft_of(row: MappedRow, unit: Unit, now: dt.datetime) -> IncidentDraft:
    """Return the incident that a row describes.

    Parameters
    ----------
    row : MappedRow
        Without faults.
    unit : Unit
        The unit of the incident.
    now : datetime
        The moment of the import; an incident cannot be later.

    Returns
    -------
    IncidentDraft

    Raises
    ------
    FormatError
        When the time is in the future.
    """
    values = row.values
    minutes = values.get("occurred_time")
    occurred_at = _moment(_day(values["occurred_on"]), minutes)
    if occurred_at > now and (minutes is not None or occurred_at.date() > now.date()):
        raise FormatError(
            gettext_noop("The time of the event (%(moment)s) is in the future. Correct it."),
            moment=occurred_at.strftime("%Y-%m-%d %H:%M"),
        )
    fields = _given(values, _INCIDENT_COLUMNS)
    fields["precision"] = Precision.DAY if minutes is None else Precision.MINUTE
    if values.get("reported_on") is not None:
        fields["reported_at"] = _moment(_day(values["reported_on"]), None)
    return IncidentDraft(
        kind=str(values["kind"]),
        unit=unit,
        occurred_at=min(occurred_at, now),
        cost_amount=_cents(values.get("cost_amount")),
        cost_currency=str(values.get("cost_currency") or "USD").upper(),
        involved=_involved(values),
        fields=fields,
    )


def _involved(values: dict[str, Any]) -> tuple[InvolvedDraft, ...]:
    """The injured person, if the row names one."""
    has_injury = values["kind"] in _INJURES or _has_any(values, _SIGNS_OF_INJURY)
    if not has_injury and not _has_any(values, (field.name for field in PERSON_TARGETS)):
        return ()
    injuries = (_injury(values),) if has_injury else ()
    return (InvolvedDraft(injuries=injuries, fields=_given(values, _PERSON_COLUMNS)),)


def _injury(values: dict[str, Any]) -> InjuryDraft:
    return InjuryDraft(
        outcome=values.get("outcome") or str(Outcome.UNKNOWN),
        treatment=values.get("treatment") or str(Treatment.UNKNOWN),
        days_away=values.get("days_away") or 0,
        days_limited=values.get("days_limited") or 0,
        fields=_given(values, _INJURY_COLUMNS),
    )


def _has_any(values: dict[str, Any], names: Any) -> bool:
    return any(values.get(name) is not None for name in names)


def _given(values: dict[str, Any], columns: tuple[_Column, ...]) -> dict[str, Any]:
    """The values in the row, and the register's defaults for missing ones."""
    given = {}
    for name, default, convert in columns:
        value = values.get(name)
        given[name] = default if value is None else convert(value)
    return given


_Column = tuple[str, Any, Callable[[Any], Any]]


def _columns(
    listed: FieldList, *, without: Collection[str] = (), also: str = ""
) -> tuple[_Column, ...]:
    """Name, default and conversion of each field that a file fills directly.

    ``also`` names a field without its own column in a file: the incident's column fills it.
    """
    fields = [field for field in listed.used_for(Use.IMPORT) if field.name not in without]
    return tuple(
        (field.name, field.column.get_default(), _conversion(field))
        for field in (*fields, *([listed[also]] if also else []))
    )


def _conversion(field: RecordField) -> Callable[[Any], Any]:
    return float if isinstance(field.column, FloatField) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


_INCIDENT_COLUMNS = _columns(INCIDENT_FIELDS, without=_INCIDENT_DRAFT)
_PERSON_COLUMNS = _columns(INVOLVED_PERSON_FIELDS, also="duty_status")
_INJURY_COLUMNS = _columns(INJURY_FIELDS, without=_INJURY_DRAFT, also="intent")


def _day(value: Any) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _moment(day: dt.date, minutes: Any) -> dt.datetime:
    minute = _NOON_MINUTES if minutes is None else min(minutes, _LAST_MINUTE)
    clock_time = dt.time(minute // 60, minute % 60)
    return dt.datetime.combine(day, clock_time, timezone.get_current_timezone())


def _cents(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))
