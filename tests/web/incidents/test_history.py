"""An incident's page opens after every kind of change, and its history says what was done."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import edit_incident
from qorgau.records.incidents.services.investigation import EDITABLE
from tests.records.acting_users import who_may_everything
from tests.records.further_calls import VARIANTS, other_values
from tests.records.service_calls import CALLS
from tests.world import World

pytestmark = pytest.mark.django_db

INCIDENT_CALLS = {
    name: call for name, call in (CALLS | VARIANTS).items() if name.startswith("incidents.")
}
SENTENCE = re.compile(r"<li><div>(.*?)</div>", re.DOTALL)


def history_on_page(world: World, number: str, language: str = "en") -> list[str]:
    client = Client(headers={"accept-language": language})
    client.force_login(world.inside[Role.MEDICAL_OFFICER])
    answer = client.get(reverse("incident", args=[number]))
    assert answer.status_code == 200
    return SENTENCE.findall(answer.content.decode().partition('<ol class="history">')[2])


@pytest.mark.parametrize("name", sorted(INCIDENT_CALLS))
def test_after_every_service(name: str, world: World) -> None:
    INCIDENT_CALLS[name](world, who_may_everything(world))()
    for incident in Incident.objects.all():
        entries = JournalEntry.objects.filter(subject_uuid=incident.uuid)
        for language in ("kk", "ru", "en"):
            sentences = history_on_page(world, incident.number, language)
            assert len(sentences) == entries.count()
            assert not [text for text in sentences if not text or "incidents." in text]


@pytest.mark.parametrize("field", sorted(EDITABLE))
def test_after_an_edit_of_one_field(field: str, world: World) -> None:
    changes = {field: other_values(world)[field]}
    edit_incident(incident=world.incident, changes=changes, acting_user=None)
    label = Incident._meta.get_field(field).verbose_name
    assert history_on_page(world, world.incident.number)[-1] == f"Changed: {label}"
