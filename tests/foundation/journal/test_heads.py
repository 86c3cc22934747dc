"""Heads leave the register signed, and lead to later ones and to single entries by proofs."""

from __future__ import annotations

import hashlib
import stat
import uuid
from pathlib import Path

import pytest
from django.db import transaction

from qorgau.foundation.journal import heads
from qorgau.foundation.journal.chain import GENESIS
from qorgau.foundation.journal.keys import key_of_journal, make_key_once, path_of_key
from qorgau.foundation.journal.models import JournalEntry, JournalHead, JournalNode
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.journal.tree import StoredTree, leaf_of
from qorgau.foundation.journal.verification import verify_journal
from qorgau.foundation.proofs.checkpoint import Checkpoint, ConsistencyRequest, InclusionProof
from qorgau.foundation.proofs.signed_note import NoteError, Signer, open_note
from qorgau.foundation.proofs.tree_proofs import is_consistent, is_included
from tests.foundation.journal.turned import Turned
from tests.foundation.proofs.trees import mth

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: object) -> Path:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"


def grow(rows: int) -> None:
    with transaction.atomic():
        append_entries([(Turned(turn), SUBJECT) for turn in range(rows)], acting_user=None)


def opened(note: str) -> Checkpoint:
    """As an outsider reads a head: with the public key alone."""
    return Checkpoint.read(open_note(note, [key_of_journal().verifier]))


def digests() -> list[bytes]:
    rows = JournalEntry.objects.order_by("sequence").values_list("digest", flat=True)
    return [bytes.fromhex(digest) for digest in rows]


def test_the_key_is_made_once_and_its_file_is_closed_to_others(data_folder: Path) -> None:
    made = make_key_once()
    assert made is not None
    assert make_key_once() is None
    assert key_of_journal() == made
    assert path_of_key() == data_folder / "journal-key"
    assert stat.S_IMODE(path_of_key().stat().st_mode) == 0o600


def test_the_head_of_an_empty_journal_is_of_nothing() -> None:
    head = heads.present_checkpoint()
    assert (head.size, head.root) == (0, hashlib.sha256().digest())


@pytest.mark.parametrize("size", [1, 2, 7, 255, 256, 257, 600])
def test_the_root_is_that_of_the_standard_over_the_digests(size: int) -> None:
    grow(size)
    head = heads.present_checkpoint()
    assert (head.size, head.root) == (size, mth(digests()))
    assert heads.root_at(StoredTree(), size) == head.root
    assert JournalNode.objects.count() == sum(size >> level for level in range(8, 13))


def test_the_tree_goes_on_however_the_rows_come() -> None:
    for rows in (1, 3, 250, 2, 300, 1):
        grow(rows)
    assert heads.present_checkpoint().root == mth(digests())
    assert verify_journal().is_intact


def test_taking_a_head_is_journalled_and_read_back() -> None:
    grow(5)
    assert heads.last_head_taken() is None
    head = opened(heads.take_head(acting_user=None))
    entry = JournalEntry.objects.latest("sequence")
    assert (entry.action, entry.sequence) == ("journal.head_taken", 6)
    assert head.size == 5
    assert heads.last_head_taken() == entry.at


@pytest.mark.parametrize(("before", "after"), [(1, 1), (5, 3), (255, 2), (256, 300), (300, 0)])
def test_a_proof_leads_from_a_head_to_the_present(before: int, after: int) -> None:
    grow(before)
    old = opened(heads.take_head(acting_user=None))
    grow(after)
    request = ConsistencyRequest.read(heads.proof_from(old))
    new = opened(request.note)
    assert (request.old_size, new.size) == (before, before + after + 1)
    assert is_consistent(old.size, old.root, new.size, new.root, request.proof)


def test_an_entry_is_proven_without_the_others() -> None:
    grow(300)
    entry = JournalEntry.objects.get(sequence=123)
    proof = InclusionProof.read(heads.proof_of_entry(123))
    head = opened(proof.note)
    assert len(proof.proof) <= 9
    assert is_included(leaf_of(entry.digest), proof.index, head.size, proof.proof, head.root)
    assert not is_included(leaf_of(GENESIS), proof.index, head.size, proof.proof, head.root)
    with pytest.raises(ValueError, match="no leaf"):
        heads.proof_of_entry(301)


def test_no_proof_leads_from_a_head_of_another_history() -> None:
    grow(300)
    old = opened(heads.take_head(acting_user=None))
    for other in (Checkpoint(old.origin, 300, bytes(32)), Checkpoint(old.origin, 302, old.root)):
        with pytest.raises(heads.ContinuationError):
            heads.proof_from(other)


def test_a_head_of_another_key_is_not_read() -> None:
    note = Signer.new("qorgau/another").sign(str(heads.present_checkpoint()))
    with pytest.raises(NoteError):
        heads.read_head(note)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("node", {"hash": bytes(32)}),
        ("node", {"level": 20}),
        ("head", {"edge": bytes(32 * 3)}),
    ],
)
def test_a_stored_hash_that_does_not_follow_from_the_entries_is_named(
    table: str, change: dict[str, object]
) -> None:
    grow(256 + 3)
    assert verify_journal().is_intact
    if table == "node":
        JournalNode.objects.update(**change)
    else:
        JournalHead.objects.update(**change)
    (fault,) = verify_journal().faults
    assert fault.kind == "tree"


def test_a_stored_hash_too_many_is_named() -> None:
    grow(600)
    JournalNode.objects.create(level=8, index=1 << 40, hash=bytes(32))
    # Beyond the entries it is never read; within them it would be.
    assert verify_journal().is_intact
    JournalNode.objects.create(level=9, index=-1, hash=bytes(32))
    assert [fault.kind for fault in verify_journal().faults] == ["tree"]
