"""The pages of incidents: search, reading by role, editing, and the next steps."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import close_incident
from tests.world import FAMILY_NAME, World, record_incident

pytestmark = pytest.mark.django_db


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.inside[role])
    return client


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world, Role.SAFETY_OFFICER)


def listed(client: Client, **conditions: str) -> list[str]:
    page = client.get(reverse("incidents"), conditions).content.decode()
    return re.findall(r'href="/incidents/(\d{4}-\d+)/"', page)


@pytest.mark.parametrize(
    ("conditions", "is_found"),
    [
        ({"q": "ICE by the"}, True),
        ({"q": "no such words"}, False),
        ({"kind": "injury"}, True),
        ({"kind": "hazard"}, False),
        ({"cause": "fall"}, True),
        ({"cause": "transport"}, False),
        ({"severity": "C"}, True),
        ({"severity": "С"}, True),  # a Cyrillic letter
        ({"severity": "с"}, True),
        ({"severity": "A"}, False),
        ({"severity": "А"}, False),
        ({"state": "open"}, True),
        ({"state": "closed"}, False),
        ({"since": "2024-05-06", "until": "2024-05-06"}, True),
        ({"since": "2024-05-07"}, False),
        ({"since": "no day"}, True),
    ],
)
def test_conditions(
    conditions: dict[str, str], is_found: bool, officer: Client, world: World
) -> None:
    assert (world.incident.number in listed(officer, **conditions)) is is_found


def test_a_number_finds_its_incident_alone(officer: Client, world: World) -> None:
    record_incident(world.company)
    assert listed(officer, q=world.incident.number) == [world.incident.number]


def test_pages_hold_every_incident_once_and_keep_the_conditions(
    officer: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qorgau.web.incidents.pages.ROWS_PER_PAGE", 3)
    for _number in range(6):
        record_incident(world.company)
    seen, address = [], reverse("incidents") + "?kind=injury"
    for _page in range(3):
        page = officer.get(address).content.decode()
        seen += re.findall(r'href="/incidents/(\d{4}-\d+)/"', page)
        following = re.search(r'rel="next" href="(\?[^"]+)"', page)
        if following is None:
            break
        address = reverse("incidents") + following[1].replace("&amp;", "&")
        assert "kind=injury" in address
    assert len(seen) == len(set(seen)) == 7


def test_an_empty_result_says_what_to_do_next(officer: Client) -> None:
    page = officer.get(reverse("incidents"), {"q": "no such words"}).content.decode()
    assert "Remove a filter, or show all." in page


@pytest.mark.parametrize(
    ("role", "sees_names", "sees_injuries"),
    [
        (Role.MEDICAL_OFFICER, True, True),
        (Role.SAFETY_OFFICER, True, False),
        (Role.COMMANDER, False, False),
    ],
)
def test_only_permitted_roles_see_names_and_injuries(
    role: str, sees_names: bool, sees_injuries: bool, world: World
) -> None:
    page = signed_in(world, role).get(reverse("incident", args=[world.incident.number]))
    text = page.content.decode()
    assert "1 person hurt" in text
    assert (FAMILY_NAME in text) is sees_names
    assert ("Days away" in text) is sees_injuries


def test_the_class_shows_its_basis(officer: Client, world: World) -> None:
    page = officer.get(reverse("incident", args=[world.incident.number])).content.decode()
    assert "Class C, by the injuries" in page


def form_of(client: Client, world: World) -> dict[str, str]:
    """The fields of the edit form as a browser would send them."""
    page = client.get(reverse("edit_incident", args=[world.incident.number]))
    form = page.context["form"]
    values = {field.html_name: field.value() for field in form}
    values["occurred_at"] = values["occurred_at"].strftime("%Y-%m-%dT%H:%M")
    return {name: "" if value is None else str(value) for name, value in values.items()}


def save(client: Client, world: World, fields: dict[str, str]) -> str:
    address = reverse("edit_incident", args=[world.incident.number])
    return client.post(address, fields, follow=True).content.decode()


def test_an_edit_is_saved_and_is_in_the_history(officer: Client, world: World) -> None:
    fields = form_of(officer, world) | {"weather": "black ice"}
    page = save(officer, world, fields)
    assert "Saved." in page
    assert "Changed:" in page
    assert "– → black ice" in page
    assert Incident.objects.get(pk=world.incident.pk).weather == "black ice"


def test_after_an_edit_of_the_narrative_the_history_names_the_field_alone(
    officer: Client, world: World
) -> None:
    fields = form_of(officer, world) | {"narrative": "Slipped on the ice, and said so to Akhmetov."}
    save(officer, world, fields)
    answer = officer.get(reverse("incident", args=[world.incident.number]))
    history = answer.content.decode().partition("<h2>History</h2>")[2]
    assert answer.status_code == 200
    assert "Changed: what happened" in history
    assert "Akhmetov" not in history


def test_the_second_of_two_who_edit_is_refused_and_keeps_what_they_typed(
    officer: Client, world: World
) -> None:
    fields = form_of(officer, world)
    save(officer, world, fields | {"weather": "black ice", "activity": "guard"})
    page = save(officer, world, fields | {"weather": "fog"})
    assert "Someone else changed this record while you were editing it." in page
    assert 'value="fog"' in page
    assert re.search(r"<td[^>]*>black ice</td><td[^>]*>fog</td>", page)
    assert Incident.objects.get(pk=world.incident.pk).weather == "black ice"


def test_a_person_who_saw_the_newer_version_may_overwrite_it(officer: Client, world: World) -> None:
    fields = form_of(officer, world)
    save(officer, world, fields | {"weather": "black ice"})
    page = save(officer, world, fields | {"weather": "fog"})
    newer = re.search(r'name="seen_version" value="(\d+)"', page)
    assert newer
    save(officer, world, fields | {"weather": "fog", "seen_version": newer[1]})
    assert Incident.objects.get(pk=world.incident.pk).weather == "fog"


def test_a_future_time_is_refused_in_a_sentence(officer: Client, world: World) -> None:
    page = save(officer, world, form_of(officer, world) | {"occurred_at": "2999-01-01T00:00"})
    assert "This time is in the future." in page


def step(client: Client, world: World, name: str, **fields: str) -> str:
    address = reverse(f"{name}_incident", args=[world.incident.number])
    return client.post(address, fields, follow=True).content.decode()


def state_of(world: World) -> str:
    return Incident.objects.get(pk=world.incident.pk).state


def test_from_triage_to_closing_and_back(officer: Client, world: World) -> None:
    step(officer, world, "investigate")
    step(officer, world, "endorse", finding="The gate was not gritted.")
    step(officer, world, "return", reason="Who keeps the list of gates?")
    step(officer, world, "endorse", finding="Nobody keeps a list of gates.")
    page = step(officer, world, "close", finding="Nobody keeps a list of gates.")
    assert state_of(world) == "closed"
    assert "Who keeps the list of gates?" in page
    step(officer, world, "reopen", reason="A second fall at the gate.")
    assert state_of(world) == "under_investigation"


def test_a_step_that_is_not_allowed_is_refused_and_changes_nothing(
    officer: Client, world: World
) -> None:
    close_incident(incident=world.incident, finding="Gritted.", acting_user=None)
    page = step(officer, world, "close", finding="Once more.")
    assert "is now “Closed”, so you can no longer do this" in page
    assert Incident.objects.get(pk=world.incident.pk).finding == "Gritted."


def test_closing_requires_a_finding(officer: Client, world: World) -> None:
    page = step(officer, world, "close", finding="")
    assert "This field is required." in page
    assert state_of(world) == "triaged"


def test_merging_leads_to_the_remaining_incident(officer: Client, world: World) -> None:
    other = record_incident(world.company)
    page = step(officer, world, "merge", into=other.number)
    assert "This is the same event as" in page
    assert f'href="{reverse("incident", args=[other.number])}"' in page


@pytest.mark.parametrize("number", ["2099-000001", "abc"])
def test_merging_into_a_missing_incident_is_refused(
    number: str, officer: Client, world: World
) -> None:
    assert f"There is no incident {number} in your units." in step(
        officer, world, "merge", into=number
    )


def test_an_incident_of_another_battalion_cannot_be_merged_into(
    officer: Client, world: World
) -> None:
    elsewhere = record_incident(world.other_battalion)
    page = step(officer, world, "merge", into=elsewhere.number)
    assert f"There is no incident {elsewhere.number} in your units." in page
    assert state_of(world) == "triaged"


def test_a_merge_is_undone_with_a_reason(officer: Client, world: World) -> None:
    step(officer, world, "investigate")
    page = step(officer, world, "merge", into=world.incident_again().number)
    assert "Undo the merge" in page
    assert "This field is required." in step(officer, world, "unmerge")
    page = step(officer, world, "unmerge", reason="Two falls on one day.")
    assert state_of(world) == "under_investigation"
    assert "Two falls on one day." in page
    assert "unmerge/" not in page
