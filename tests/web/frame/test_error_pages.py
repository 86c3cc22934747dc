"""Error pages: what happened, what was saved, what to do."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qorgau.foundation.identity.roles import Role
from tests.world import World

pytestmark = pytest.mark.django_db


def test_an_unknown_address(world: World) -> None:
    answer = Client().get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()


def test_not_for_this_role(world: World) -> None:
    client = Client()
    client.force_login(world.inside[Role.REPORTER])
    answer = client.get(reverse("triage"))
    assert answer.status_code == 403
    assert "ask your administrator for a role" in answer.content.decode()


def test_a_form_that_cannot_be_matched() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("receipt"), {"code": "x"})
    assert answer.status_code == 403
    assert "reload the page and send again" in answer.content.decode()


def test_a_request_that_is_too_large(settings: object) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3  # type: ignore[attr-defined]
    answer = Client().post(reverse("receipt"), {f"field{n}": "x" for n in range(5)})
    assert answer.status_code == 400
    assert "incomplete or too large" in answer.content.decode()


def test_an_error_page_says_what_was_saved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(user: object) -> None:
        raise RuntimeError("made to fail by the test")

    monkeypatch.setattr("qorgau.web.triage.pages.reports_to_triage", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    answer = client.get(reverse("triage"))
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "either saved in full or not at all" in text
    assert "made to fail" not in text


@pytest.mark.parametrize("template", ["400.html", "404.html", "500.html"])
def test_no_page_needs_a_context(template: str) -> None:
    """When much is broken, these pages still need almost nothing."""
    with translation.override("en"):
        assert "<h1>" in render_to_string(template)
