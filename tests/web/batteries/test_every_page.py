"""Every page, tried without an account and by every role in the right and in another unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qorgau.foundation.identity.roles import Capability, Role, roles_with
from tests.web.batteries.pages import EVERYBODY, PAGES, READS_INCIDENTS
from tests.web.batteries.trying import answer_to, answers_to, open_page, page_addresses
from tests.world import FAMILY_NAME, MEDICAL_CODE, World, roles_tried

pytestmark = pytest.mark.django_db

BUDGETS = Path(__file__).with_name("queries.json")
SEES_IDENTITIES = {Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER}
SEES_MEDICAL = {Role.MEDICAL_OFFICER}
LANGUAGES = ("kk", "ru", "en")
# Anybody may choose the theme of the pages; that needs no account and leads back.
LEADS_BACK = {"set_theme", "set_language"}

WRITES = sorted(name for name, page in PAGES.items() if page.posted is not None and page.roles)
READINGS = sorted(name for name, page in PAGES.items() if page.posted is None and page.roles)
each_page = pytest.mark.parametrize("name", sorted(PAGES))
each_write = pytest.mark.parametrize("name", WRITES)
each_reading = pytest.mark.parametrize("name", READINGS)


def test_every_address_is_declared() -> None:
    assert page_addresses() == set(PAGES)


def test_the_declaration_agrees_with_the_roles() -> None:
    """The declaration is written by hand; who may read incidents is the register's own rule."""
    assert set(roles_with(Capability.SEE_INCIDENTS)) == READS_INCIDENTS
    assert set(roles_with(Capability.SEE_IDENTITIES)) == SEES_IDENTITIES
    assert set(roles_with(Capability.SEE_MEDICAL)) == SEES_MEDICAL


@each_page
def test_nobody_signed_in(name: str, world: World) -> None:
    answer = answer_to(Client(), name, world)
    assert answer.status == PAGES[name].anonymous
    if answer.status == 302 and name not in LEADS_BACK:
        assert answer.location.startswith(reverse("account_login"))
    assert answer.rows_written == 0


@each_page
def test_every_role_in_the_right_unit(name: str, world: World) -> None:
    page = PAGES[name]
    found = answers_to(name, world, world.inside)
    wanted = {role: page.answer_for(role) for role in roles_tried(page.roles)}
    assert {role: answer.status for role, answer in found.items()} == wanted
    for role, answer in found.items():
        assert role in page.roles or answer.rows_written == 0, role
        assert role in SEES_IDENTITIES or FAMILY_NAME not in answer.text, role
        assert role in SEES_MEDICAL or MEDICAL_CODE not in answer.text, role


@each_page
def test_every_role_in_another_unit(name: str, world: World) -> None:
    page = PAGES[name]
    allowed = 404 if page.is_about_a_record else page.answer
    found = answers_to(name, world, world.outside)
    comes_in = page.roles | page.hidden_from
    tried = roles_tried(page.roles)
    wanted = {role: allowed if role in comes_in else page.refusal for role in tried}
    assert {role: answer.status for role, answer in found.items()} == wanted
    # A person who tries the address of an incident knows its number, so the page may repeat it.
    known = {world.incident.number} if page.is_about_a_record else set()
    for role, answer in found.items():
        assert not answer.holds_any(set(world.secrets) - known), role
        may_write = role in page.roles and not page.is_about_a_record
        assert may_write or answer.rows_written == 0, role


@pytest.mark.one_database
@each_write
def test_a_form_from_another_site_is_refused(name: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    world.sign_in(client, world.inside[min(PAGES[name].roles)])
    answer = answer_to(client, name, world)
    assert (answer.status, answer.rows_written) == (403, 0)


@pytest.mark.one_database
@each_reading
def test_speaks_three_languages(name: str, world: World) -> None:
    client = Client()
    if PAGES[name].anonymous != 200:
        world.sign_in(client, world.inside[min(PAGES[name].roles)])
    for language in LANGUAGES:
        client.cookies["django_language"] = language
        response = open_page(client, name, world)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and response.content:
            assert f'lang="{language}"' in response.content.decode()


def queries_of(client: Client, name: str, world: World) -> int:
    with CaptureQueriesContext(connection) as captured:
        open_page(client, name, world)
    return len(captured)


@pytest.mark.one_database
@each_reading
def test_queries_stay_within_the_budget(name: str, world: World, rewrite_budgets: bool) -> None:
    """They do not grow with the rows either. Rewrite with --rewrite-budgets, in one process."""
    client = Client()
    world.sign_in(client, world.inside[min(PAGES[name].roles)])
    # The first time, what this process remembers is asked for as well.
    open_page(client, name, world)
    count = queries_of(client, name, world)
    budgets = json.loads(BUDGETS.read_text(encoding="utf-8")) if BUDGETS.exists() else {}
    if rewrite_budgets:
        budgets = {key: value for key, value in budgets.items() if key in PAGES} | {name: count}
        BUDGETS.write_text(json.dumps(budgets, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert count <= budgets.get(name, 0), f"{name} asks the database {count} times"
    for _again in range(4):
        world.incident_again()
        world.report_again()
    assert queries_of(client, name, world) <= count, f"{name}: each row costs a query"


@pytest.mark.urls("tests.records.places.admin_addresses")
@pytest.mark.parametrize("name", ["admin:index", "admin:places_area_changelist"])
def test_the_admin_s_pages_are_only_for_staff(name: str, world: World) -> None:
    client = Client()
    for role in roles_tried(EVERYBODY):
        client.force_login(world.inside[role])
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("admin:login"))
