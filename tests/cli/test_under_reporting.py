"""``qorgau under-reporting``: link a key file with the register."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app
from tests.linked_registers import SECRET, key_file, record_overlap

YEAR = ("--from", "2024-01-01", "--to", "2024-12-31")


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def run_command(world, tmp_path):
    keys = key_file(tmp_path / "keys.csv", record_overlap(world))
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET + "\n", encoding="utf-8")

    def run(*words, unit="BDE-1", user="inside.medical_officer", keys=keys, secret=secret):
        options = ["--unit", unit, "--as", user, "--keys", str(keys), "--secret-file", str(secret)]
        return CliRunner().invoke(app, ["under-reporting", *options, *YEAR, *words])

    return run


def test_the_answer_is_the_sentence_and_the_units(run_command):
    done = run_command()
    assert done.exit_code == 0, done.output
    assert "Estimated number of injuries: 61" in done.stdout
    assert "BDE-1-2 Unit" in done.stdout
    assert "Chapman" in done.stdout
    assert "Note: " in done.stdout


def test_json_is_exact(run_command):
    answer = json.loads(run_command("--json").stdout)
    assert answer["overall"]["both"] == 21
    assert answer["overall"]["total"] == pytest.approx(34 * 40 / 22 - 1)
    assert [unit["code"] for unit in answer["units"]] == ["BDE-1-1", "BDE-1-2"]
    assert SECRET not in json.dumps(answer)


def test_a_small_unit_is_withheld_with_its_reason(run_command):
    printed = run_command("--days", "0").stdout
    assert "Not shown: fewer than 7 injuries are in both registers." in printed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unit": "NONE"}, "no unit with the code NONE"),
        ({"user": "nobody"}, "There is no user called nobody"),
        ({"user": "inside.analyst"}, "medical detail"),
        ({"keys": "none.csv"}, "There is no file"),
        ({"keys": __file__}, "no column “token”"),
        ({"secret": "none.txt"}, "There is no file"),
    ],
)
def test_refusals_are_sentences(run_command, changed, words):
    refused = run_command(**changed)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.output
