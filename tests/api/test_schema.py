"""The API's schema, and requests generated from it: every answer agrees with the schema."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from qorgau.api.urls import api
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.services import grant_role
from tests.api.calling import ROOT, token_of
from tests.api.operations import an_outline
from tests.how_long import how_many, is_long
from tests.world import World

pytestmark = pytest.mark.django_db

described = schemathesis.openapi.from_dict(api.get_openapi_schema())
described.app = WSGIHandler()


def test_the_description_is_public_and_names_the_address_of_the_api() -> None:
    schema = Client().get(f"{ROOT}/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    assert all(address.startswith(ROOT) for address in schema["paths"])


def test_the_pages_start_without_the_api() -> None:
    """It would cost half a second at every start; the first call of a program loads it."""
    started = "import django; django.setup(); import sys, qorgau.project.urls;"
    query = "from django.urls import reverse; reverse('overview'); print('ninja' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", started + query],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "qorgau.project.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout.strip() == "False"


def test_everything_is_described() -> None:
    for address, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (address, method)
            assert set(operation["responses"]) >= {200, 422}
            has_sign_in = bool(operation.get("security"))
            assert has_sign_in is (address != f"{ROOT}/receipt")


@pytest.fixture
def reader(world: World) -> User:
    """A user who may call every operation."""
    user = User.objects.create(username="reader")
    for role in (Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST):
        grant_role(user=user, role=role, unit=world.brigade, acting_user=None)
    return user


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The end of a request would close the connection and so the transaction of the test."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


def records_that_are_there(world: World) -> dict[str, dict[str, str]]:
    """Valid values by address, which a generated request would hardly ever contain."""
    area, signal = str(an_outline(world).uuid), str(world.signal.uuid)
    return {
        f"{ROOT}/areas/{{uuid}}": {"uuid": area},
        f"{ROOT}/areas/{{uuid}}/outline": {"uuid": area},
        f"{ROOT}/units/{{code}}": {"code": world.company.code},
        f"{ROOT}/incidents/{{number}}": {"number": world.incident.number},
        f"{ROOT}/signals/{{uuid}}": {"uuid": signal},
        f"{ROOT}/signals/{{uuid}}/decision": {"uuid": signal},
    }


def try_generated(case: Any, world: World, reader: User) -> None:
    # A well-formed request may still be refused: a future date, a unit of others.
    # The battery tests access; here every generated request gets the token.
    excluded = [checks.positive_data_acceptance, checks.ignored_auth]
    with transaction.atomic():
        known = records_that_are_there(world)
        case.headers["Authorization"] = f"Bearer {token_of(reader)}"
        case.validate_response(case.call(), excluded_checks=excluded)
        if case.path in known:
            case.path_parameters.update(known[case.path])
            # The generated fault in the address is now gone.
            excluded += [checks.negative_data_rejection, checks.unsupported_method]
            case.validate_response(case.call(), excluded_checks=excluded)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize(
    "operation", [each.ok() for each in described.get_all_operations()], ids=lambda each: each.label
)
def test_generated_requests_get_the_documented_answers(
    operation: Any, world: World, reader: User
) -> None:
    generated = st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode))
    few = settings(
        max_examples=how_many(6, 300), derandomize=True, suppress_health_check=list(HealthCheck)
    )
    few(given(case=generated)(lambda case: try_generated(case, world, reader)))()


if is_long():
    # Every value at the limits of the schema. Generating them takes seconds before a test.
    @pytest.mark.usefixtures("kept_connection")
    @described.parametrize()
    @settings(max_examples=5, derandomize=True, suppress_health_check=list(HealthCheck))
    def test_requests_at_every_limit_get_the_documented_answers(
        case: Any, world: World, reader: User
    ) -> None:
        try_generated(case, world, reader)
