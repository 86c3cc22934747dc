"""Signing in, and the answers to refused requests."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.roles import Role
from tests.api.calling import ROOT, Program, fields, problem
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YWJjOmRlZg==", "wrong"]
)
def test_without_a_valid_token_access_is_refused(world: World, header: str) -> None:
    response = Client().get(f"{ROOT}/incidents", headers={"Authorization": header})
    problem(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="Qorgau"'


def test_signing_in_on_the_pages_does_not_give_access(world: World) -> None:
    client = Client()
    client.force_login(world.inside[Role.ANALYST])
    problem(client.get(f"{ROOT}/incidents"), 401)


def test_a_revoked_token_is_invalid(world: World) -> None:
    program = Program(world.inside[Role.ANALYST])
    assert program.get("/incidents").status_code == 200
    ApiToken.objects.update(revoked_at="2024-01-01T00:00:00Z")
    problem(program.get("/incidents"), 401)


def test_a_body_that_is_too_large_is_refused_with_the_limit(world: World, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_048
    program = Program(world.inside[Role.REPORTER])
    refused = problem(program.post("/reports", {"narrative": "x" * 4_000}), 413)
    assert "larger than 2.0\N{NO-BREAK SPACE}KB" in refused["detail"]


def test_an_address_with_a_line_break_is_answered_by_the_api(world: World) -> None:
    problem(Program(world.inside[Role.ANALYST]).get("/units/BDE%0A1"), 404)


def test_a_user_without_a_role_is_signed_in_but_may_do_nothing(world: World) -> None:
    stranger = Program(User.objects.create(username="stranger", is_superuser=True))
    for address in ("/areas", "/units", "/incidents", "/rates?unit=BDE", "/signals"):
        problem(stranger.get(address), 403)


@pytest.mark.parametrize("address", ["/nowhere", "/incidents/", "/incidents/2024/x", ""])
def test_an_address_that_does_not_exist_is_a_problem_too(world: World, address: str) -> None:
    problem(Program(world.inside[Role.ANALYST]).get(address), 404)


def test_what_is_invisible_and_what_is_missing_get_the_same_answer(world: World) -> None:
    outside = Program(world.outside[Role.ANALYST])
    for there, not_there in [
        (f"/incidents/{world.incident.number}", "/incidents/2024-999999"),
        (f"/signals/{world.signal.uuid}", f"/signals/{uuid.uuid4()}"),
        (f"/units/{world.company.code}", "/units/NOWHERE"),
    ]:
        assert problem(outside.get(there), 404) == problem(outside.get(not_there), 404)
    refusals = [fields(outside.get("/incidents", unit=code)) for code in ("BDE-1-1", "NOWHERE")]
    assert [answer["unit"].replace(code, "X") for answer, code in zip(
        refusals, ("BDE-1-1", "NOWHERE"), strict=True)] == [
        "None of your units has the code X. Check the code."
    ] * 2  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field", "answer"),
    [
        ({"since": "yesterday"}, "since", "Enter a valid date."),
        ({"since": "0"}, "since", "Enter a valid date."),
        ({"since": "2024"}, "since", "Enter a valid date."),
        ({"since": "0001-01-01"}, "since", "greater than or equal to 1800-01-01"),
        ({"size": "many"}, "size", "Enter a whole number."),
        ({"size": "0"}, "size", "greater than or equal to 1"),
        ({"size": "201"}, "size", "less than or equal to 200"),
        ({"kind": "party"}, "kind", "Enter one of: 'injury', 'near_miss'"),
        ({"state": ["closed", "lost"]}, "state.1", "Enter one of: 'triaged'"),
        ({"words": "x" * 201}, "words", "at most 200 characters"),
        ({"words": "\x00"}, "words", "Null characters are not allowed."),
        ({"unti": "2024-01-01"}, "unti", "There is no field with this name."),
    ],
)
def test_a_wrong_parameter_is_named(
    world: World, query: dict[str, object], field: str, answer: str
) -> None:
    found = fields(Program(world.inside[Role.ANALYST]).get("/incidents", **query))
    assert set(found) == {field}
    assert answer in found[field]


@pytest.mark.parametrize("cursor", ["!", "bm9uc2Vuc2U", "WzEsMl0", "WyJ4IiwyXQ", "W251bGwsMV0"])
def test_a_damaged_cursor_is_refused_in_a_sentence(world: World, cursor: str) -> None:
    response = Program(world.inside[Role.ANALYST]).get("/incidents", after=cursor)
    assert "Start again from the first page." in problem(response, 400)["detail"]


@pytest.mark.parametrize("body", ["{", "\ud800", '{"uuid": }'])
def test_a_body_that_is_not_json_is_refused(world: World, body: str) -> None:
    response = Client().post(
        f"{ROOT}/reports",
        body.encode("utf-8", "surrogatepass"),
        content_type="application/json",
        headers=Program(world.inside[Role.REPORTER]).headers,
    )
    assert problem(response, 400)["detail"] == "The body of the request is not valid JSON."


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "3", ""])
def test_a_body_that_is_not_an_object_is_refused(world: World, body: str) -> None:
    response = Client().post(
        f"{ROOT}/reports",
        body,
        content_type="application/json",
        headers=Program(world.inside[Role.REPORTER]).headers,
    )
    assert "Send a JSON object" in problem(response, 422)["detail"]


def test_a_refusal_is_in_the_requested_language(world: World) -> None:
    analyst = world.inside[Role.ANALYST]
    required = {
        language: fields(Program(analyst, language=language).get("/rates"))["unit"]
        for language in ("kk", "ru", "en")
    }
    for language, sentence in required.items():
        with translation.override(language):
            assert sentence == gettext("This field is required.")
    assert len(set(required.values())) == 3
    assert Program(analyst, language="ru").get("/rates")["Content-Language"] == "ru"


def test_no_cache_stores_an_answer(world: World) -> None:
    program = Program(world.inside[Role.ANALYST])
    for response in (program.get("/incidents"), program.get("/nowhere"), Program().get("/units")):
        assert response["Cache-Control"] == "no-store"


def test_an_unknown_method_of_an_address_is_refused(world: World) -> None:
    response = Program(world.inside[Role.ANALYST]).post("/incidents", {})
    assert response.status_code == 405
    assert "GET" in response["Allow"]
