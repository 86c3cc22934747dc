"""A row of the journal that was changed in the database is found and named."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.journal.chain import digest_of_row
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.journal.verification import Fault, verify_journal
from tests.foundation.journal.turned import Turned

pytestmark = pytest.mark.django_db

SUBJECT = uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


@pytest.fixture(autouse=True)
def twelve_rows() -> None:
    with transaction.atomic():
        append_entries([(Turned(turn), SUBJECT) for turn in range(1, 13)], acting_user=None)


def by_hand(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def faults() -> list[tuple[int, str]]:
    return [(fault.sequence, fault.kind) for fault in verify_journal().faults]


def only_fault() -> Fault:
    (fault,) = verify_journal().faults
    return fault


def test_an_untouched_journal_is_intact() -> None:
    verdict = verify_journal()
    assert verdict.is_intact
    assert verdict.rows_checked == 12


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("details", '{"turn":99}'),
        ("actor", "somebody"),
        ("actor_kind", "person"),
        ("content", "0" * 64),
        ("action", "test.unchanged"),
        ("subject_kind", "user"),
        ("at", "2001-01-01 00:00:00+00:00"),
        ("digest", "f" * 64),
    ],
)
def test_an_altered_row_is_named(column: str, value: str) -> None:
    by_hand(f"UPDATE journal_journalentry SET {column} = %s WHERE sequence = 5", value)
    assert faults() == [(5, "altered")]
    assert only_fault().explanation.startswith("Entry 5 ")


def test_the_sentence_names_the_record_of_the_altered_row() -> None:
    by_hand("UPDATE journal_journalentry SET details = '{}' WHERE sequence = 5")
    assert str(SUBJECT) in only_fault().explanation
    assert "was altered after it was written" in only_fault().explanation


def test_a_row_rewritten_with_a_matching_digest_is_detected_by_the_next() -> None:
    row = JournalEntry.objects.get(sequence=5)
    digest = digest_of_row(
        sequence=5, at=row.at, actor="somebody", action=row.action,
        subject_kind=row.subject_kind, subject_uuid=row.subject_uuid, details=row.details,
        previous_digest=row.previous_digest, actor_kind=row.actor_kind, content=row.content,
    )  # fmt: skip
    by_hand(
        "UPDATE journal_journalentry SET actor = 'somebody', digest = %s WHERE sequence = 5",
        digest,
    )
    fault = only_fault()
    assert (fault.sequence, fault.kind) == (5, "altered")
    assert fault.explanation.startswith("Entry 5 is not the one that entry 6 was written after")


def test_the_last_row_rewritten_with_a_matching_digest_is_detected_by_the_head() -> None:
    row = JournalEntry.objects.get(sequence=12)
    digest = digest_of_row(
        sequence=12, at=row.at, actor="somebody", action=row.action,
        subject_kind=row.subject_kind, subject_uuid=row.subject_uuid, details=row.details,
        previous_digest=row.previous_digest, actor_kind=row.actor_kind, content=row.content,
    )  # fmt: skip
    by_hand(
        "UPDATE journal_journalentry SET actor = 'somebody', digest = %s WHERE sequence = 12",
        digest,
    )
    assert faults() == [(12, "altered")]


def test_a_missing_row_is_named() -> None:
    by_hand("DELETE FROM journal_journalentry WHERE sequence = 5")
    assert (only_fault().sequence, only_fault().kind) == (5, "missing")
    assert only_fault().explanation == "Entry 5 is missing."


def test_consecutive_missing_rows_are_named_together() -> None:
    by_hand("DELETE FROM journal_journalentry WHERE sequence IN (1, 2, 3)")
    assert only_fault().explanation == "Entries 1 to 3 are missing."


def test_two_swapped_rows_are_both_named_with_their_old_numbers() -> None:
    by_hand("UPDATE journal_journalentry SET sequence = 100 WHERE sequence = 4")
    by_hand("UPDATE journal_journalentry SET sequence = 4 WHERE sequence = 9")
    by_hand("UPDATE journal_journalentry SET sequence = 9 WHERE sequence = 100")
    named = {fault.sequence: fault for fault in verify_journal().faults}
    assert set(named) == {4, 9}
    assert all(fault.kind == "reordered" for fault in named.values())
    assert "was written as entry 9" in named[4].explanation


def test_rows_cut_off_at_the_end_are_detected() -> None:
    by_hand("DELETE FROM journal_journalentry WHERE sequence > 9")
    fault = only_fault()
    assert (fault.sequence, fault.kind) == (10, "cut_off")
    assert fault.explanation == "Entries 10 to 12 were cut off the end of the journal."


def test_a_journal_without_rows_but_with_its_head_is_detected() -> None:
    by_hand("DELETE FROM journal_journalentry")
    assert faults() == [(1, "cut_off")]


def test_a_journal_without_its_head_is_detected() -> None:
    by_hand("DELETE FROM journal_journalhead")
    assert faults() == [(12, "altered")]


def test_a_row_inserted_at_the_end_is_detected() -> None:
    by_hand(
        "INSERT INTO journal_journalentry (sequence, at, actor, actor_kind, action, subject_kind,"
        " subject_uuid, details, content, previous_digest, digest)"
        " SELECT 13, at, actor, actor_kind, action, subject_kind,"
        " subject_uuid, details, content, previous_digest, digest"
        " FROM journal_journalentry WHERE sequence = 12"
    )
    assert faults() == [(13, "reordered")]


def test_the_search_stops_at_the_maximum_number_of_faults() -> None:
    by_hand("UPDATE journal_journalentry SET details = '{}'")
    assert len(verify_journal(most_faults=4).faults) == 4


def test_the_command_names_the_row_and_fails() -> None:
    by_hand("UPDATE journal_journalentry SET details = '{}' WHERE sequence = 5")
    answer = CliRunner().invoke(app, ["journal", "verify"])
    assert answer.exit_code == 1
    assert "altered: Entry 5 (test.changed, unit" in answer.output
    as_json = json.loads(CliRunner().invoke(app, ["journal", "verify", "--json"]).output)
    assert as_json["is_intact"] is False
    assert [fault["sequence"] for fault in as_json["faults"]] == [5]


def test_the_command_accepts_an_intact_journal() -> None:
    answer = CliRunner().invoke(app, ["journal", "verify"])
    assert answer.exit_code == 0
    assert "The journal is intact: 12 entries checked." in answer.output
