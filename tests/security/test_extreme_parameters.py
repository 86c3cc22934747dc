"""Every parameter of every operation and page at its extremes: a bounded answer or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.api.urls import api
from qorgau.foundation.identity.roles import Role
from tests.api.calling import ROOT, Program
from tests.api.operations import OPERATIONS
from tests.how_long import how_many
from tests.web.batteries.pages import PAGES
from tests.world import World

pytestmark = pytest.mark.django_db

# The small register has a dozen rows: what is larger than this grows with a parameter.
MOST_BYTES = 500_000
# Every run takes the first of each.
DAYS = how_many(
    ("0001-01-01", "9999-12-31"), ("0001-01-01", "9999-12-31", "1800-01-01", "2999-12-31")
)
NUMBERS = how_many(
    (str(2**63),),
    (str(2**63), *("-1", "0", "9", "104", "200", "520"), str(2**31), str(10**40), "1e400", "NaN"),
)
TEXTS = how_many(("\x00",), ("\x00", "%", "_" * 1_000, "\u202e", "\U0010ffff" * 200))
READ = sorted(name for name in OPERATIONS if name.startswith("GET "))


def extremes(description: dict[str, Any]) -> tuple[str, ...]:
    """Values for one parameter of the description, most of them outside of what it allows."""
    kinds = [description, *description.get("anyOf", [])]
    if any(kind.get("format") == "date" for kind in kinds):
        return DAYS
    if any(kind.get("format") == "date-time" for kind in kinds):
        return tuple(f"{day}T23:59:59{zone}" for day in DAYS for zone in ("-23:59", "%2B23:59"))
    if any(kind.get("type") in ("integer", "number") for kind in kinds):
        return NUMBERS
    return TEXTS


def parameters_of(name: str) -> dict[str, tuple[str, ...]]:
    method, address = name.split(" ")
    operation = api.get_openapi_schema()["paths"][ROOT + address][method.lower()]
    return {
        one["name"]: extremes(one["schema"])
        for one in operation.get("parameters", [])
        if one["in"] == "query"
    }


def queries(name: str) -> Iterator[dict[str, str]]:
    """Each value alone, and the widest of all at once."""
    parameters = parameters_of(name)
    for parameter, values in parameters.items():
        yield from ({parameter: value} for value in values)
    numbers = {n: "9" for n, values in parameters.items() if values is NUMBERS}
    for since in DAYS:
        yield {**numbers, **({"since": since} if "since" in parameters else {})} | (
            {"until": "2999-12-31"} if "until" in parameters else {}
        )


@pytest.mark.parametrize("name", READ)
def test_every_operation_with_extreme_values(name: str, world: World) -> None:
    program = Program(world.inside[Role.ANALYST])
    address, _, given = OPERATIONS[name].address(world).partition("?")
    usual = dict(pair.split("=") for pair in given.split("&") if pair)
    for query in queries(name):
        answer = program.get(address, **(usual | query))
        assert answer.status_code < 500, query
        assert len(answer.content) < MOST_BYTES, query
        if answer.status_code >= 400:
            assert answer.json()["detail"], query


def fields_of(text: str) -> dict[str, tuple[str, ...]]:
    """The fields of the forms that a page asks itself with, and the parameters of its links."""
    found: dict[str, tuple[str, ...]] = {"after": TEXTS, "before": TEXTS}
    for form in re.findall(r'<form[^>]*method="get".*?</form>', text, re.S | re.I):
        for field in re.findall(r"<(?:input|select)[^>]*>", form):
            name = re.search(r'name="([^"]+)"', field)
            if name:
                found[name[1]] = DAYS if 'type="date"' in field else (*NUMBERS, *TEXTS)
    for name in re.findall(r"[?;]([a-z_]+)=", text):
        found.setdefault(name, (*DAYS, *NUMBERS[:4], *TEXTS))
    return found


@pytest.mark.parametrize("name", sorted(n for n, page in PAGES.items() if page.posted is None))
def test_every_page_with_extreme_values(name: str, world: World) -> None:
    page = PAGES[name]
    role = min(page.roles & {Role.SAFETY_OFFICER, Role.AUDITOR} or page.roles or set(Role))
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(world.inside[role])
    address = reverse(name, kwargs=page.arguments(world) if page.arguments else {})
    usual = page.query(world) if page.query else {}
    plain = client.get(address, usual)
    if plain.status_code != 200 or "html" not in plain["Content-Type"]:
        return
    fields = fields_of(plain.content.decode())
    asked = [{field: value} for field, values in fields.items() for value in values]
    if {"since", "until"} <= set(fields):
        asked += [{"since": since, "until": until} for since in DAYS for until in DAYS]
    for query in asked:
        answer = client.get(address, usual | query)
        assert answer.status_code < 500, query
        assert answer.streaming or len(answer.content) < MOST_BYTES, query
