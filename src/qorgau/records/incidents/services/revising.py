"""Nothing that the register said of an incident is overwritten without a trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from qorgau.foundation.identifiers import new_salt
from qorgau.foundation.journal.field_changes import stored_value
from qorgau.records.incidents.choices import InvolvedRole
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    FieldList,
)
from qorgau.records.incidents.models import Incident, IncidentRevision

_COLUMNS = (
    *("version", "kind", "unit_id", "occurred_on", "cause", "severity_class", "state"),
    *("confidentiality", "merged_into_id", "merged_at", "is_synthetic", "source", "recorded_at"),
    "salt",
)


def present_state(incident: Incident) -> IncidentRevision:
    """What the register says of an incident now, to be kept when it says something else.

    Taken before anything is changed, those involved included.
    """
    people = list(incident.involved.all())
    hurt = sorted({one.category for one in people if one.role == InvolvedRole.INJURED})
    columns = {name: getattr(incident, name) for name in _COLUMNS}
    return IncidentRevision(
        incident=incident,
        valid_from=incident.revised_at,
        injured_categories=f"|{'|'.join(hurt)}|" if hurt else "",
        fields=_values(incident, INCIDENT_FIELDS),
        involved=[
            _values(one, INVOLVED_PERSON_FIELDS)
            | {"injuries": [_values(injury, INJURY_FIELDS) for injury in one.injuries.all()]}
            for one in people
        ],
        **columns,
    )


def supersede(before: IncidentRevision, incident: Incident, now: dt.datetime) -> None:
    """Keep an earlier state; the incident gets the next version, the moment and a new salt."""
    before.valid_until = now
    before.save()
    incident.version += 1
    incident.revised_at, incident.salt = now, new_salt()


def _values(row: Model, fields: FieldList) -> dict[str, Any]:
    """The fields of a row as JSON; a reference by its row."""
    return {field.name: _kept(getattr(row, field.column.attname)) for field in fields}


def _kept(value: object) -> object:
    # Whole: JSON as Django writes it would cut a moment to thousandths of a second.
    return value.isoformat() if isinstance(value, dt.datetime) else stored_value(value)
