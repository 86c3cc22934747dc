"""The attack: learn the number of an incident that one may not open from a merge."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import edit_incident, merge_incidents, undo_merge
from tests.api.calling import Program
from tests.world import World, record_incident

pytestmark = pytest.mark.django_db
UNKNOWN = "2024-7777777"


@pytest.fixture
def hidden(world: World) -> Incident:
    """A confidential incident of the same company, the last that was recorded."""
    incident = record_incident(world.company)
    changes = {"confidentiality": Confidentiality.MEDICAL, "narrative": "Fell off the ladder."}
    return edit_incident(incident=incident, changes=changes, acting_user=None)


@pytest.fixture(params=[Role.COMMANDER, Role.AUDITOR, Role.SAFETY_OFFICER])
def reader(request: pytest.FixtureRequest, world: World) -> Client:
    client = Client()
    world.sign_in(client, world.inside[request.param])
    return client


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.COMMANDER])


def test_its_number_in_a_merge_answers_like_an_unknown_one(world: World, hidden: Incident) -> None:
    officer = Client()
    world.sign_in(officer, world.inside[Role.SAFETY_OFFICER])
    address = reverse("merge_incident", args=[world.incident.number])
    pages = [officer.post(address, {"into": number}) for number in (hidden.number, UNKNOWN)]
    assert [page.status_code for page in pages] == [422, 422]
    for number, page in zip((hidden.number, UNKNOWN), pages, strict=True):
        assert f"There is no incident {number} in your units." in page.content.decode()


def test_what_was_merged_into_it_does_not_name_it(
    reader: Client, program: Program, world: World, hidden: Incident
) -> None:
    """Neither the page, nor its history, nor the API, nor who joins something else to it."""
    merged = merge_incidents(incident=world.incident, into=hidden, acting_user=None)
    address = reverse("incident", args=[merged.number])
    assert hidden.number not in reader.get(address).content.decode()
    assert program.get(f"/incidents/{merged.number}").json()["merged_into"] is None
    with pytest.raises(ValidationError) as refusal:
        merge_incidents(
            incident=record_incident(world.company),
            into=merged,
            acting_user=world.inside[Role.SAFETY_OFFICER],
        )
    assert merged.number in str(refusal.value)
    assert hidden.number not in str(refusal.value)
    undo_merge(incident=merged, reason="Two falls.", acting_user=None)
    before = program.get(f"/incidents/{merged.number}/versions")
    assert before.json()["items"]
    assert hidden.number not in before.content.decode()
    assert hidden.number not in reader.get(address).content.decode()


def test_who_may_open_it_reads_into_which_one(world: World, hidden: Incident) -> None:
    merge_incidents(incident=world.incident, into=hidden, acting_user=None)
    doctor = Client()
    world.sign_in(doctor, world.inside[Role.MEDICAL_OFFICER])
    page = doctor.get(reverse("incident", args=[world.incident.number])).content.decode()
    assert page.count(hidden.number) >= 2, "a link and the history"
    told = Program(world.inside[Role.MEDICAL_OFFICER]).get(f"/incidents/{world.incident.number}")
    assert told.json()["merged_into"] == hidden.number
