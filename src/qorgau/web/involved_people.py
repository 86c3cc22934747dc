"""Who was involved in an incident, as far as the person who looks may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson
from qorgau.records.incidents.queries import (
    injuries_visible_to,
    injury_counts,
    involved_visible_to,
)
from qorgau.records.people.models import PersonIdentity
from qorgau.records.people.queries import identities_visible_to, may


@dataclass
class Somebody:
    """One person involved; the identity and the injuries are empty where they may not be seen."""

    involved: InvolvedPerson
    identity: PersonIdentity | None = None
    injuries: list[Injury] = field(default_factory=list)


@dataclass(frozen=True)
class InvolvedShown:
    """What of those involved is shown: always how many were hurt, further what the roles open."""

    hurt: int
    may_see_people: bool
    may_see_injuries: bool
    people: list[Somebody]


def involved_shown_to(user: User, incident: Incident) -> InvolvedShown:
    people = {row.pk: Somebody(row) for row in involved_visible_to(user, incident)}
    named = {row.person_id: row for row in _identities(user, people)}
    for somebody in people.values():
        somebody.identity = named.get(somebody.involved.person_id)
    for injury in injuries_visible_to(user, incident):
        if injury.involved_id in people:
            people[injury.involved_id].injuries.append(injury)
    return InvolvedShown(
        hurt=injury_counts([incident]).get(incident.pk, 0),
        may_see_people=may(user, Capability.SEE_IDENTITIES, incident.unit),
        may_see_injuries=may(user, Capability.SEE_MEDICAL, incident.unit),
        people=list(people.values()),
    )


def _identities(user: User, people: dict[int, Somebody]) -> list[PersonIdentity]:
    persons = {somebody.involved.person_id for somebody in people.values()} - {None}
    return list(identities_visible_to(user).filter(person_id__in=persons)) if persons else []
