"""A cursor that no page gave out is refused with a problem document, whatever is in it."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.keyset import _signer
from qorgau.records.incidents.models import Incident
from qorgau.records.signals.models import Signal
from tests.api.calling import Program, problem
from tests.world import World

pytestmark = pytest.mark.django_db

UUID = "00000000-0000-4000-8000-000000000001"
MOMENT = "2024-05-06T00:00:00+00:00"
# Each is read without a fault by some field, or is refused there by another error than expected.
FORGED = [
    [MOMENT, UUID],
    ["0001-01-01T00:00:00+23:59", UUID],
    ["9999-12-31T23:59:59-23:59", UUID],
    [MOMENT, 10**30],
    [float("inf"), UUID],
    [float("nan"), float("nan")],
    ["\ud800", "\ud800"],
    ["2024-05-06\x00", "\x00"],
    [[[]], {}],
    [True, False],
    ["2024-05-06T00:00:00", [UUID]],
]
LISTS = ("/incidents", "/signals", "/units", "/areas")


def encoded(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def forged_cursors() -> list[str]:
    cursors = [encoded(values) for values in FORGED]
    cursors += [encoded([10**30]), encoded([float("inf")]), encoded([1.5]), encoded("a")]
    deep = base64.urlsafe_b64encode(b"[" * 1_400).decode()
    signed = _signer(Signal, ["last_week", "id"]).sign(encoded([MOMENT, UUID]))
    return [*cursors, deep, signed, f"{cursors[0]}.{'A' * 43}", "é", "." * 50, "%00"]


@pytest.mark.parametrize("cursor", forged_cursors())
def test_a_forged_cursor_is_refused(cursor: str, world: World) -> None:
    program = Program(world.inside[Role.ANALYST])
    for address in LISTS:
        for name in ("after", "before"):
            if (address, cursor.startswith(encoded([MOMENT, UUID]) + ".")) == ("/signals", True):
                continue
            detail = problem(program.get(address, **{name: cursor}), 400)["detail"]
            assert "Start again from the first page." in detail


def test_a_signed_cursor_of_a_row_that_is_gone_is_refused(world: World) -> None:
    cursor = _signer(Incident, ["occurred_at", "id"]).sign(encoded([MOMENT, UUID]))
    problem(Program(world.inside[Role.ANALYST]).get("/incidents", after=cursor), 400)


@pytest.mark.parametrize("cursor", forged_cursors())
def test_a_page_with_a_forged_cursor_shows_its_first_rows(cursor: str, world: World) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    answer = client.get("/incidents/", {"after": cursor})
    assert answer.status_code == 200
    assert world.incident.number in answer.content.decode()
