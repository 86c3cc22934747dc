"""The navigation holds what a person may open, and shows where they are."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from tests.world import World

pytestmark = pytest.mark.django_db


def lines(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    found = re.search(r"<nav .*?</nav>", page, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.REPORTER, ["report", "my_reports"], ["incidents", "triage", "journal", "accounts"]),
        (Role.SAFETY_OFFICER, ["incidents", "triage"], ["journal", "accounts"]),
        (Role.AUDITOR, ["journal", "incidents"], ["triage", "accounts"]),
        (Role.ADMINISTRATOR, ["accounts"], ["incidents", "triage", "journal"]),
    ],
)
def test_by_role(role: str, shown: list[str], hidden: list[str], world: World) -> None:
    client = Client()
    client.force_login(world.inside[role])
    found = lines(client, "/")
    for name in shown:
        assert f'href="{reverse(name)}"' in found
    for name in hidden:
        assert f'href="{reverse(name)}"' not in found


def test_the_page_one_is_on_is_marked_and_no_other(world: World) -> None:
    client = Client()
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    found = lines(client, reverse("incident", args=[world.incident.number]))
    assert re.findall(r'href="([^"]*)" aria-current="page"', found) == [reverse("incidents")]


def test_synthetic_units_mark_every_page(world: World) -> None:
    client = Client()
    client.force_login(world.inside[Role.REPORTER])
    assert "Synthetic data" not in client.get(reverse("report")).content.decode()
    world.company.is_synthetic = True
    world.company.save()
    assert "Synthetic data" in client.get(reverse("report")).content.decode()
