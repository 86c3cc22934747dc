"""``qorgau detect``."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun, Signal
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register

runner = CliRunner()


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@shared_register
def units() -> dict[str, Unit]:
    made = make_units()
    happen(made["B-2"], *map(weeks_before, range(4, 130, 4)), cause="exertion.running")
    happen(made["B-1-1"], WEEK, number=5, cause="fall.height")
    make_user("analyst", Role.ANALYST, made["B"])
    return made


def detect(*words: str):
    return runner.invoke(app, ["detect", "--week", WEEK.isoformat(), *words])


def test_rises_are_printed_and_stored(units):
    result = detect()
    assert result.exit_code == 0, result.output
    assert "B, 06 May 2024 to 12 May 2024. Series tested: 960; rising: 1." in result.stdout
    assert "B-1-1: Unit B-1-1, week of" in result.stdout
    assert "“Injury: Fall from a height” rose to 5" in result.stdout
    assert "Method: farrington_flexible, ears_c2; hypotheses on a tree" in result.stdout
    assert "Note: Reports come late" in result.stdout
    assert Signal.objects.get(counted="all").unit == units["B-1-1"]


def test_json_contains_the_run_and_the_sentence(units):
    found = json.loads(detect("--json").stdout)
    (run,) = found
    assert run["run"] == str(DetectionRun.objects.get(counted="all").uuid)
    assert run["week_start"] == "2024-05-06"
    assert run["rises"][0]["measure"] == "injury:fall.height"
    assert "rose to 5" in run["rises"][0]["sentence"]
    assert {"chance", "reports_come_late"} <= {caveat["key"] for caveat in run["caveats"]}


def test_weeks_can_be_filled_in(units):
    result = detect("--backfill", "6", "--unit", "B")
    assert result.exit_code == 0, result.output
    assert DetectionRun.objects.filter(counted="all").count() == 6
    assert result.stdout.count("; rising: ") == 6
    assert result.stdout.count("Note: Reports come late") == 1


def test_options_are_passed_on(units):
    run = json.loads(detect("--alpha", "0.01", "--least-cases", "6", "--json").stdout)[0]
    assert run["rises"] == []
    assert (run["inputs"]["alpha"], run["inputs"]["least_cases"]) == ("0.01", "6")
    assert run["inputs"]["false_discovery_rate"] == "0.2"
    lenient = json.loads(detect("--false-discovery-rate", "0.3", "--json").stdout)[0]
    assert lenient["inputs"]["false_discovery_rate"] == "0.3"


def test_a_past_state_is_printed_and_nothing_is_stored(units):
    happen(units["B-1-1"], WEEK, number=3, cause="fall.height", recorded_on=weeks_before(-2))
    assert "rose to 8" in detect().stdout
    before = list(Signal.objects.values())
    result = detect("--as-of", "2024-05-12")
    assert result.exit_code == 0, result.output
    assert "rose to 5" in result.stdout
    assert "As of 12 May 2024 23:59" in result.stdout
    assert "Nothing was stored" in result.stdout
    (answer,) = json.loads(detect("--as-of", "2024-05-12", "--json").stdout)
    assert (answer["run"], answer["rises"][0]["observed"]) == (None, 5)
    assert DetectionRun.objects.filter(counted="all").count() == 1
    assert list(Signal.objects.values()) == before


def test_weeks_of_a_past_state_are_printed_in_order(units):
    result = detect("--as-of", "2024-05-12", "--backfill", "3")
    assert result.stdout.count("; rising: ") == 3
    assert not DetectionRun.objects.exists()


def test_one_unit_as_one_account(units):
    make_user("officer", Role.SAFETY_OFFICER, units["B-1"])
    result = detect("--unit", "B-1", "--as", "officer")
    assert result.exit_code == 0, result.output
    run = DetectionRun.objects.get(counted="all")
    assert (run.unit, run.run_by.username) == (units["B-1"], "officer")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--unit", "X"], "no unit with the code X"),
        (["--as", "nobody"], "There is no user called nobody"),
        (["--as", "commander"], "commander may not run detection on the unit B"),
        (["--week", "9000-01-01"], "has not begun"),
        (["--as-of", "9000-01-01"], "is not over"),
        (["--as-of", "2024-01-01"], "has not begun"),
    ],
)
def test_what_cannot_be_done_is_explained_in_a_sentence(units, words, sentence):
    make_user("commander", Role.COMMANDER, units["B"])
    result = detect(*words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not DetectionRun.objects.exists()


def test_with_an_empty_register_the_error_says_what_to_do(db):
    result = runner.invoke(app, ["detect"])
    assert result.exit_code == 1
    assert "qorgau units import" in result.stderr


def test_with_units_that_nobody_may_test_the_error_says_what_to_do(db):
    make_units()
    result = runner.invoke(app, ["detect"])
    assert result.exit_code == 1
    assert "qorgau users grant" in result.stderr
