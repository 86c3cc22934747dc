"""``qorgau journal verify`` names a row that was changed outside the register."""

from __future__ import annotations

import json

import pytest
from django.db.models import F
from typer.testing import CliRunner, Result

from qorgau.cli.main import app
from qorgau.foundation.journal.models import JournalEntry
from tests.world import World


def verify(*options: str) -> Result:
    return CliRunner().invoke(app, ["journal", "verify", *options])


def test_an_untouched_journal_is_intact(world: World) -> None:
    outcome = verify()
    assert outcome.exit_code == 0
    rows = JournalEntry.objects.count()
    assert outcome.stdout == f"The journal is intact: {rows} entries checked.\n"


def test_an_altered_row_is_named(world: World) -> None:
    JournalEntry.objects.filter(sequence=5).update(actor="somebody.else")
    outcome = verify()
    assert outcome.exit_code == 1
    assert "altered: Entry 5" in outcome.stdout
    assert "The journal is broken" in outcome.stdout


def test_a_missing_row_is_named(world: World) -> None:
    JournalEntry.objects.filter(sequence=4).delete()
    outcome = verify("--json")
    verdict = json.loads(outcome.stdout)
    assert outcome.exit_code == 1
    assert verdict["is_intact"] is False
    assert (verdict["faults"][0]["kind"], verdict["faults"][0]["sequence"]) == ("missing", 4)


def test_rows_cut_off_at_the_end_are_detected(world: World) -> None:
    last = JournalEntry.objects.order_by("sequence").last()
    assert last is not None
    sequence = last.sequence
    last.delete()
    outcome = verify("--json")
    fault = json.loads(outcome.stdout)["faults"][0]
    assert outcome.exit_code == 1
    assert (fault["kind"], fault["sequence"]) == ("cut_off", sequence)


@pytest.mark.parametrize("pair", [(2, 3), (1, 6)])
def test_swapped_rows_are_named(pair: tuple[int, int], world: World) -> None:
    one, other = pair
    JournalEntry.objects.filter(sequence=one).update(sequence=-1)
    JournalEntry.objects.filter(sequence=other).update(sequence=one)
    JournalEntry.objects.filter(sequence=-1).update(sequence=F("sequence") + other + 1)
    outcome = verify("--json")
    faults = json.loads(outcome.stdout)["faults"]
    assert outcome.exit_code == 1
    assert {fault["sequence"] for fault in faults if fault["kind"] == "reordered"} >= {one, other}
