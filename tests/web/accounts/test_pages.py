"""The pages on which an administrator creates accounts, gives roles, and decides requests."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import AccessRequest
from qorgau.records.people.queries import roles_of
from qorgau.records.people.services import close_account, grant_role
from tests.records.account_calls import WHY, a_request, with_second_step
from tests.world import World

pytestmark = pytest.mark.django_db
SENTENCE = "a sentence of my own"


@pytest.fixture
def administrator(world: World) -> Client:
    client = Client()
    world.sign_in(client, world.inside[Role.ADMINISTRATOR])
    return client


@pytest.fixture
def second(world: World) -> Client:
    """Another administrator of the same battalion."""
    user = User.objects.create(username="deputy")
    grant_role(user=user, role=Role.ADMINISTRATOR, unit=world.battalion, acting_user=None)
    client = Client()
    client.force_login(user)
    return client


def invite(client: Client, world: World, role: Role = Role.ANALYST, **fields: str) -> HttpResponse:
    wanted = {"username": "aigerim", "role": role.value, "unit": world.company.code}
    return client.post(reverse("invite_user"), wanted | fields)


def step(client: Client, account: User, name: str, **fields: str) -> HttpResponse:
    return client.post(reverse("take_account_step", args=[account.uuid, name]), fields, follow=True)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def link_in(answer: HttpResponse) -> str:
    found = re.search(r"http://testserver(/password/[^<]+)", text_of(answer))
    assert found, text_of(answer)
    return found[1]


def test_who_is_invited_sets_the_password_and_signs_in(administrator: Client, world: World) -> None:
    answer = invite(administrator, world)
    assert answer["Cache-Control"] == "no-store"
    link, person = link_in(answer), Client()
    assert "aigerim" in text_of(person.get(link))
    chosen = {"password": SENTENCE, "again": SENTENCE}
    assert person.post(link, chosen)["Location"] == reverse("account_login")
    assert person.login(username="aigerim", password=SENTENCE)
    assert roles_of(user_of_name("aigerim")) == {Role.ANALYST}


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "at least 12 characters"),
        (SENTENCE, SENTENCE + " ", "Type the same password twice."),
    ],
)
def test_a_password_that_is_refused_does_not_use_the_link_up(
    password: str, again: str, sentence: str, administrator: Client, world: World
) -> None:
    link, person = link_in(invite(administrator, world)), Client()
    answer = person.post(link, {"password": password, "again": again})
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert person.get(link).status_code == 200


def test_an_account_is_found_however_its_letters_are_typed(
    administrator: Client, world: World
) -> None:
    person = world.inside[Role.PLANNER]
    person.display_name = "Ерлан Ахметов"
    person.save()
    for text in ("planner", "PLANNER", "рlаnner", "ахметов", "Ерлан"):
        page = text_of(administrator.get(reverse("accounts"), {"text": text}))
        assert "inside.planner" in page, text
        assert "inside.analyst" not in page
    close_account(user=person, acting_user=None)
    listed = {
        state: "inside.planner" in text_of(administrator.get(reverse("accounts"), {"state": state}))
        for state in ("", "open", "closed")
    }
    assert listed == {"": True, "open": False, "closed": True}


def test_a_role_has_a_first_and_a_last_day(administrator: Client, world: World) -> None:
    person, today = world.inside[Role.PLANNER], clock.today()
    days = {"valid_from": today.isoformat(), "last_day": today.replace(year=2999).isoformat()}
    wanted = {"role": Role.ANALYST.value, "unit": world.company.code}
    assert "The role was given." in text_of(
        step(administrator, person, "give_role", **wanted, **days)
    )
    page = text_of(administrator.get(reverse("user_account", args=[person.uuid])))
    assert str(today.replace(year=2999).year) in page
    grant = person.role_grants.get(role=Role.ANALYST)
    assert (grant.valid_from, grant.valid_until.toordinal() - 1) == (
        today,
        today.replace(year=2999).toordinal(),
    )
    held = {**wanted, "valid_from": today.isoformat()}
    assert "The role was ended." in text_of(step(administrator, person, "end_role", **held))
    assert roles_of(person) == {Role.PLANNER}
    assert "does not have this role" in text_of(
        step(administrator, person, "end_role", **(held | {"unit": "BDE-2"}))
    )


def test_a_role_ended_by_mistake_is_given_again_on_the_same_day(
    administrator: Client, world: World
) -> None:
    person = world.inside[Role.PLANNER]
    grant = person.role_grants.get()
    wanted = {"role": Role.PLANNER.value, "unit": grant.unit.code}
    step(administrator, person, "end_role", **wanted, valid_from=grant.valid_from.isoformat())
    assert roles_of(person) == set()
    step(administrator, person, "give_role", **wanted)
    assert roles_of(person) == {Role.PLANNER}
    assert "already has this role" in text_of(step(administrator, person, "give_role", **wanted))


def test_a_guarded_role_waits_for_a_second_administrator(
    administrator: Client, second: Client, world: World
) -> None:
    person = world.inside[Role.PLANNER]
    wanted = {"role": Role.AUDITOR.value, "unit": world.battalion.code}
    refused = step(administrator, person, "give_role", **wanted)
    assert "Say why this person needs the role." in text_of(refused)
    assert "waits for a second administrator" in text_of(
        step(administrator, person, "give_role", **wanted, reason=WHY)
    )
    assert roles_of(person) == {Role.PLANNER}
    request = AccessRequest.objects.get()
    mine = text_of(administrator.get(reverse("access_requests")))
    theirs = text_of(second.get(reverse("access_requests")))
    approve = reverse("approve_request", args=[request.uuid])
    assert (WHY in mine, approve in mine) == (True, False)
    assert (WHY in theirs, approve in theirs) == (True, True)
    second.post(approve)
    assert roles_of(person) == {Role.PLANNER, Role.AUDITOR}
    assert "deputy" in text_of(administrator.get(reverse("access_requests")))


def test_what_was_approved_for_an_unused_account_gives_a_new_link_to_who_approved(
    administrator: Client, second: Client, world: World
) -> None:
    first = link_in(invite(administrator, world, Role.MEDICAL_OFFICER, reason=WHY))
    request = AccessRequest.objects.get()
    answer = second.post(reverse("approve_request", args=[request.uuid]))
    assert Client().get(link_in(answer)).status_code == 200
    assert Client().get(first).status_code == 410
    assert roles_of(user_of_name("aigerim")) == {Role.MEDICAL_OFFICER}


def test_a_request_is_rejected_or_taken_back_and_can_be_made_again(
    administrator: Client, second: Client, world: World
) -> None:
    rejected = a_request(world)
    second.post(reverse("reject_request", args=[rejected.uuid]))
    taken_back = a_request(world)
    administrator.post(reverse("withdraw_request", args=[taken_back.uuid]))
    page = second.post(reverse("approve_request", args=[taken_back.uuid]), follow=True)
    assert "This request was decided already" in text_of(page)
    assert roles_of(world.inside[Role.REPORTER]) == {Role.REPORTER}


def test_a_lost_second_step_is_turned_off_by_two(
    administrator: Client, second: Client, world: World
) -> None:
    person = with_second_step(world.inside[Role.ANALYST])
    here = Client()
    here.force_login(person)
    step(administrator, person, "ask_for_second_step", reason=WHY)
    assert person.authenticator_set.exists()
    second.post(reverse("approve_request", args=[AccessRequest.objects.get().uuid]))
    assert not person.authenticator_set.exists()
    assert here.get("/").status_code == 302


def test_a_new_password_of_a_guarded_account_without_second_step_is_given_by_two(
    administrator: Client, second: Client, world: World
) -> None:
    person = world.inside[Role.MEDICAL_OFFICER]
    refused = step(administrator, person, "make_link")
    assert "A second administrator has to approve this." in text_of(refused)
    step(administrator, person, "ask_for_link", reason=WHY)
    answer = second.post(reverse("approve_request", args=[AccessRequest.objects.get().uuid]))
    link = link_in(answer)
    assert Client().post(link, {"password": SENTENCE, "again": SENTENCE}).status_code == 302


def test_a_closed_account_is_reopened_with_its_roles(administrator: Client, world: World) -> None:
    person = world.inside[Role.PLANNER]
    assert "The account is closed." in text_of(step(administrator, person, "close"))
    assert "This account is closed." in text_of(step(administrator, person, "close"))
    assert "The account is open again" in text_of(step(administrator, person, "reopen"))
    assert roles_of(person) == {Role.PLANNER}


def test_a_name_is_changed_and_changed_back(administrator: Client, world: World) -> None:
    person = world.inside[Role.PLANNER]
    step(administrator, person, "rename", username="Planner.One", display_name="П. Ланов")
    person.refresh_from_db()
    assert (person.username, person.display_name) == ("planner.one", "П. Ланов")
    taken = step(administrator, world.inside[Role.ANALYST], "rename", username="inside.planner")
    assert "or had it before" in text_of(taken)
    step(administrator, person, "rename", username="inside.planner", display_name="")
    person.refresh_from_db()
    assert person.username == "inside.planner"


def test_the_page_of_an_account_says_what_was_done_to_it(
    administrator: Client, world: World
) -> None:
    person = world.inside[Role.PLANNER]
    step(administrator, person, "make_link")
    step(administrator, person, "withdraw_link")
    page = text_of(administrator.get(reverse("user_account", args=[person.uuid])))
    assert "Link to set a password created" in page
    assert "Link to set a password withdrawn" in page


def test_of_an_account_with_roles_elsewhere_only_the_own_roles_are_changed(
    administrator: Client, world: World
) -> None:
    person = world.inside[Role.PLANNER]
    grant_role(user=person, role=Role.ANALYST, unit=world.other_battalion, acting_user=None)
    page = text_of(administrator.get(reverse("user_account", args=[person.uuid])))
    assert "roles in units whose access you do not manage" in page
    assert "BDE-2" not in page
    assert step(administrator, person, "make_link").status_code == 403
    assert step(administrator, person, "close").status_code == 403


def test_units_of_others_cannot_be_reached(administrator: Client, world: World) -> None:
    answer = invite(administrator, world, unit=world.other_battalion.code)
    assert answer.context["form"].errors["unit"]
    assert user_of_name("aigerim") is None
    other = world.outside[Role.PLANNER]
    assert administrator.get(reverse("user_account", args=[other.uuid])).status_code == 404


def test_a_first_password_that_others_know_is_changed_before_anything_else(world: World) -> None:
    person, client = world.inside[Role.PLANNER], Client()
    person.must_change_password = True
    person.set_password(SENTENCE)
    person.save()
    client.force_login(person)
    change = reverse("account_change_password")
    assert client.get("/units/")["Location"] == change
    assert client.get(change).status_code == 200
    new = "another sentence of mine"
    client.post(change, {"oldpassword": SENTENCE, "password1": new, "password2": new})
    assert client.get("/units/").status_code == 200
