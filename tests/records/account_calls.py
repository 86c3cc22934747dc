"""One real call of every service of accounts, roles, and requests for a second administrator."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people import services as people
from qorgau.records.people.models import AccessRequest, RoleGrant
from tests.world import World

Call = Callable[[], object]
WHY = "Takes over from a colleague."


def grant_role(world: World, who: User) -> Call:
    return lambda: people.grant_role(
        user=world.inside[Role.REPORTER], role=Role.PLANNER, unit=world.brigade, acting_user=who
    )


def enrol_user(world: World, who: User) -> Call:
    return lambda: people.enrol_user(
        username="new", role=Role.ANALYST, unit=world.brigade, acting_user=who
    )


def revoke_role(world: World, who: User) -> Call:
    grant = RoleGrant.objects.get(user=world.inside[Role.PLANNER])
    return lambda: people.revoke_role(grant=grant, acting_user=who)


def invite_user(world: World, who: User) -> Call:
    return lambda: people.invite_user(
        username="new", role=Role.ANALYST, unit=world.brigade, acting_user=who
    )


def make_password_link(world: World, who: User) -> Call:
    return lambda: people.make_password_link(user=world.inside[Role.REPORTER], acting_user=who)


def withdraw_password_links(world: World, who: User) -> Call:
    user = world.inside[Role.REPORTER]
    people.make_password_link(user=user, acting_user=None)
    return lambda: people.withdraw_password_links(user=user, acting_user=who)


def rename_account(world: World, who: User) -> Call:
    return lambda: people.rename_account(
        user=world.inside[Role.REPORTER], username="new", display_name="New", acting_user=who
    )


def close_account(world: World, who: User) -> Call:
    return lambda: people.close_account(user=world.inside[Role.REPORTER], acting_user=who)


def reopen_account(world: World, who: User) -> Call:
    user = world.inside[Role.REPORTER]
    people.close_account(user=user, acting_user=None)
    return lambda: people.reopen_account(user=user, acting_user=who)


def request_role(world: World, who: User) -> Call:
    return lambda: people.request_role(
        user=world.inside[Role.REPORTER],
        role=Role.AUDITOR,
        unit=world.battalion,
        reason=WHY,
        acting_user=who,
    )


def request_new_password(world: World, who: User) -> Call:
    return lambda: people.request_new_password(
        user=world.inside[Role.AUDITOR], reason=WHY, acting_user=who
    )


def request_second_factor_reset(world: World, who: User) -> Call:
    user = with_second_step(world.inside[Role.AUDITOR])
    return lambda: people.request_second_factor_reset(user=user, reason=WHY, acting_user=who)


def with_second_step(user: User) -> User:
    """The account with a second step, as if it had been turned on."""
    Authenticator.objects.get_or_create(user=user, type="totp", data={"secret": "none"})
    return user


def a_request(world: World, asked_by: User | None = None) -> AccessRequest:
    """The role of auditor for a reporter, requested by the administrator of the battalion."""
    request = people.request_role(
        user=world.inside[Role.REPORTER],
        role=Role.AUDITOR,
        unit=world.battalion,
        reason=WHY,
        acting_user=world.inside[Role.ADMINISTRATOR],
    )
    if asked_by is not None and asked_by.pk is not None:
        request.asked_by = asked_by
        request.save()
    return request


def approve_request(world: World, who: User) -> Call:
    request = a_request(world)
    return lambda: people.approve_request(request=request, acting_user=who)


def reject_request(world: World, who: User) -> Call:
    request = a_request(world)
    return lambda: people.reject_request(request=request, acting_user=who)


def withdraw_request(world: World, who: User) -> Call:
    request = a_request(world, asked_by=who)
    return lambda: people.withdraw_request(request=request, acting_user=who)


ACCOUNT_CALLS: dict[str, Callable[[World, User], Call]] = {
    f"people.{prepare.__name__}": prepare
    for prepare in (
        grant_role,
        enrol_user,
        revoke_role,
        invite_user,
        make_password_link,
        withdraw_password_links,
        rename_account,
        close_account,
        reopen_account,
        request_role,
        request_new_password,
        request_second_factor_reset,
        approve_request,
        reject_request,
        withdraw_request,
    )
}
# Rows of the services called, or of what follows from an approval; every other writes one.
ACCOUNT_ROWS = {"people.enrol_user": 2, "people.invite_user": 3, "people.approve_request": 2}
