"""The page of earlier versions: what it was before each change, as far as the role opens it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import IncidentRevision
from qorgau.records.incidents.services import edit_incident
from qorgau.web.incidents import versions
from tests.records.further_calls import other_values
from tests.world import FAMILY_NAME, MEDICAL_CODE, World

pytestmark = pytest.mark.django_db
MISSING = "Some earlier versions are not here"


def opened(world: World, role: Role, address: str = "", language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(world.inside[role])
    page = reverse("incident_versions", args=[world.incident.number])
    answer = client.get(address or page)
    assert answer.status_code == 200
    return answer.content.decode()


def edit(world: World, **changes: object) -> None:
    edit_incident(incident=world.incident, changes=changes, acting_user=None)


def test_an_unchanged_incident_has_none_and_no_link(world: World) -> None:
    page = opened(world, Role.COMMANDER)
    assert "Nothing has been changed since the incident was recorded." in page
    assert MISSING not in page
    incident = reverse("incident", args=[world.incident.number])
    assert "/versions/" not in opened(world, Role.COMMANDER, incident)


def test_what_it_said_before_the_change(world: World) -> None:
    before = world.incident.narrative
    edit(world, narrative="Nothing happened.", cause="exertion.running")
    incident = opened(world, Role.COMMANDER, reverse("incident", args=[world.incident.number]))
    assert "/versions/" in incident
    assert before not in incident
    page = opened(world, Role.COMMANDER)
    changed = page.partition("Before the change")[2].partition("Everything in this version")[0]
    assert before in changed
    assert "Slip or trip on the same level" in changed
    assert "Nothing happened." not in page
    assert MISSING not in page
    assert FAMILY_NAME not in page


def test_people_and_injuries_are_for_who_may_see_them(world: World) -> None:
    edit(world, place="The gate")
    told = {role: opened(world, role) for role in (Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER)}
    assert [FAMILY_NAME in page for page in told.values()] == [True, True]
    assert [MEDICAL_CODE in page for page in told.values()] == [False, True]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_field_in_three_languages(language: str, world: World) -> None:
    values = other_values(world)
    for name in set(values) - {"confidentiality", "unit"}:
        edit(world, **{name: values[name]})
    page = opened(world, Role.SAFETY_OFFICER, language=language)
    assert page.count("<section") == len(values) - 2
    edit(world, unit=world.battalion)
    assert "BDE-1-1" in opened(world, Role.SAFETY_OFFICER, language=language)


def test_a_version_that_the_role_does_not_open_is_left_out(world: World) -> None:
    edit(world, confidentiality="medical", narrative="A heart attack.")
    edit(world, confidentiality="plain", narrative="He fell ill.")
    page = opened(world, Role.COMMANDER)
    assert "A heart attack." not in page
    assert "<h2>Version 1</h2>" in page
    assert "<h2>Version 2</h2>" not in page
    assert MISSING in page
    assert "A heart attack." in opened(world, Role.MEDICAL_OFFICER)


def test_versions_that_an_old_register_did_not_keep_are_said_to_be_missing(world: World) -> None:
    edit(world, place="The gate")
    IncidentRevision.objects.all().delete()
    page = opened(world, Role.COMMANDER)
    assert MISSING in page
    assert "Nothing has been changed" not in page


def test_many_versions_come_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "VERSIONS_PER_PAGE", 2)
    for place in ("A1", "A2", "A3"):
        edit(world, place=place)
    first = opened(world, Role.COMMANDER)
    assert "<h2>Version 3</h2>" in first
    assert "<h2>Version 1</h2>" not in first
    address = first.partition('rel="next" href="')[2].partition('"')[0]
    second = opened(
        world,
        Role.COMMANDER,
        reverse("incident_versions", args=[world.incident.number]) + address.replace("&amp;", "&"),
    )
    assert "<h2>Version 1</h2>" in second
    changed = second.partition("Before the change")[2].partition("Everything in this version")[0]
    assert changed.count("<dt>") == 1
