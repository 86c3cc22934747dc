"""What the register said of an incident before, as far as a reader may see it.

An earlier version has a unit and a confidentiality of its own, and these say who reads it. Who may
not open the incident as it is now opens none of them: that is for the caller to have shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import InvolvedRole
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    FieldList,
)
from qorgau.records.incidents.models import (
    Incident,
    IncidentRevision,
    Injury,
    InvolvedPerson,
)
from qorgau.records.incidents.queries import (
    InvolvedShown,
    Somebody,
    involved_shown_to,
    revisions_visible_to,
)
from qorgau.records.people import queries as people
from qorgau.records.people.models import Person
from qorgau.records.places.models import Area, Site

Row = TypeVar("Row", bound=Model)

# What the register sets itself and keeps in columns.
_SET_ITSELF = ("occurred_on", "state", "severity_class")
# What may differ from one version to the next, those involved apart.
COMPARED = (*(field.name for field in INCIDENT_FIELDS), "state", "severity_class", "merged_into")


@dataclass(frozen=True)
class Version:
    """An incident as the register said from a moment until another; the present one has no end."""

    # Of an earlier version: made from what was kept, without a row of its own.
    incident: Incident
    involved: InvolvedShown
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None

    def differing_from(self, other: Version) -> list[str]:
        """The fields in which two versions differ, as far as both are shown."""
        names = [
            field.name
            for field in map(Incident._meta.get_field, COMPARED)
            if getattr(self.incident, field.attname) != getattr(other.incident, field.attname)
        ]
        are_people_shown = self.involved.may_see_people and other.involved.may_see_people
        if are_people_shown and _told(self.involved) != _told(other.involved):
            names.append("involved")
        return names


def present_version(user: User, incident: Incident) -> Version:
    """What the register says now."""
    return Version(incident, involved_shown_to(user, incident), incident.revised_at)


def version_after(user: User, incident: Incident, revision: IncidentRevision) -> Version:
    """The next version after an earlier one, of those that the user may read."""
    later = revisions_visible_to(user, incident).filter(version__gt=revision.version)
    following = versions_shown_to(user, incident, later.order_by("version")[:1])
    return following[0] if following else present_version(user, incident)


def versions_shown_to(
    user: User, incident: Incident, revisions: Iterable[IncidentRevision]
) -> list[Version]:
    """Earlier versions that the user may read, with those involved as far as the roles open."""
    found = list(revisions)
    look_up = _LookUp(user, found)
    return [
        Version(
            _incident_then(incident, revision, look_up),
            _involved_then(revision, look_up),
            revision.valid_from,
            revision.valid_until,
        )
        for revision in found
    ]


class _LookUp:
    """The records that earlier versions refer to, and whose people and injuries are shown."""

    def __init__(self, user: User, revisions: Sequence[IncidentRevision]) -> None:
        units = {revision.unit_id for revision in revisions}
        self.units_with_people = _of(user, Capability.SEE_IDENTITIES, units)
        self.units_with_injuries = _of(user, Capability.SEE_MEDICAL, units)
        self.areas = _named(Area, (revision.fields.get("area") for revision in revisions))
        self.sites = _named(Site, (revision.fields.get("site") for revision in revisions))
        self.merged_into = _named(Incident, (revision.merged_into_id for revision in revisions))
        self.persons = _named(
            Person,
            (
                somebody.get("person")
                for revision in revisions
                if revision.unit_id in self.units_with_people
                for somebody in revision.involved
            ),
        )
        identities = people.identities_visible_to(user).filter(person_id__in=self.persons)
        self.identities = {row.person_id: row for row in identities} if self.persons else {}


def _of(user: User, capability: Capability, units: Iterable[int]) -> set[int]:
    return set(people.unit_ids_visible_to(user, capability).filter(descendant_id__in=units))


def _named(model: type[Row], ids: Iterable[int | None]) -> dict[int, Row]:
    wanted = {one for one in ids if one is not None}
    return model._default_manager.in_bulk(wanted) if wanted else {}


def _incident_then(present: Incident, revision: IncidentRevision, look_up: _LookUp) -> Incident:
    then = _row_of(Incident, INCIDENT_FIELDS, revision.fields)
    then.uuid, then.number, then.source = present.uuid, present.number, present.source
    then.recorded_at, then.version = revision.recorded_at, revision.version
    for name in ("unit", "kind", "cause", "confidentiality", "is_synthetic", *_SET_ITSELF):
        setattr(then, name, getattr(revision, name))
    then.merged_into = look_up.merged_into.get(revision.merged_into_id)
    then.area = look_up.areas.get(revision.fields.get("area"))
    then.site = look_up.sites.get(revision.fields.get("site"))
    return then


def _involved_then(revision: IncidentRevision, look_up: _LookUp) -> InvolvedShown:
    may_see_people = revision.unit_id in look_up.units_with_people
    may_see_injuries = revision.unit_id in look_up.units_with_injuries
    shown = []
    for kept in revision.involved if may_see_people else ():
        involved = _row_of(InvolvedPerson, INVOLVED_PERSON_FIELDS, kept)
        involved.person = look_up.persons.get(kept.get("person"))
        injuries = kept.get("injuries", ()) if may_see_injuries else ()
        shown.append(
            Somebody(
                involved,
                look_up.identities.get(kept.get("person")),
                [_row_of(Injury, INJURY_FIELDS, injury) for injury in injuries],
            )
        )
    return InvolvedShown(
        hurt=sum(kept.get("role") == InvolvedRole.INJURED for kept in revision.involved),
        may_see_people=may_see_people,
        may_see_injuries=may_see_injuries,
        people=shown,
    )


def _row_of(model: type[Row], fields: FieldList, kept: Mapping[str, Any]) -> Row:
    """A row as it was kept; a field that the register did not have then has its default."""
    row = model()
    for field in fields:
        if field.name in kept and not field.column.is_relation:
            setattr(row, field.name, field.column.to_python(kept[field.name]))
    return row


def _told(shown: InvolvedShown) -> list[object]:
    """What a reader is shown of those involved, to be compared."""
    return [
        (
            _values(somebody.involved, INVOLVED_PERSON_FIELDS),
            [_values(injury, INJURY_FIELDS) for injury in somebody.injuries],
        )
        for somebody in shown.people
    ]


def _values(row: Model, fields: FieldList) -> list[object]:
    return [getattr(row, field.column.attname) for field in fields]
