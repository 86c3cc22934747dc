"""An action is stored and read back; an unreadable entry still gives a sentence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from qorgau.foundation.journal.actions import EntryText, JournalAction, JournalReader
from qorgau.foundation.journal.chain import canonical_details


@dataclass(frozen=True)
class Lent(JournalAction):
    from_: dt.date
    to: str
    note_of_lender: str | None = None

    key = "test.lent"
    label = "Lent"
    subject_kind = "tool"
    subject_label = "tool"

    def sentence(self) -> str:
        return f"Lent to {self.to} in {self.from_.year}"

    def note(self) -> str:
        return self.note_of_lender or ""


READER = JournalReader([Lent])


def test_an_action_is_read_as_it_was_written() -> None:
    lent = Lent(dt.date(2024, 5, 6), "Aigul", "Bring it back.")
    stored = canonical_details(lent.details())
    assert stored == '{"from":"2024-05-06","note_of_lender":"Bring it back.","to":"Aigul"}'
    assert READER.read("test.lent", stored) == EntryText("Lent to Aigul in 2024", "Bring it back.")


def test_unknown_values_are_not_stored() -> None:
    assert set(Lent(dt.date(2024, 5, 6), "Aigul").details()) == {"from", "to"}


def test_details_of_another_version_are_ignored() -> None:
    assert READER.read("test.lent", '{"from":"2024-05-06","to":"A","fee":3}').sentence == (
        "Lent to A in 2024"
    )


@pytest.mark.parametrize(
    "stored", ["", "{", "[]", "null", "3", "{}", '{"from":"May","to":"A"}', "[" * 5000]
)
def test_an_unreadable_entry_still_says_what_was_done(stored: str) -> None:
    assert READER.read("test.lent", stored) == EntryText("Lent")


def test_an_action_that_is_no_longer_declared_still_gives_a_sentence() -> None:
    assert READER.read("test.sold", "{}").sentence == "A change of a kind that is no longer known"


def test_kinds_of_record_have_names() -> None:
    assert READER.kind_label("tool") == "tool"
    assert READER.kind_label("vehicle") == "record"
