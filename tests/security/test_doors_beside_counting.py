"""What tells a count without being one: numbers, cursors, the journal, refusals, lists.

Each test makes confidential incidents that the reader may not open, and looks for a trace of them.
"""

from __future__ import annotations

import base64
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import IncidentDraft, record_incidents
from tests.world import OCCURRED, World, record_incident

pytestmark = pytest.mark.django_db

FORM_TOKEN = re.compile('value="[A-Za-z0-9]{64}"')


def hide(world: World, number: int = 1) -> list[Incident]:
    """Medical incidents of the battalion, between others that everybody may open."""
    draft = IncidentDraft(
        "illness",
        world.company,
        OCCURRED,
        fields={"confidentiality": "medical", "narrative": "Jaundice in the kitchen platoon"},
    )
    return list(record_incidents(drafts=[draft] * number, acting_user=None))


@pytest.fixture
def commander(world: World) -> Client:
    client = Client(headers={"accept-language": "en"})
    world.sign_in(client, world.inside[Role.COMMANDER])
    return client


def test_the_numbers_of_two_incidents_do_not_count_those_between_them(world: World) -> None:
    first = record_incident(world.company)
    hide(world, 5)
    second = record_incident(world.company)
    far = abs(int(first.number[5:]) - int(second.number[5:]))
    assert far != 6
    assert len(first.number) == len("2024-0481903")


def test_the_cursor_of_a_page_holds_no_running_number(commander: Client, world: World) -> None:
    for _each in range(60):
        record_incident(world.company)
    page = commander.get(reverse("incidents")).context["page"]
    cursor = page.next_cursor
    content, _, _signature = cursor.rpartition(".")
    values = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    assert values[-1] == str(page.rows[-1].uuid)
    assert not any(isinstance(value, int) for value in values)
    following = commander.get(reverse("incidents"), {"after": cursor}).context["page"].rows
    assert following
    assert not {row.pk for row in following} & {row.pk for row in page.rows}


def test_lists_searches_and_the_first_screen_stay_the_same(commander: Client, world: World) -> None:
    addresses = [
        reverse("incidents"),
        reverse("incidents") + "?q=jaundice",
        reverse("incidents") + "?kind=illness",
        reverse("places"),
        reverse("overview"),
    ]

    def shown() -> list[str]:
        pages = [commander.get(address).content.decode() for address in addresses]
        # The foot of a page has the time.
        return [page.split("<main")[1].split("<footer")[0] for page in pages]

    before = shown()
    hide(world, 3)
    assert shown() == before


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.AUDITOR, Role.ANALYST])
def test_the_number_of_a_confidential_incident_is_answered_like_one_that_does_not_exist(
    world: World, role: str
) -> None:
    (hidden,) = hide(world)
    client = Client()
    world.sign_in(client, world.inside[role])
    answers = [
        client.get(reverse("incident", args=[number])) for number in (hidden.number, "2024-1111111")
    ]
    first, second = (
        FORM_TOKEN.sub("", answer.content.decode().replace(number, ""))
        for answer, number in zip(answers, (hidden.number, "2024-1111111"), strict=True)
    )
    assert answers[0].status_code == answers[1].status_code == 404
    assert first == second
