"""Rows are only appended, in the transaction of the change, and form one chain."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from qorgau.foundation.identity.services import create_user
from qorgau.foundation.journal import queries
from qorgau.foundation.journal.chain import GENESIS
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import append_entries, append_entry
from qorgau.foundation.journal.verification import verify_journal
from tests.foundation.journal.turned import Turned
from tests.writers import at_once

SUBJECT = uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


def append(turn: int | None = None) -> JournalEntry:
    with transaction.atomic():
        return append_entry(Turned(turn), subject=SUBJECT, acting_user=None)


@pytest.mark.django_db
def test_rows_are_numbered_and_each_names_the_digest_before_it() -> None:
    first, second = append(), append()
    assert (first.sequence, first.previous_digest) == (1, GENESIS)
    assert (second.sequence, second.previous_digest) == (2, first.digest)


@pytest.mark.django_db
def test_many_rows_at_once_form_one_chain_in_order() -> None:
    append()
    with transaction.atomic():
        append_entries([(Turned(turn), SUBJECT) for turn in range(50)], acting_user=None)
    turns = [row.details for row in JournalEntry.objects.order_by("sequence")[1:]]
    assert turns == [f'{{"turn":{turn}}}' for turn in range(50)]
    assert verify_journal().is_intact


@pytest.mark.django_db
def test_the_actor_is_the_user_or_the_system() -> None:
    create_user(username="aigul", password="long enough 1", acting_user=None)
    made = JournalEntry.objects.get(action="identity.user_created")
    assert (made.actor_kind, made.actor) == ("system", "")
    assert "long enough" not in made.details


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        append_entry(Turned(), subject=SUBJECT, acting_user=None)
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db
def test_a_change_that_fails_leaves_no_row_and_no_gap() -> None:
    def fail_halfway() -> None:
        append()
        raise ZeroDivisionError

    append()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail_halfway()
    assert append().sequence == 2
    assert verify_journal().is_intact


@pytest.mark.django_db
def test_what_happened_to_a_record_is_read_oldest_first() -> None:
    append(turn=1)
    append(turn=2)
    assert [row.sequence for row in queries.entries_about([SUBJECT])] == [1, 2]
    assert [row.sequence for row in queries.latest_entries()] == [2, 1]
    assert not queries.entries_about([uuid.uuid4()])


def test_concurrent_writers_form_one_unbroken_chain(several_writers: None) -> None:
    def write_ten() -> None:
        for turn in range(10):
            append(turn=turn)

    # From the very first row on: only one of them creates the head of the journal.
    at_once(*[write_ten] * 4)
    verdict = verify_journal()
    assert verdict.faults == ()
    assert verdict.rows_checked == 40
