"""The navigation contains what a person may open, and marks the current page."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.web.frame.navigation import MOST_ENTRIES, Section
from qorgau.web.urls import NAVIGATION
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


def test_only_the_current_page_is_marked(world: World) -> None:
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


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        (Role.REPORTER, ["Today", "Figures"]),
        (Role.SAFETY_OFFICER, ["Today", "Safety", "Figures", "Administration"]),
        (Role.AUDITOR, ["Today", "Safety", "Figures", "Administration"]),
    ],
)
def test_a_person_sees_the_sections_in_which_they_have_work(
    role: str, sections: list[str], world: World
) -> None:
    client = Client()
    client.force_login(world.inside[role])
    assert re.findall(r'class="nav-section"[^>]*>([^<]+)<', lines(client, "/")) == sections


def test_no_section_is_longer_than_a_menu() -> None:
    sections = Counter(entry.section for entry in NAVIGATION)
    assert set(sections) == set(Section)
    assert max(sections.values()) <= MOST_ENTRIES
