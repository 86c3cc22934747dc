"""A journal from before there was a tree: its rows become leaves, and stay as they are."""

from __future__ import annotations

import json
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from qorgau.foundation.journal.models import JournalEntry, JournalHead, JournalNode
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.journal.verification import verify_journal
from qorgau.foundation.proofs.merkle_tree import GrowingTree
from tests.foundation.journal.turned import Turned
from tests.foundation.proofs.trees import mth

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
begin = import_module("qorgau.foundation.journal.migrations.0005_begin_tree").begin


def grow(rows: int) -> None:
    with transaction.atomic():
        append_entries([(Turned(turn), SUBJECT) for turn in range(rows)], acting_user=None)


@pytest.fixture
def journal_of_before() -> None:
    grow(600)
    JournalNode.objects.all().delete()
    JournalHead.objects.update(edge=b"")


def test_its_size_head_and_root_are_the_next_entry(journal_of_before: None) -> None:
    before = list(JournalEntry.objects.order_by("sequence").values_list("digest", flat=True))
    begin(apps, None)
    rows = list(JournalEntry.objects.order_by("sequence"))
    assert [row.digest for row in rows[:-1]] == before
    assert (rows[-1].action, rows[-1].actor_kind) == ("journal.tree_begun", "system")
    root = mth([bytes.fromhex(digest) for digest in before]).hex()
    assert json.loads(rows[-1].details) == {"size": 600, "head": before[-1], "root": root}
    assert verify_journal().is_intact
    grow(300)
    assert verify_journal().is_intact


def test_a_journal_that_missed_rows_before_is_not_refused(journal_of_before: None) -> None:
    """The register goes on, and what was missing is still named."""
    JournalEntry.objects.filter(sequence__in=[7, 8, 599, 600]).delete()
    begin(apps, None)
    head = JournalHead.objects.get()
    assert GrowingTree(head.sequence, bytes(head.edge)).size == 601
    grow(1)
    explanations = [fault.explanation for fault in verify_journal().faults]
    assert explanations == ["Entries 7 to 8 are missing.", "Entries 599 to 600 are missing."]


def test_an_empty_journal_begins_with_its_first_entry() -> None:
    begin(apps, None)
    assert not JournalEntry.objects.exists()
