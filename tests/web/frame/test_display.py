"""Light, dark, or as the device: chosen without a script."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "attribute"), [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"')]
)
def test_the_choice_is_in_the_next_page(chosen: str, attribute: str) -> None:
    client = Client()
    client.post(reverse("set_theme"), {"theme": chosen})
    assert attribute in client.get(reverse("account_login")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["auto", '"><script>', ""])
def test_anything_else_leaves_it_to_the_device(chosen: str) -> None:
    client = Client()
    client.post(reverse("set_theme"), {"theme": chosen})
    assert "data-bs-theme" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_the_way_back_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post(reverse("set_theme"), {"theme": "dark", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_the_way_back_is_the_page_one_was_on() -> None:
    answer = Client().post(
        reverse("set_theme"), {"theme": "dark", "next": "/incidents/?state=open"}
    )
    assert answer.headers["Location"] == "/incidents/?state=open"
