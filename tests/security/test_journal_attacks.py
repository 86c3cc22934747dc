"""Whoever can write the whole database, against whoever kept one head of the journal outside.

On the code of before, `qorgau journal verify` said "intact" after each of these.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from typer.testing import CliRunner, Result

from qorgau.cli.main import app
from qorgau.foundation.journal import heads
from qorgau.foundation.journal.heads import take_head
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.journal.tree import StoredTree
from qorgau.foundation.journal.verification import verify_journal
from qorgau.foundation.proofs.checkpoint import Checkpoint
from qorgau.foundation.proofs.signed_note import Signer
from tests.foundation.journal.turned import Turned
from tests.security.journal_forger import recompute_overnight
from tests.world import World


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: object) -> Path:
    """The register's key is made here."""
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"


@pytest.fixture
def head(world: World, tmp_path: Path) -> Path:
    """A head that an auditor took home, of a journal that has since gone on."""
    grow(300)
    file = tmp_path / "head.txt"
    file.write_text(take_head(acting_user=None), encoding="utf-8")
    grow(20)
    return file


def grow(rows: int) -> None:
    subject = JournalEntry.objects.latest("sequence").subject_uuid
    with transaction.atomic():
        append_entries([(Turned(turn), subject) for turn in range(rows)], acting_user=None)


def journal(*words: object) -> Result:
    return CliRunner().invoke(app, ["journal", *map(str, words)])


def cut_the_last(rows: int) -> Callable[[], None]:
    def cut() -> None:
        last = JournalEntry.objects.latest("sequence").sequence
        JournalEntry.objects.filter(sequence__gt=last - rows).delete()
        recompute_overnight()

    return cut


def rewrite(row: JournalEntry) -> None:
    if row.sequence == 5:
        row.actor, row.actor_kind = "", "system"
        row.details = '{"turn":99}'


def remove_the_first() -> None:
    JournalEntry.objects.earliest("sequence").delete()
    recompute_overnight()


def test_an_honest_journal_continues_the_head_that_was_kept(head: Path) -> None:
    verified = journal("verify", "--expect", head)
    assert verified.exit_code == 0, verified.output
    assert "It continues every head that was given with --expect." in verified.output
    assert journal("prove", "--from", head).exit_code == 0


ATTACKS = {
    "a row is rewritten and the chain recomputed": (lambda: recompute_overnight(rewrite), "other"),
    "a row is removed and the chain recomputed": (remove_the_first, "other"),
    # Fewer than the head covers, and only what came after it together with its last row.
    "rows are cut and the head is moved back": (cut_the_last(25), "shorter"),
    "rows are cut and others written in their place": (
        lambda: (cut_the_last(25)(), grow(40)),
        "other",
    ),
}


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_a_head_kept_outside_convicts(attack: str, head: Path) -> None:
    make, kind = ATTACKS[attack]
    make()
    # Inside nothing is wrong: that is why a head is kept outside.
    assert verify_journal().is_intact
    verified = journal("verify", "--expect", head)
    assert verified.exit_code == 1
    assert {"other": "other_history: Entries 1 to", "shorter": "shorter: The journal has"}[
        kind
    ] in verified.output
    refused = journal("prove", "--from", head)
    assert refused.exit_code == 1
    assert "does not continue the head" in refused.output


def test_what_came_after_the_last_head_is_not_convicted(head: Path) -> None:
    """Written down so that nobody believes otherwise: proof begins with the next head."""
    cut_the_last(10)()
    assert journal("verify", "--expect", head).exit_code == 0


def test_a_new_key_does_not_make_a_new_past(head: Path, data_folder: Path) -> None:
    """The line of the key was kept outside too."""
    known = journal("key").output.strip()
    recompute_overnight(rewrite)
    key = data_folder / "journal-key"
    key.write_text(f"{Signer.new(known.split('+')[0])}\n")
    refused = journal("verify", "--expect", head)
    assert refused.exit_code == 1
    assert "is not a head of a journal that this key has signed" in refused.output
    convicted = journal("verify", "--expect", head, "--key", known)
    assert convicted.exit_code == 1
    assert "other_history" in convicted.output


def test_a_head_made_up_by_somebody_else_convicts_nobody(head: Path) -> None:
    """An outsider cannot accuse the register with a file of his own."""
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace("\n3", "\n4", 1), encoding="utf-8")
    refused = journal("verify", "--expect", head)
    assert refused.exit_code == 1
    assert "is not a head of a journal that this key has signed" in refused.output


CHECK = Path(__file__).resolve().parents[2] / "examples" / "check_journal_head.py"


def checked_outside(key: str, head: Path, proof: str, folder: Path) -> subprocess.CompletedProcess:
    """By a program that shares nothing with the register, on the auditor's own machine."""
    file = folder / "proof.txt"
    file.write_text(proof, encoding="utf-8")
    command = [sys.executable, "-I", str(CHECK), key, str(head), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_independent_program_accepts_the_honest_and_convicts_the_forger(
    head: Path, tmp_path: Path
) -> None:
    key, kept = journal("key").output, heads.read_head(head.read_text(encoding="utf-8"))
    honest = journal("prove", "--from", head).output
    accepted = checked_outside(key, head, honest, tmp_path)
    assert accepted.stdout.endswith("continue the " + str(kept.size) + " of the old head.\n")
    # The forger has the key of the register, and proves what he can: his own history.
    recompute_overnight(rewrite)
    his_own = Checkpoint(kept.origin, kept.size, heads.root_at(StoredTree(), kept.size))
    forged = heads.proof_from(his_own)
    convicted = checked_outside(key, head, forged, tmp_path)
    assert convicted.returncode != 0
    assert "CONVICTED" in convicted.stderr
    stranger = str(Signer.new(kept.origin).verifier)
    assert "has not signed" in checked_outside(stranger, head, honest, tmp_path).stderr
