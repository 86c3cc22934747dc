"""Heads of the journal, for whoever keeps one outside, and proofs from one head to the next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from qorgau.foundation.journal.history import JOURNAL, HeadTaken
from qorgau.foundation.journal.keys import key_of_journal
from qorgau.foundation.journal.models import JournalEntry, JournalHead
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.journal.tree import StoredTree
from qorgau.foundation.proofs.checkpoint import (
    Checkpoint,
    ConsistencyRequest,
    InclusionProof,
)
from qorgau.foundation.proofs.merkle_tree import EMPTY_ROOT, GrowingTree, hash_of_leaves
from qorgau.foundation.proofs.signed_note import Verifier, open_note
from qorgau.foundation.proofs.tree_proofs import consistency_proof, inclusion_proof


class ContinuationError(Exception):
    """The journal is not a continuation of the head that was kept: entries were cut or changed."""


@transaction.atomic
def take_head(*, acting_user: Any | None) -> str:
    """The present head, signed; that it was taken is journalled, and counts from the next head."""
    signer, checkpoint = key_of_journal(), present_checkpoint()
    append_entry(
        HeadTaken(checkpoint.size, checkpoint.root.hex()), subject=JOURNAL, acting_user=acting_user
    )
    return signer.sign(str(checkpoint))


def present_checkpoint() -> Checkpoint:
    """Which log, how many entries, and the root over them."""
    head = JournalHead.objects.filter(pk=1).first()
    origin = key_of_journal().name
    if head is None:
        return Checkpoint(origin, 0, EMPTY_ROOT)
    tree = GrowingTree(head.sequence, bytes(head.edge))
    return Checkpoint(origin, tree.size, tree.root())


def read_head(note: str, key: Verifier | None = None) -> Checkpoint:
    """A head that was kept; ``NoteError`` unless this key, or the register's, has signed it."""
    return Checkpoint.read(open_note(note, [key or key_of_journal().verifier]))


def proof_from(old: Checkpoint) -> str:
    """The present head, signed, with the proof that it continues an older one.

    As the body of ``add-checkpoint``, which witnesses take. ``ContinuationError`` if it does not.
    """
    signer, new, node = key_of_journal(), present_checkpoint(), StoredTree()
    if old.size > new.size or old.root != root_at(node, old.size):
        raise ContinuationError
    proof = consistency_proof(node, old.size, new.size)
    return str(ConsistencyRequest(old.size, tuple(proof), signer.sign(str(new))))


def proof_of_entry(sequence: int) -> str:
    """That an entry is in the journal of the present head, as a tlog-proof."""
    signer, head = key_of_journal(), present_checkpoint()
    proof = inclusion_proof(StoredTree(), sequence - 1, head.size)
    return str(InclusionProof(sequence - 1, tuple(proof), signer.sign(str(head))))


def root_at(node: StoredTree, size: int) -> bytes:
    return hash_of_leaves(node, 0, size) if size else EMPTY_ROOT


def last_head_taken() -> dt.datetime | None:
    """When a head was last given out; what was written since nobody outside can vouch for."""
    taken = JournalEntry.objects.filter(action=HeadTaken.key).order_by("-sequence")
    return taken.values_list("at", flat=True).first()
