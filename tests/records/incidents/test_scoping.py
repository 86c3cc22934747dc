"""Who reads which incident: role × unit × confidentiality, and what is in it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.records.incidents import queries
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.models import Incident
from qorgau.records.people.services import grant_role
from tests.world import World, record_incident

pytestmark = pytest.mark.django_db

NEEDED = {
    Confidentiality.PLAIN: {Capability.SEE_INCIDENTS},
    Confidentiality.IDENTITY: {Capability.SEE_INCIDENTS, Capability.SEE_IDENTITIES},
    Confidentiality.MEDICAL: {Capability.SEE_INCIDENTS, Capability.SEE_MEDICAL},
}


def make_confidential(world: World, level: str) -> Incident:
    Incident.objects.update(confidentiality=level)
    return Incident.objects.get(pk=world.incident.pk)


def user_over(world: World, unit_code: str, *roles: str) -> User:
    user = User.objects.create(username=f"{unit_code}.{'.'.join(roles)}")
    for role in roles:
        grant_role(user=user, role=role, unit=world.units[unit_code], acting_user=None)
    return user


@pytest.mark.parametrize("level", NEEDED)
@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_what_its_capabilities_open_in_its_own_unit(
    world: World, role: str, level: str
) -> None:
    incident = make_confidential(world, level)
    may_read = NEEDED[level] <= CAPABILITIES[role]
    inside, outside = world.inside[role], world.outside[role]
    top = user_over(world, "BDE", role)
    for user in (inside, top):
        assert list(queries.incidents_visible_to(user)) == ([incident] if may_read else [])
        found = queries.incident_visible_to(user, incident.number)
        assert found == (incident if may_read else None)
    assert not queries.incidents_visible_to(outside)
    assert queries.incident_visible_to(outside, incident.number) is None


@pytest.mark.parametrize("role", Role.values)
def test_who_was_involved_and_how_they_were_hurt_each_need_their_capability(
    world: World, role: str
) -> None:
    inside, outside = world.inside[role], world.outside[role]
    involved = list(queries.involved_visible_to(inside, world.incident))
    assert bool(involved) is (Capability.SEE_IDENTITIES in CAPABILITIES[role])
    injuries = list(queries.injuries_visible_to(inside, world.incident))
    assert bool(injuries) is (Capability.SEE_MEDICAL in CAPABILITIES[role])
    assert not queries.involved_visible_to(outside, world.incident)
    assert not queries.injuries_visible_to(outside, world.incident)


def test_a_right_in_one_unit_is_none_in_another(world: World) -> None:
    """Sees incidents here, medical detail there: the confidential one here stays closed."""
    user = user_over(world, "BDE-1", Role.COMMANDER)
    grant_role(user=user, role=Role.MEDICAL_OFFICER, unit=world.other_battalion, acting_user=None)
    for level in (Confidentiality.IDENTITY, Confidentiality.MEDICAL):
        make_confidential(world, level)
        assert not queries.incidents_visible_to(user)
    assert not queries.injuries_visible_to(user, world.incident)


def test_the_medical_officer_of_a_company_among_those_who_see_the_brigade(world: World) -> None:
    """Every unit is granted, so the filter by unit is left out; confidentiality is not."""
    user = user_over(world, "BDE", Role.COMMANDER)
    grant_role(user=user, role=Role.MEDICAL_OFFICER, unit=world.other_battalion, acting_user=None)
    make_confidential(world, Confidentiality.MEDICAL)
    assert not queries.incidents_visible_to(user)
    grant_role(user=user, role=Role.MEDICAL_OFFICER, unit=world.company, acting_user=None)
    assert list(queries.incidents_visible_to(user)) == [world.incident]


def test_a_visitor_sees_nothing(world: World) -> None:
    visitor = AnonymousUser()
    assert not queries.incidents_visible_to(visitor)
    assert queries.incident_visible_to(visitor, world.incident.number) is None
    assert not queries.involved_visible_to(visitor, world.incident)
    assert not queries.injuries_visible_to(visitor, world.incident)
    assert not queries.reports_to_triage(visitor)


def test_how_many_were_hurt_is_a_figure_for_whoever_sees_the_incident(world: World) -> None:
    assert queries.injury_counts([world.incident]) == {world.incident.pk: 1}


@pytest.mark.parametrize("few_units", [0, 12])
def test_the_newest_are_the_same_incidents_however_they_are_found(
    few_units: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above and below the number of units from which the list is walked instead of gathered."""
    monkeypatch.setattr(queries, "FEW_UNITS", few_units)
    for unit in (world.battalion, world.company, world.other_battalion):
        record_incident(unit)
    for people in (world.inside, world.outside):
        for user in people.values():
            found = queries.newest_incidents_visible_to(user)
            assert set(found) == set(queries.incidents_visible_to(user))
