"""``qorgau demo``: load the brigade, run detection, and never do it a second time.

The results of detection are compared with docs/demonstration.md. If a better detector makes the
tables wrong, rewrite them: .venv/bin/python benchmarks/demonstration_detection.py --write
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import pytest
from typer.testing import CliRunner, Result

from qorgau.cli.main import app
from qorgau.demonstration.accounts import ACCOUNTS, PASSWORD, SECRET_OF_REGISTERS
from qorgau.demonstration.brigade import make_brigade
from qorgau.demonstration.evaluation import cluster_table, summary, verdict_table
from qorgau.demonstration.injected_clusters import ACTION
from qorgau.demonstration.load_and_detect import DETECTION_WEEKS
from qorgau.demonstration.medical_register import make_medical_register
from qorgau.demonstration.preparation import prepare_demonstration
from qorgau.demonstration.register_evaluation import (
    effect_of_injected_action,
    effect_table,
    evaluate_demonstration,
)
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.signals.models import DetectionRun, Signal
from tests.architecture.source_tree import ROOT
from tests.demonstration.first_run import LAST_DAY, SEED, FirstRun, first_run
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

PAGE = (ROOT / "docs/demonstration.md").read_text(encoding="utf-8")


def demo(*options: str) -> Result:
    return CliRunner().invoke(app, ["demo", *options])


first = shared_register(first_run, takes_long=True)


def test_the_counts_come_as_json(first: FirstRun) -> None:
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert answer["is_new"] is True
    assert (answer["seed"], answer["last_day"]) == (SEED, LAST_DAY.isoformat())
    assert answer["counts"]["people"] == 4_000
    assert (
        answer["weeks_tested"]
        == DETECTION_WEEKS
        == DetectionRun.objects.filter(counted="all").count()
    )
    assert answer["signals"] == Signal.objects.filter(counted="all").count()
    assert [one["username"] for one in answer["accounts"]] == [one.username for one in ACCOUNTS]
    assert answer["password"] == PASSWORD


def test_a_second_run_changes_nothing_and_prints_the_accounts(first: FirstRun) -> None:
    rows = JournalEntry.objects.count()
    again = demo()
    assert again.exit_code == 0
    assert JournalEntry.objects.count() == rows
    assert PASSWORD in again.stdout
    assert all(f"  {one.username} " in again.stdout for one in ACCOUNTS)


def test_another_seed_is_refused_in_a_sentence(first: FirstRun) -> None:
    refused = demo("--seed", "21")
    assert refused.exit_code == 1
    assert "already has the demonstration with seed 20 up to 2024-12-29" in refused.stderr


def test_every_signal_is_synthetic_and_the_older_ones_are_decided(first: FirstRun) -> None:
    assert not Signal.objects.filter(is_synthetic=False).exists()
    of_all = Signal.objects.filter(counted="all")
    states = Counter(of_all.values_list("state", flat=True))
    assert states["explained"] >= 3
    assert states["dismissed"] >= 1
    assert states["new"] >= 1
    older = of_all.filter(last_week__lt=LAST_DAY - dt.timedelta(weeks=8))
    assert not older.filter(state="new").exists()
    assert not older.filter(reason="").exists()


def test_the_clusters_of_the_newest_week_are_found_in_it(first: FirstRun) -> None:
    newest = Signal.objects.filter(last_week=LAST_DAY - dt.timedelta(days=6), state__in=OPEN)
    units = set(newest.values_list("unit__code", flat=True))
    assert units & {"SYN-LOG-RE", "SYN-LOG", "SYN"}
    assert units & {"SYN-R3-7", "SYN-R3"}


OPEN = ("new", "under_investigation")


def test_the_documentation_shows_what_was_injected_and_found(first: FirstRun) -> None:
    prepared = prepare_demonstration()
    expectations, evaluation = evaluate_demonstration(prepared.loaded)
    assert "\n".join(cluster_table(expectations)) in PAGE
    assert "\n".join(verdict_table(evaluation)) in PAGE
    assert summary(evaluation, prepared.weeks_tested) in PAGE
    assert "\n".join(effect_table(effect_of_injected_action(prepared.loaded))) in PAGE


def test_the_planted_action_is_found_to_have_worked(first: FirstRun) -> None:
    options = ["--unit", ACTION.unit_code, "--cause", ACTION.cause]
    day = ACTION.held_from(LAST_DAY).isoformat()
    result = CliRunner().invoke(app, ["effect", *options, "--from", day, "--json"])
    effect = json.loads(result.stdout)
    assert effect["verdict"] == "fell"
    assert effect["ratio_lower"] < 1 - ACTION.share_averted < effect["ratio_upper"]
    assert effect["is_synthetic"]


def test_the_medical_register_gives_the_injected_share(first: FirstRun, tmp_path) -> None:
    """With the commands, as in docs/how-to/measure-under-reporting.md."""
    keys, secret = tmp_path / "keys.csv", tmp_path / "secret.txt"
    secret.write_text(SECRET_OF_REGISTERS, encoding="utf-8")
    assert SECRET_OF_REGISTERS in demo("--medical-register", str(keys)).stdout
    options = ["--unit", "SYN", "--keys", str(keys), "--secret-file", str(secret), "--as", "medic"]
    period = ["--from", "2022-01-03", "--to", LAST_DAY.isoformat(), "--json"]
    result = CliRunner().invoke(app, ["under-reporting", *options, *period])
    answer = json.loads(result.stdout)
    made = make_medical_register(make_brigade(SEED, LAST_DAY))
    happened = len({(injury.person_code, injury.day) for injury in made.happened})
    assert answer["overall"]["first"] == len(made.reported)
    assert answer["overall"]["lower"] < happened < answer["overall"]["upper"]
    injected = len(made.reported) / happened
    assert (
        answer["overall"]["first_share_lower"] < injected < answer["overall"]["first_share_upper"]
    )
    assert answer["is_synthetic"] is True


def test_an_unwritable_place_is_reported(first: FirstRun, tmp_path) -> None:
    refused = demo("--medical-register", str(tmp_path / "none" / "keys.csv"))
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr
