"""Adding involved people and their injuries."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import Incident
from tests.world import World

pytestmark = pytest.mark.django_db

INJURY = {
    "body_region": "knee",
    "side": "left",
    "nature": "fracture",
    "intent": "unintentional",
    "outcome": "permanent_partial",
    "treatment": "inpatient",
    "days_away": "30",
    "days_limited": "0",
}


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.inside[role])
    return client


def add_person(world: World, **fields: str) -> str:
    address = reverse("add_involved", args=[world.incident.number])
    person = {"role": "witness", "sex": "unknown", "duty_status": "unknown", **fields}
    client = signed_in(world, Role.SAFETY_OFFICER)
    return client.post(address, person, follow=True).content.decode()


def test_a_person_is_added_by_code(world: World) -> None:
    page = add_person(world, person=world.person.code)
    assert "Witness: P-1" in page
    assert "A person involved was added" in page


@pytest.mark.parametrize("code", ["P-999", "nobody"])
def test_an_unknown_code_is_refused_in_a_sentence(code: str, world: World) -> None:
    assert "Nobody in your units has this code." in add_person(world, person=code)
    assert world.incident.involved.count() == 1


def test_an_injury_changes_the_class_and_stays_out_of_the_journal(world: World) -> None:
    address = reverse("add_injury", args=[world.incident.number, world.involved.uuid])
    page = signed_in(world, Role.MEDICAL_OFFICER).post(address, INJURY, follow=True)
    assert "Fracture: Knee, Left" in page.content.decode()
    assert Incident.objects.get(pk=world.incident.pk).severity_class == "B"
    entries = JournalEntry.objects.filter(subject_uuid=world.incident.uuid)
    assert not [entry for entry in entries if "fracture" in entry.details]


def test_an_impossible_number_of_days_is_refused(world: World) -> None:
    address = reverse("add_injury", args=[world.incident.number, world.involved.uuid])
    page = signed_in(world, Role.MEDICAL_OFFICER).post(address, INJURY | {"days_away": "-3"})
    assert "greater than or equal to 0" in page.content.decode()
    assert world.involved.injuries.count() == 1
