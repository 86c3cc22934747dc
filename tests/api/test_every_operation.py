"""Every operation, tried without a token and by every role in the right and in another unit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qorgau.api.sign_in import BearerToken
from qorgau.api.urls import api
from qorgau.foundation.identifiers import receipt_code_for
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from tests.api.calling import ROOT, Program
from tests.api.operations import COUNTS_EXACTLY, OPERATIONS, READS_SAFETY
from tests.world import FAMILY_NAME, MEDICAL_CODE, SUBMISSION_KEY, World, roles_tried

pytestmark = pytest.mark.django_db

BUDGETS = Path(__file__).with_name("queries.json")
each_operation = pytest.mark.parametrize("name", OPERATIONS)
# A user who reads signals reaches the address of a decision and learns that they may not decide.
SEES_THE_SIGNAL = READS_SAFETY


def ready(program: Program, name: str, world: World) -> Callable[[], Any]:
    """The call of an operation, with all its names resolved."""
    operation = OPERATIONS[name]
    address = operation.address(world)
    if operation.body is not None:
        body = operation.body(world)
        return lambda: program.post(address, body)
    code = receipt_code_for(SUBMISSION_KEY)
    return lambda: program.get(address, headers={"Receipt-Code": code})


def call(program: Program, name: str, world: World) -> Any:
    """The answer of an operation; all its changes are undone."""
    send = ready(program, name, world)
    with transaction.atomic():
        response = send()
        response.rows_written = JournalEntry.objects.count()
        transaction.set_rollback(True)
    return response


def answers(name: str, world: World, users: dict[str, User]) -> dict[str, Any]:
    tried = roles_tried(OPERATIONS[name].roles)
    return {role: call(Program(users[role]), name, world) for role in tried}


def test_every_operation_is_declared() -> None:
    schema = api.get_openapi_schema()
    declared = {
        f"{method.upper()} {address.removeprefix(ROOT)}"
        for address, methods in schema["paths"].items()
        for method in methods
    }
    assert declared == set(OPERATIONS)


def test_every_operation_except_the_receipt_requires_a_token_with_a_capability() -> None:
    """Denied unless granted: there can be no operation without a token by mistake."""
    open_to_all = set()
    for bound in api._get_bound_routers():
        for address, view in bound.path_operations.items():
            for operation in view.operations:
                if not any(isinstance(one, BearerToken) for one in operation.auth_callbacks):
                    open_to_all.add(address)
    assert open_to_all == {"/receipt"}


@each_operation
def test_nobody_signed_in(name: str, world: World) -> None:
    rows = JournalEntry.objects.count()
    response = call(Program(), name, world)
    assert response.status_code == OPERATIONS[name].anonymous
    assert response.rows_written == rows


@each_operation
def test_every_role_in_the_right_unit(name: str, world: World) -> None:
    operation = OPERATIONS[name]
    rows = JournalEntry.objects.count()
    found = answers(name, world, world.inside)
    wanted = {role: 200 if role in operation.roles else 403 for role in Role.values}
    untold = SEES_THE_SIGNAL - COUNTS_EXACTLY if name.endswith("/decision") else operation.untold
    wanted |= dict.fromkeys(untold, operation.elsewhere)
    assert {role: each.status_code for role, each in found.items()} == {
        role: wanted[role] for role in roles_tried(operation.roles)
    }
    for role, answer in found.items():
        text = answer.content.decode()
        assert role in operation.roles or answer.rows_written == rows
        assert role in (Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER) or FAMILY_NAME not in text
        assert role == Role.MEDICAL_OFFICER or MEDICAL_CODE not in text


@each_operation
def test_every_role_in_another_unit(name: str, world: World) -> None:
    operation = OPERATIONS[name]
    rows = JournalEntry.objects.count()
    found = answers(name, world, world.outside)
    # A user who reads signals reaches the address of a decision, where this signal does not exist.
    comes_in = SEES_THE_SIGNAL if name.endswith("/decision") else operation.roles | operation.untold
    wanted = {role: operation.elsewhere if role in comes_in else 403 for role in Role.values}
    assert {role: each.status_code for role, each in found.items()} == {
        role: wanted[role] for role in roles_tried(operation.roles)
    }
    for role, answer in found.items():
        text = answer.content.decode()
        assert not [secret for secret in world.secrets if secret in text], role
        assert answer.rows_written == rows


def queries_of(name: str, world: World) -> int:
    """The queries of the warm operation for the first role that may call it."""
    operation = OPERATIONS[name]
    program = Program(world.inside[min(operation.roles)])
    call(program, name, world)
    send = ready(program, name, world)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            send()
        transaction.set_rollback(True)
    return len(captured)


@pytest.mark.one_database
@each_operation
def test_queries_stay_within_the_budget(name: str, world: World, rewrite_budgets: bool) -> None:
    """They do not grow with the rows either. Rewrite with --rewrite-budgets, in one process."""
    count = queries_of(name, world)
    budgets = json.loads(BUDGETS.read_text(encoding="utf-8")) if BUDGETS.exists() else {}
    if rewrite_budgets:
        budgets = {key: n for key, n in budgets.items() if key in OPERATIONS} | {name: count}
        BUDGETS.write_text(json.dumps(budgets, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert count <= budgets.get(name, 0), f"{name} asks the database {count} times"
    for _again in range(4):
        world.incident_again()
        world.report_again()
    assert queries_of(name, world) <= count, f"{name}: each row costs a query"
