"""From a mapped row to the draft of an incident, with the person hurt and the injury."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.mapping import MappedRow
from qorgau.exchange.incidents.fields import PERSON_FIELDS
from qorgau.records.incidents.choices import Kind, Outcome, Precision, Treatment
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson
from qorgau.records.incidents.services import IncidentDraft, InjuryDraft, InvolvedDraft
from qorgau.records.people.models import Unit

# A day without a time is put at noon, where no change of zone moves it to another day.
_NOON_MINUTES = 720
# A source that writes 24:00 means the end of the day that it names.
_LAST_MINUTE = 1439

_INJURES = frozenset((Kind.INJURY, Kind.ILLNESS))
# Any of these says that there was an injury; days away of 0 do not.
_SIGNS_OF_INJURY = ("body_region", "nature", "overuse_type", "icd_code", "outcome")
_PLAIN_INCIDENT_FIELDS = (
    "narrative", "place", "immediate_action", "cause", "intent", "duty_status", "activity",
    "weather", "confidentiality", "is_synthetic",
)  # fmt: skip
_PLAIN_PERSON_FIELDS = ("sex", "age_years", "category", "occupation", "protective_equipment")
_PLAIN_INJURY_FIELDS = ("body_region", "nature", "overuse_type", "side", "icd_code", "mechanism")


def draft_of(row: MappedRow, unit: Unit, now: dt.datetime) -> IncidentDraft:
    """Return the incident that a row tells of.

    Parameters
    ----------
    row : MappedRow
        Without faults.
    unit : Unit
        Whose incident it is.
    now : datetime
        The moment of the import; nothing happened after it.

    Returns
    -------
    IncidentDraft

    Raises
    ------
    FormatError
        When the time lies in the future.
    """
    values = row.values
    minutes = values.get("occurred_time")
    occurred_at = _moment(_day(values["occurred_on"]), minutes)
    if occurred_at > now and (minutes is not None or occurred_at.date() > now.date()):
        raise FormatError(
            gettext_noop("The time of the event (%(moment)s) is in the future. Correct it."),
            moment=occurred_at.strftime("%Y-%m-%d %H:%M"),
        )
    fields = _given(values, _PLAIN_INCIDENT_FIELDS, Incident)
    fields["precision"] = Precision.DAY if minutes is None else Precision.MINUTE
    for name in ("latitude", "longitude"):
        fields[name] = _float(values.get(name))
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
    """The person hurt, when the row tells of one."""
    has_injury = values["kind"] in _INJURES or _has_any(values, _SIGNS_OF_INJURY)
    if not has_injury and not _has_any(values, (field.name for field in PERSON_FIELDS)):
        return ()
    fields = _given(values, _PLAIN_PERSON_FIELDS, InvolvedPerson)
    fields["duty_status"] = _value(values, "duty_status", InvolvedPerson)
    for name in ("experience_years", "hours_awake"):
        fields[name] = _float(values.get(name))
    injuries = (_injury(values),) if has_injury else ()
    return (InvolvedDraft(injuries=injuries, fields=fields),)


def _injury(values: dict[str, Any]) -> InjuryDraft:
    return InjuryDraft(
        outcome=values.get("outcome") or str(Outcome.UNKNOWN),
        treatment=values.get("treatment") or str(Treatment.UNKNOWN),
        days_away=values.get("days_away") or 0,
        days_limited=values.get("days_limited") or 0,
        fields={
            **_given(values, _PLAIN_INJURY_FIELDS, Injury),
            "intent": _value(values, "intent", Injury),
        },
    )


def _has_any(values: dict[str, Any], names: Any) -> bool:
    return any(values.get(name) is not None for name in names)


def _given(values: dict[str, Any], names: tuple[str, ...], model: type[Model]) -> dict[str, Any]:
    return {name: _value(values, name, model) for name in names}


def _value(values: dict[str, Any], name: str, model: type[Model]) -> Any:
    """What the row tells, or the register's own value for what is not told."""
    value = values.get(name)
    return _DEFAULTS[model][name] if value is None else value


def _default(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name).get_default()


_DEFAULTS: dict[type[Model], dict[str, Any]] = {
    Incident: {name: _default(Incident, name) for name in _PLAIN_INCIDENT_FIELDS},
    InvolvedPerson: {
        name: _default(InvolvedPerson, name) for name in (*_PLAIN_PERSON_FIELDS, "duty_status")
    },
    Injury: {name: _default(Injury, name) for name in (*_PLAIN_INJURY_FIELDS, "intent")},
}


def _day(value: Any) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _moment(day: dt.date, minutes: Any) -> dt.datetime:
    minute = _NOON_MINUTES if minutes is None else min(minutes, _LAST_MINUTE)
    clock_time = dt.time(minute // 60, minute % 60)
    return dt.datetime.combine(day, clock_time, timezone.get_current_timezone())


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _cents(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))
