"""The first page answers the question of the role."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.identity.services import create_user
from qorgau.records.incidents.services import close_incident, close_report
from qorgau.records.signals.services import triage_signal
from tests.records.account_calls import a_request
from tests.world import PASSWORD, World, find_rise

pytestmark = pytest.mark.django_db


def first_screen(world: World, role: str) -> str:
    client = Client()
    client.force_login(world.inside[role])
    return client.get("/").content.decode()


def test_a_safety_officer_sees_what_to_do_today(world: World) -> None:
    page = first_screen(world, Role.SAFETY_OFFICER)
    assert "Waiting for your decision" in page
    assert "report to triage" in page
    assert "incident not yet under investigation" in page
    assert "incident open for more than 30 days" in page
    assert "new signal to decide on" in page
    assert f'href="/signals/{world.signal.uuid}/"' in page


def test_the_urgent_comes_first(world: World) -> None:
    world.report.reported_at = clock.now() - dt.timedelta(hours=49)
    world.report.save()
    page = first_screen(world, Role.SAFETY_OFFICER)
    assert page.index("1 has been waiting for more than 48 hours.") < page.index(
        "not yet under investigation"
    )


def test_without_work_the_page_says_so(world: World) -> None:
    close_report(report=world.report, reason="test", acting_user=None)
    close_incident(incident=world.incident, finding="Gritted.", acting_user=None)
    triage_signal(
        signal=world.signal,
        to="dismissed",
        reason="A form counted twice.",
        acting_user=world.inside[Role.SAFETY_OFFICER],
    )
    assert "Nothing to do right now." in first_screen(world, Role.SAFETY_OFFICER)


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.ANALYST])
def test_a_reader_of_rates_sees_the_rate_the_rises_and_the_overdue_incidents(
    role: str, world: World
) -> None:
    # A commander sees what rises among the incidents that are not confidential.
    find_rise(world.battalion, counted="plain")
    page = first_screen(world, role)
    assert "Injuries in the last 4 weeks" in page
    assert "What is rising" in page
    assert "Expected: 2.5" in page
    assert "incident open for more than 30 days" in page
    assert "report to triage" not in page


def test_an_auditor_sees_the_state_of_the_journal(world: World) -> None:
    assert "Read and verify it" in first_screen(world, Role.AUDITOR)


def test_a_reporter_sees_how_to_report_and_what_happened_to_reports(world: World) -> None:
    page = first_screen(world, Role.REPORTER)
    assert "Send a report" in page
    assert "A lorry rolled back" in page
    assert "Waiting for your decision" not in page


def test_an_administrator_sees_who_waits_for_access_and_whether_the_machine_is_healthy(
    world: World,
) -> None:
    a_request(world, asked_by=world.inside[Role.ANALYST])
    world.inside[Role.PLANNER].role_grants.update(valid_until=clock.today() + dt.timedelta(days=3))
    page = first_screen(world, Role.ADMINISTRATOR)
    assert "request to decide" in page
    assert "accounts with a guarded role and without a second step" in page
    assert "role that ends within two weeks" in page
    assert "Free on the disk of the data" in page
    client = Client()
    client.force_login(world.inside[Role.ADMINISTRATOR])
    ending = client.get("/access/?state=ending").content.decode()
    assert ("inside.planner" in ending, "inside.analyst" in ending) == (True, False)
    bare = client.get("/access/?state=no-second-step").content.decode()
    assert ("inside.auditor" in bare, "inside.analyst" in bare) == (True, False)


def test_a_user_without_a_role_learns_what_to_do(world: World) -> None:
    newcomer = create_user(username="newcomer", password=PASSWORD, acting_user=None)
    client = Client()
    client.force_login(newcomer)
    assert "Ask your administrator to add you" in client.get("/").content.decode()
