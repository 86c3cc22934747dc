"""Attacks on accounts: an administrator who wants to read what is guarded, and stolen links.

Found by hand on a local copy: an administrator gave himself the role of a medical officer, and
nothing but a row in the journal said so; ``оfficer`` with a Cyrillic letter was created beside
``officer``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from qorgau.foundation import clock, rate_limits
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.identity.links import LIFETIMES
from qorgau.foundation.identity.models import AccountLink, LinkPurpose, User
from qorgau.foundation.identity.roles import CAPABILITIES, GUARDED_ROLES, Capability, Role
from qorgau.foundation.identity.services import issue_api_token, use_account_link
from qorgau.records.people import services as people
from qorgau.records.people.models import AccessRequest
from qorgau.records.people.queries import roles_of
from tests.records.account_calls import WHY, a_request, with_second_step
from tests.records.acting_users import somebody
from tests.world import World

pytestmark = pytest.mark.django_db
SENTENCE = "a sentence of my own"


@pytest.fixture
def administrator(world: World) -> User:
    return world.inside[Role.ADMINISTRATOR]


@pytest.fixture
def second(world: World) -> User:
    return somebody(world.battalion, [Role.ADMINISTRATOR], name="deputy")


def test_the_guarded_roles_are_those_that_read_what_is_guarded() -> None:
    """Written out, so that a capability given to another role by mistake is noticed."""
    guarded = {Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}
    assert guarded == GUARDED_ROLES
    for role in set(Role) - guarded:
        assert Capability.MANAGE_ACCESS not in CAPABILITIES[role]


@pytest.mark.parametrize("role", sorted(GUARDED_ROLES))
def test_nobody_gives_a_guarded_role_alone(role: str, world: World, administrator: User) -> None:
    accomplice = User.objects.create(username="accomplice")
    for user in (administrator, accomplice):
        before = roles_of(user)
        with pytest.raises(ValidationError) as refused:
            people.grant_role(user=user, role=role, unit=world.company, acting_user=administrator)
        assert refused.value.code == "needs_approval"
        assert roles_of(user) == before
    with pytest.raises(ValidationError):
        people.enrol_user(username="new", role=role, unit=world.company, acting_user=administrator)
    assert not User.objects.filter(username="new").exists()
    people.invite_user(
        username="new", role=role, unit=world.company, reason=WHY, acting_user=administrator
    )
    assert roles_of(User.objects.get(username="new")) == set()


def test_nobody_gives_himself_any_role(world: World, administrator: User) -> None:
    with pytest.raises(ValidationError):
        people.grant_role(
            user=administrator, role=Role.ANALYST, unit=world.company, acting_user=administrator
        )


def test_neither_who_asked_nor_whom_it_is_about_approves(
    world: World, administrator: User, second: User
) -> None:
    for about, deciders in ((second, (administrator, second)), (administrator, (administrator,))):
        request = people.request_role(
            user=about,
            role=Role.MEDICAL_OFFICER,
            unit=world.company,
            reason=WHY,
            acting_user=administrator,
        )
        for decider in deciders:
            with pytest.raises(NotAuthorised):
                people.approve_request(request=request, acting_user=decider)
            with pytest.raises(NotAuthorised):
                people.reject_request(request=request, acting_user=decider)
        assert Role.MEDICAL_OFFICER not in roles_of(about)


def test_an_administrator_of_another_unit_approves_nothing(world: World) -> None:
    request = a_request(world)
    for unit in (world.other_battalion, world.company):
        other = somebody(unit, [Role.ADMINISTRATOR], name=f"of.{unit.pk}")
        with pytest.raises(NotAuthorised):
            people.approve_request(request=request, acting_user=other)


def test_a_request_is_decided_once_and_in_time(world: World, second: User) -> None:
    request = a_request(world)
    AccessRequest.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    with pytest.raises(ValidationError, match="expired"):
        people.approve_request(request=request, acting_user=second)
    again = a_request(world)
    people.reject_request(request=again, acting_user=second)
    with pytest.raises(ValidationError, match="decided already"):
        people.approve_request(request=again, acting_user=second)
    assert roles_of(world.inside[Role.REPORTER]) == {Role.REPORTER}


def test_a_request_of_or_for_a_closed_account_is_not_approved(
    world: World, administrator: User, second: User
) -> None:
    request = a_request(world)
    people.close_account(user=world.inside[Role.REPORTER], acting_user=None)
    with pytest.raises(ValidationError, match="is closed"):
        people.approve_request(request=request, acting_user=second)
    people.reopen_account(user=world.inside[Role.REPORTER], acting_user=None)
    people.close_account(user=administrator, acting_user=second)
    third = somebody(world.battalion, [Role.ADMINISTRATOR], name="third")
    with pytest.raises(ValidationError, match="is closed"):
        people.approve_request(request=request, acting_user=third)


def test_at_the_machine_only_where_there_is_no_second_administrator(world: World) -> None:
    request = a_request(world)
    with pytest.raises(ValidationError, match="--as"):
        people.approve_request(request=request, acting_user=None)
    second = somebody(world.battalion, [Role.ADMINISTRATOR], name="deputy")
    with pytest.raises(ValidationError, match="second administrator"):
        people.approve_request(request=request, operator="Асан", acting_user=None)
    people.close_account(user=second, acting_user=None)
    people.approve_request(request=request, operator="Асан", acting_user=None)
    assert Role.AUDITOR in roles_of(world.inside[Role.REPORTER])


@pytest.mark.parametrize("days", [(-3, -1), (-3, 0), (2, 9)])
def test_a_role_gives_nothing_outside_its_days(days: tuple[int, int], world: World) -> None:
    user = User.objects.create(username="temporary")
    first, end = (clock.today() + dt.timedelta(days=day) for day in days)
    people.grant_role(
        user=user,
        role=Role.ADMINISTRATOR,
        unit=world.brigade,
        valid_from=first,
        valid_until=end,
        acting_user=None,
    )
    with pytest.raises(NotAuthorised):
        people.close_account(user=world.inside[Role.PLANNER], acting_user=user)


def test_the_last_administrator_stays(world: World, administrator: User) -> None:
    grant = administrator.role_grants.get()
    for acting_user in (administrator, None):
        with pytest.raises(ValidationError):
            people.revoke_role(grant=grant, acting_user=acting_user)
        with pytest.raises(ValidationError):
            people.close_account(user=administrator, acting_user=acting_user)
    later = clock.today() + dt.timedelta(days=30)
    with pytest.raises(ValidationError, match="Nobody else manages access"):
        people.revoke_role(grant=grant, on=later, acting_user=None)
    # Somebody who manages a part of the unit, or whose account is closed, is no second one.
    somebody(world.company, [Role.ADMINISTRATOR], name="of.a.part")
    User.objects.filter(pk=somebody(world.battalion, name="closed").pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Nobody else manages access"):
        people.revoke_role(grant=grant, acting_user=None)
    second = somebody(world.brigade, [Role.ADMINISTRATOR], name="deputy")
    with pytest.raises(ValidationError, match="your own role"):
        people.revoke_role(grant=grant, acting_user=administrator)
    people.revoke_role(grant=grant, acting_user=second)
    assert roles_of(administrator) == set()


def test_a_link_is_used_once(world: World) -> None:
    user = world.inside[Role.REPORTER]
    secret = people.make_password_link(user=user, acting_user=None)
    use_account_link(secret=secret, password=SENTENCE)
    with pytest.raises(ValidationError, match="used already"):
        use_account_link(secret=secret, password="the sentence of a thief")
    user.refresh_from_db()
    assert user.check_password(SENTENCE)


def expire(user: User) -> None:
    AccountLink.objects.filter(user=user).update(expires_at=clock.now())


def make_another(user: User) -> None:
    people.make_password_link(user=user, acting_user=None)


def withdraw(user: User) -> None:
    people.withdraw_password_links(user=user, acting_user=None)


def close(user: User) -> None:
    people.close_account(user=user, acting_user=None)


def close_and_reopen(user: User) -> None:
    close(user)
    people.reopen_account(user=user, acting_user=None)


@pytest.mark.parametrize("end", [expire, make_another, withdraw, close, close_and_reopen])
def test_a_link_that_is_over_opens_nothing(end: Callable[[User], None], world: World) -> None:
    user, client = world.inside[Role.REPORTER], Client()
    secret = people.make_password_link(user=user, acting_user=None)
    address = reverse("set_password_by_link", kwargs={"secret": secret})
    assert client.get(address).status_code == 200
    end(user)
    answer = client.post(address, {"password": SENTENCE, "again": SENTENCE})
    assert answer.status_code == 410
    assert not User.objects.get(pk=user.pk).check_password(SENTENCE)


def test_looking_at_a_link_uses_nothing_up_and_tells_no_other_page(world: World) -> None:
    secret = people.make_password_link(user=world.inside[Role.REPORTER], acting_user=None)
    address = reverse("set_password_by_link", kwargs={"secret": secret})
    for _again in range(3):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]
    link = AccountLink.objects.get()
    assert (link.used_at, secret in str(vars(link))) == (None, False)


def test_links_cannot_be_tried_at_will(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits.LINKS_PER_ADDRESS, "most", 3)
    client = Client(REMOTE_ADDR="10.77.66.61")
    found = [client.get(f"/password/guess-{guess}/").status_code for guess in range(5)]
    assert found == [410, 410, 410, 429, 429]


def test_a_new_password_ends_the_sessions_of_before(world: World) -> None:
    user, thief = world.inside[Role.REPORTER], Client()
    thief.force_login(user)
    secret = people.make_password_link(user=user, acting_user=None)
    use_account_link(secret=secret, password=SENTENCE)
    assert thief.get("/").status_code == 302


def test_links_live_no_longer_than_is_said() -> None:
    assert {
        LinkPurpose.INVITE: dt.timedelta(days=7),
        LinkPurpose.RESET: dt.timedelta(days=1),
    } == LIFETIMES


def test_an_administrator_does_not_become_a_medical_officer_by_a_new_password(
    world: World, administrator: User, second: User
) -> None:
    officer = world.inside[Role.MEDICAL_OFFICER]
    with pytest.raises(ValidationError) as refused:
        people.make_password_link(user=officer, acting_user=administrator)
    assert refused.value.code == "needs_approval"
    request = people.request_new_password(user=officer, reason=WHY, acting_user=administrator)
    with pytest.raises(NotAuthorised):
        people.approve_request(request=request, acting_user=administrator)
    assert people.approve_request(request=request, acting_user=second)
    # With a second step the link alone signs nobody in.
    people.make_password_link(user=with_second_step(officer), acting_user=administrator)


def test_a_role_that_waits_protects_its_account_from_other_administrators(world: World) -> None:
    """Whoever sets its password before the approval would have the role after it."""
    user = User.objects.create(username="new")
    people.request_role(
        user=user,
        role=Role.MEDICAL_OFFICER,
        unit=world.battalion,
        reason=WHY,
        acting_user=world.inside[Role.ADMINISTRATOR],
    )
    with pytest.raises(NotAuthorised):
        people.make_password_link(user=user, acting_user=world.outside[Role.ADMINISTRATOR])


def test_a_closed_account_is_out_at_once_and_comes_back_without_what_it_had(world: World) -> None:
    user, client = world.inside[Role.ANALYST], Client()
    client.force_login(user)
    token = issue_api_token(user=user, name="nightly", acting_user=None)
    program = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert client.get("/units/").status_code == 200
    assert Client().get("/api/v1/units", **program).status_code == 200
    close(user)
    assert client.get("/units/").status_code == 302
    assert Client().get("/api/v1/units", **program).status_code == 401
    people.reopen_account(user=user, acting_user=None)
    assert client.get("/units/").status_code == 302
    assert Client().get("/api/v1/units", **program).status_code == 401
    assert roles_of(user) == {Role.ANALYST}
