"""``qorgau users``: accounts from the machine, and what an operator approves there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from qorgau.cli.main import app
from qorgau.foundation.identity.queries import account_of_name, user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.people.queries import roles_of
from tests.records.account_calls import a_request
from tests.records.acting_users import somebody
from tests.world import World

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["users", *words])


def link_in(result: Result) -> str:
    found = re.search(r"http://localhost:8000(/password/\S+)", result.output)
    assert found, result.output + result.stderr
    return found[1]


def test_a_first_password_has_to_be_changed(world: World) -> None:
    made = run("create", "Aigerim", "--role", "administrator", "--unit", "BDE")
    password = made.output.split()[-1]
    user = user_of_name("aigerim")
    assert user.check_password(password)
    assert user.must_change_password
    assert roles_of(user) == {Role.ADMINISTRATOR}


def test_who_is_invited_at_the_machine_gets_a_link(world: World) -> None:
    made = run("invite", "aigerim", "--role", "analyst", "--unit", "BDE", "--until", "2999-12-31")
    assert Client().get(link_in(made)).status_code == 200
    grant = user_of_name("aigerim").role_grants.get()
    assert grant.valid_until.isoformat() == "3000-01-01"


def test_a_password_is_reset_with_a_link(world: World) -> None:
    assert Client().get(link_in(run("link", "inside.medical_officer"))).status_code == 200


def test_an_account_is_listed_renamed_closed_and_reopened(world: World) -> None:
    assert "inside.planner" in run("list", "PLANNER").output
    assert "analyst" not in run("list", "PLANNER").output
    assert run("rename", "inside.planner", "planner").exit_code == 0
    assert run("close", "planner").exit_code == 0
    assert not account_of_name("planner").is_active
    assert "This account is closed." in run("close", "planner").stderr
    assert run("reopen", "planner").exit_code == 0
    assert user_of_name("planner")
    assert run("end-role", "planner", "--role", "planner", "--unit", "BDE-1").exit_code == 0
    assert roles_of(user_of_name("planner")) == set()


def test_the_last_administrator_stays(world: World) -> None:
    for words in (
        ("close", "inside.administrator"),
        ("end-role", "inside.administrator", "--role", "administrator", "--unit", "BDE-1"),
    ):
        refused = run(*words)
        assert refused.exit_code == 1
        assert "Nobody else manages access in BDE-1." in refused.stderr


def test_an_operator_approves_where_there_is_no_second_administrator(world: World) -> None:
    request = a_request(world)
    number = request.uuid.hex[:8]
    assert number in run("requests").output
    assert "Missing option" in run("approve", number).stderr
    assert "waits" in run("approve", "00000000", "--as", "Asan").stderr
    deputy = somebody(world.battalion, [Role.ADMINISTRATOR], name="deputy")
    assert "second administrator" in run("approve", number, "--as", "Asan").stderr
    deputy.role_grants.all().delete()
    assert run("approve", number, "--as", "Asan").exit_code == 0
    assert Role.AUDITOR in roles_of(world.inside[Role.REPORTER])
    approved = JournalEntry.objects.get(action="people.request_approved")
    assert (approved.actor_kind, '"operator":"Asan"' in approved.details) == ("system", True)
