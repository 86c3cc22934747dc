"""What leaves the register with exact figures in it says to whom it may be shown."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.roles import Role
from tests.api.calling import Program
from tests.api.operations import OPERATIONS
from tests.web.batteries.pages import PAGES
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MARK = "These are exact figures. Show them only to people who may see exact counts"
# Every page that is a file of figures.
CHARTS = sorted(name for name in PAGES if name.endswith("_chart"))
ANSWERS = ("GET /rates", "GET /effects", "GET /rises", "GET /reporting-delay")
COMMANDS = (
    ["rates", "--unit", "BDE-1", "--from", "2024-01-01", "--to", "2024-12-31"],
    ["effect", "--unit", "BDE-1-1", "--from", "2024-06-10"],
    ["detect", "--unit", "BDE-1", "--week", "2024-06-10"],
)


def file_of(world: World, role: Role, name: str, form: str) -> bytes:
    client = Client(headers={"accept-language": "en"})
    world.sign_in(client, world.inside[role])
    page = PAGES[name]
    assert page.arguments
    address = reverse(name, kwargs=page.arguments(world) | {"form": form})
    answer = client.get(address, page.query(world) if page.query else None)
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("name", CHARTS)
def test_a_file_says_to_whom_it_may_be_shown(world: World, name: str) -> None:
    table = file_of(world, Role.ANALYST, name, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows
    assert all(row["caution"].startswith(MARK) for row in rows)
    assert MARK[:40] in file_of(world, Role.ANALYST, name, "svg").decode()


def test_a_file_of_ranges_needs_no_such_mark(world: World) -> None:
    table = file_of(world, Role.COMMANDER, "unit_chart", "csv").decode("utf-8-sig")
    assert "caution" not in table.splitlines()[0]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_to_a_program_says_it(world: World, name: str) -> None:
    answer = Program(world.inside[Role.ANALYST]).get(OPERATIONS[name].address(world))
    found = answer.json()
    found = found[0] if isinstance(found, list) else found
    assert "exact_counts" in {one["key"] for one in found["caveats"]}


def test_a_list_of_signals_says_of_each_what_it_counts(world: World) -> None:
    (row,) = Program(world.inside[Role.ANALYST]).get("/signals").json()["items"]
    assert row["counted"] == "all"


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_command_says_it(world: World, words: list[str]) -> None:
    as_analyst = ["--as", world.inside[Role.ANALYST].username]
    with override("en"):
        shown = CliRunner().invoke(app, [*words, *as_analyst])
        exact = CliRunner().invoke(app, [*words, *as_analyst, "--json"])
    assert MARK in shown.output.replace("\n", " ")
    found = json.loads(exact.output)
    found = found[0] if isinstance(found, list) else found
    assert "exact_counts" in {one["key"] for one in found["caveats"]}
