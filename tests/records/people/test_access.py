"""What a user may see: by role, in the right and in another unit, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.records.people import queries
from qorgau.records.people.models import RoleGrant, Unit
from qorgau.records.people.services import close_unit, grant_role, revise_unit, revoke_role
from tests.world import World

pytestmark = pytest.mark.django_db

INSIDE = {"BDE-1", "BDE-1-1"}
YESTERDAY = dt.timedelta(days=-1)


def codes(user: User | AnonymousUser, capability: Capability) -> set[str]:
    return {unit.code for unit in queries.units_visible_to(user, capability)}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_reaches_its_unit_and_what_is_below_and_no_further(world: World, role: str) -> None:
    inside, outside = world.inside[role], world.outside[role]
    for capability in Capability:
        is_given = capability in CAPABILITIES[role]
        assert codes(inside, capability) == (INSIDE if is_given else set())
        assert codes(outside, capability) == ({"BDE-2"} if is_given else set())
        assert queries.may(inside, capability, world.company) is is_given
        assert not queries.may(outside, capability, world.company)
        assert not queries.may(inside, capability, world.brigade)
        assert queries.may(inside, capability) is is_given


def test_nobody_sees_anything_without_a_grant(world: World) -> None:
    stranger = User.objects.create(username="stranger")
    superuser = User.objects.create(username="root", is_superuser=True, is_staff=True)
    for user in (stranger, superuser, AnonymousUser()):
        assert queries.capabilities_of(user) == frozenset()
        for capability in Capability:
            assert codes(user, capability) == set()
            assert not queries.may(user, capability)
            assert not queries.may(user, capability, world.company)
            assert not queries.sees_every_unit(user, capability)
        assert not queries.people_visible_to(user)
        assert not queries.identities_visible_to(user)


@pytest.mark.parametrize("role", Role.values)
def test_identities_are_read_only_with_the_right_and_in_own_units(world: World, role: str) -> None:
    is_given = Capability.SEE_IDENTITIES in CAPABILITIES[role]
    read = list(queries.identities_visible_to(world.inside[role]))
    assert [identity.person for identity in read] == ([world.person] if is_given else [])
    assert not queries.identities_visible_to(world.outside[role])


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [(0, 1, True), (-5, 1, True), (1, 5, False), (-5, 0, False)],
)
def test_a_grant_is_valid_from_its_first_day_until_the_day_it_ends(
    world: World, valid_from: int, valid_until: int, holds: bool
) -> None:
    user = User.objects.create(username="temporary")
    today = clock.today()
    grant_role(
        user=user,
        role=Role.ANALYST,
        unit=world.brigade,
        valid_from=today + dt.timedelta(days=valid_from),
        valid_until=today + dt.timedelta(days=valid_until),
        acting_user=None,
    )
    assert queries.may(user, Capability.SEE_RATES, world.company) is holds


def test_a_revoked_grant_has_ended_and_is_kept(world: World) -> None:
    user = world.inside[Role.ANALYST]
    revoke_role(grant=RoleGrant.objects.get(user=user), acting_user=None)
    assert queries.roles_of(user) == set()
    assert RoleGrant.objects.get(user=user).valid_until == clock.today()


def test_revoking_an_ended_grant_does_not_extend_it(world: World) -> None:
    grant = RoleGrant.objects.get(user=world.inside[Role.ANALYST])
    grant.valid_until = ended = clock.today() + 10 * YESTERDAY
    grant.save()
    with pytest.raises(ValidationError, match="had already ended"):
        revoke_role(grant=grant, acting_user=None)
    grant.refresh_from_db()
    assert grant.valid_until == ended


@pytest.mark.parametrize("changes", [{"role": "emperor"}, {"valid_until": dt.date(2001, 1, 1)}])
def test_a_wrong_grant_is_refused(world: World, changes: dict[str, object]) -> None:
    user = User.objects.create(username="temporary")
    grant = {"user": user, "role": Role.ANALYST, "unit": world.brigade} | changes
    with pytest.raises(ValidationError):
        grant_role(**grant, acting_user=None)
    assert not RoleGrant.objects.filter(user=user).exists()


def test_a_user_with_every_top_unit_sees_every_unit(world: World) -> None:
    user = User.objects.create(username="chief")
    grant_role(user=user, role=Role.COMMANDER, unit=world.brigade, acting_user=None)
    assert queries.sees_every_unit(user, Capability.SEE_INCIDENTS)
    assert not queries.sees_every_unit(user, Capability.SEE_JOURNAL)
    assert not queries.sees_every_unit(world.inside[Role.COMMANDER], Capability.SEE_INCIDENTS)
    revise_unit(unit=world.battalion, on=dt.date(2024, 9, 1), parent=None, acting_user=None)
    assert not queries.sees_every_unit(user, Capability.SEE_INCIDENTS)


def moved(unit: Unit, to: Unit) -> None:
    revise_unit(unit=unit, on=dt.date(2024, 9, 1), parent=to, acting_user=None)


def test_access_goes_with_the_unit_when_it_moves(world: World) -> None:
    moved(world.company, world.other_battalion)
    assert codes(world.inside[Role.COMMANDER], Capability.SEE_INCIDENTS) == {"BDE-1"}
    assert codes(world.outside[Role.COMMANDER], Capability.SEE_INCIDENTS) == {"BDE-2", "BDE-1-1"}


def test_a_closed_unit_remains_visible_to_the_last_user_responsible(world: World) -> None:
    close_unit(unit=world.company, on=dt.date(2024, 9, 1), acting_user=None)
    assert codes(world.inside[Role.COMMANDER], Capability.SEE_INCIDENTS) == INSIDE
    assert queries.may(world.inside[Role.COMMANDER], Capability.SEE_INCIDENTS, world.company)


def test_a_unit_is_found_by_code_only_if_visible(world: World) -> None:
    assert queries.unit_at(world.inside[Role.ANALYST], "BDE-1-1") == world.company
    assert queries.unit_at(world.outside[Role.ANALYST], "BDE-1-1") is None
    assert queries.unit_at(world.inside[Role.REPORTER], "BDE-1-1") is None
