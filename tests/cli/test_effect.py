"""``qorgau effect``: what changed since an action, from the register."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app

runner = CliRunner()
ACTION = ["--unit", "BDE-1", "--cause", "fall", "--from", "2024-06-10"]


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def effect_command(*words: str):
    return runner.invoke(app, ["effect", *words])


def test_the_answer_is_a_sentence_with_numbers_and_caveats(world):
    result = effect_command(*ACTION)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Unit BDE-1, “Injury: Fall” since 10 Jun 2024: 0 incidents ")
    assert "Rate before" in result.stdout
    assert "read as inside.analyst" in result.stdout
    assert "Note: Fewer than 5 incidents before or after the action" in result.stdout


def test_json_is_exact_and_contains_the_question(world):
    figures = json.loads(effect_command(*ACTION, "--weeks-after", "13", "--json").stdout)
    assert (figures["before"]["cases"], figures["after"]["cases"]) == (1, 0)
    assert figures["inputs"]["measure"] == "injury:fall"
    assert figures["inputs"]["weeks_after"] == "13"
    assert figures["held_from"] == "2024-06-10"
    assert figures["ratio_upper"] > 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--unit", "NOWHERE"], "There is no unit with the code NOWHERE."),
        (["--as", "nobody"], "There is no user called nobody."),
        (["--as", "outside.analyst"], "Your role does not let you see rates for the unit BDE-1."),
        (["--kind", "party"], "“party:fall” cannot be counted"),
        (["--compared-with", "BDE-1-1"], "BDE-1 and BDE-1-1 overlap."),
        (["--compared-with", "BDE-2"], "No user may see rates of this unit yet."),
        (["--from", "2024-05-08"], "The register begins on"),
        (["--from", "2099-01-01"], "Less than one whole week has passed"),
        (["--as-of", "2024-06-12"], "Less than one whole week has passed"),
    ],
)
def test_what_cannot_be_answered_is_explained_in_a_sentence(world, words, sentence):
    result = effect_command(*ACTION, *words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stdout == ""
