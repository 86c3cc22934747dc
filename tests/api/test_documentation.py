"""docs/api.md: every example gives its answer, and every operation is in the table."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qorgau.foundation.identifiers import receipt_code_for
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.services import grant_role
from tests.api.calling import token_of
from tests.api.operations import OPERATIONS
from tests.world import SUBMISSION_KEY, World

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PAIR = re.compile(r"^```http\n(.*?)^```\n+^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANYTHING = "…"


@dataclass(frozen=True)
class Example:
    request: str
    answer: str


EXAMPLES = [Example(*pair) for pair in PAIR.findall(PAGE)]


def send(example: Example, world: World) -> Any:
    """Send the request from the page as a user who may do everything in it."""
    user = User.objects.create(username="program")
    for role in (Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST):
        grant_role(user=user, role=role, unit=world.brigade, acting_user=None)
    named = {
        "SIGNAL": str(world.signal.uuid),
        "RECEIPT": receipt_code_for(SUBMISSION_KEY),
    }
    head, _gap, body = example.request.partition("\n\n")
    for name, value in named.items():
        head = head.replace(name, value)
    (method, address), *headers = (line.split(" ", 1) for line in head.strip().splitlines())
    sent = {name.rstrip(":"): value for name, value in headers}
    sent["Authorization"] = f"Bearer {token_of(user)}"
    if method == "GET":
        return Client().get(address, headers=sent)
    return Client().post(address, body, content_type="application/json", headers=sent)


def assert_holds(documented: Any, answer: Any) -> None:
    """Everything on the page is in the answer; the page may leave out the rest."""
    if documented == ANYTHING:
        assert answer
    elif isinstance(documented, dict):
        assert set(documented) <= set(answer)
        for name, value in documented.items():
            assert_holds(value, answer[name])
    elif isinstance(documented, list):
        assert len(documented) == len(answer)
        for one, other in zip(documented, answer, strict=True):
            assert_holds(one, other)
    else:
        assert documented == answer


def test_there_are_examples_of_reading_sending_and_refusing() -> None:
    methods = [example.request.split()[0] for example in EXAMPLES]
    assert len(methods) == PAGE.count("```http")
    assert {"GET", "POST"} <= set(methods)


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.request.split()[1] for e in EXAMPLES])
def test_the_example_is_answered_as_documented(example: Example, world: World) -> None:
    documented = json.loads(example.answer)
    response = send(example, world)
    assert response.status_code == documented.get("status", 200)
    assert_holds(documented, response.json())


def test_the_table_names_every_operation_and_no_other() -> None:
    named = re.findall(r"^\| `((?:GET|POST) /[^`]*)` \|", PAGE, re.MULTILINE)
    assert named == list(OPERATIONS)
