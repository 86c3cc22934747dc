"""``qorgau rates --unit``: rates from the register."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.roles import Role

runner = CliRunner()
YEAR = ["--from", "2024-01-01", "--to", "2024-12-31"]


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def rates_command(*words: str):
    return runner.invoke(app, ["rates", *words])


def test_the_answer_for_a_unit_has_its_sub_units_and_months(world):
    result = rates_command("--unit", "BDE-1", *YEAR)
    assert result.exit_code == 0, result.output
    assert "BDE-1 Unit BDE-1" in result.stdout
    assert "01 Jan 2024 – 31 Dec 2024, per 1,000 person-years, 95% limits" in result.stdout
    injuries = next(line for line in result.stdout.splitlines() if line.startswith("Injury"))
    assert injuries.split()[:3] == ["Injury", "1", "200.4"]
    assert "BDE-1-1 Unit BDE-1-1" in result.stdout
    assert "May 2024" in result.stdout
    assert "read as inside.analyst" in result.stdout
    assert "Fewer than 5 incidents" in result.stdout


def test_json_is_exact_and_contains_the_question(world):
    result = rates_command("--unit", "BDE-1", *YEAR, "--json")
    figures = json.loads(result.stdout)
    assert figures["overall"]["cases"] == 1
    assert figures["overall"]["person_days"] == 200 * 366
    assert figures["overall"]["rate"] == pytest.approx(1 / (200 * 366 / 365.25) * 1000)
    assert figures["inputs"]["unit"] == "BDE-1"
    assert figures["last_day"] == "2024-12-31"
    assert {caveat["key"] for caveat in figures["caveats"]} >= {"small_count", "reported_only"}


def test_conditions_are_passed_on(world):
    result = rates_command(
        *("--unit", "BDE-1", *YEAR, "--json", "--kind", "near_miss", "--kind", "injury"),
        *("--cause", "fall", "--severity", "с", "--per", "per_10000_person_weeks"),
        *("--as", f"inside.{Role.ANALYST}"),
    )
    figures = json.loads(result.stdout)
    assert figures["overall"]["cases"] == 1
    assert figures["inputs"]["kinds"] == "near_miss, injury"
    assert figures["inputs"]["cause"] == "fall"
    assert figures["exposure_unit"] == "person_weeks"


def test_the_register_as_it_was_before_the_incident_was_recorded(world):
    figures = json.loads(
        rates_command("--unit", "BDE-1", *YEAR, "--as-of", "2024-05-31", "--json").stdout
    )
    assert figures["overall"]["cases"] == 0
    assert figures["last_day"] == "2024-05-31"
    assert "period_cut" in {caveat["key"] for caveat in figures["caveats"]}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--unit", "NOWHERE"], "There is no unit with the code NOWHERE."),
        (["--unit", "BDE-1", "--as", "nobody"], "There is no user called nobody."),
        (
            ["--unit", "BDE-1", "--as", "outside.analyst"],
            "does not let you see rates for this unit.",
        ),
        (
            ["--unit", "BDE-1", "--as", "inside.reporter"],
            "does not let you see rates for this unit.",
        ),
        (
            ["--unit", "BDE-1", "--category", "pirate"],
            'There is no "pirate". Choose one of: conscript',
        ),
        (["--unit", "BDE-1", "--kind", "party"], "near_miss"),
        (["--unit", "BDE-1", "--cause", "fate"], "transport"),
        (["--unit", "BDE-1", "--per", "per_200000_hours"], "person-time"),
        (["--unit", "BDE-1", "--from", "2024-02-01", "--to", "2024-01-01"], "ends before"),
        (["--unit", "BDE", *YEAR], "No user may see rates of this unit yet."),
    ],
)
def test_what_cannot_be_answered_is_explained_in_a_sentence(world, words, sentence):
    result = rates_command(*words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("words", [[], ["--source", "crimea", "--unit", "BDE"]])
def test_one_of_source_and_unit_is_needed(words):
    result = rates_command(*words)
    assert result.exit_code == 2
    assert "Give one of --source" in " ".join(result.output.replace("│", " ").split())
