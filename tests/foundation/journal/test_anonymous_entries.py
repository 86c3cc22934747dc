"""An anonymous entry shows only the hour, and its position shows nothing more."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction

from qorgau.foundation import clock
from qorgau.foundation.journal.models import AnonymousEntry, JournalEntry, JournalHead
from qorgau.foundation.journal.services import (
    append_anonymous_entry,
    append_entry,
    write_finished_hours,
)
from qorgau.foundation.journal.verification import verify_journal
from tests.foundation.journal.turned import Turned

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
NINE = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The current moment, which a test can replace."""
    held = [NINE]
    monkeypatch.setattr(clock, "now", lambda: held[0])
    return held


def anonymous(turn: int) -> None:
    with transaction.atomic():
        append_anonymous_entry(Turned(turn), subject=SUBJECT)


def named(turn: int) -> None:
    with transaction.atomic():
        append_entry(Turned(turn), subject=SUBJECT, acting_user=None)


def test_nothing_is_in_the_journal_before_the_hour_is_over(time: list[dt.datetime]) -> None:
    time[0] = NINE + 7 * MINUTE
    anonymous(1)
    time[0] = NINE + 59 * MINUTE
    named(2)
    assert [entry.actor_kind for entry in JournalEntry.objects.all()] == ["system"]
    assert write_finished_hours() == 0


def test_the_first_entry_of_a_later_hour_writes_it_dated_by_the_end_of_its_hour(
    time: list[dt.datetime],
) -> None:
    time[0] = NINE + 7 * MINUTE + dt.timedelta(seconds=31.4)
    anonymous(1)
    time[0] = NINE + 3 * clock.HOUR + 5 * MINUTE
    named(2)
    first, second = JournalEntry.objects.all()
    assert (first.actor_kind, first.at) == ("anonymous", NINE + clock.HOUR)
    assert (second.actor_kind, second.at) == ("system", time[0])
    assert not AnonymousEntry.objects.exists()
    assert verify_journal().is_intact


def test_no_stored_time_is_more_precise_than_the_hour(time: list[dt.datetime]) -> None:
    time[0] = NINE + 7 * MINUTE
    anonymous(1)
    assert AnonymousEntry.objects.get().hour == NINE
    assert JournalHead.objects.get().pending_since == NINE


def test_the_order_within_an_hour_is_random_and_hours_keep_theirs(time: list[dt.datetime]) -> None:
    for turn in range(40):
        time[0] = NINE + turn * MINUTE
        anonymous(turn)
    time[0] = NINE + clock.HOUR
    for turn in range(40, 44):
        anonymous(turn)
    keys = list(AnonymousEntry.objects.order_by("key").values_list("details", flat=True))
    time[0] = NINE + 5 * clock.HOUR
    assert write_finished_hours() == 44
    turns = [int(entry.details[8:-1]) for entry in JournalEntry.objects.all()]
    assert sorted(turns) == list(range(44))
    # One of 40! orders, different from the order of the keys.
    assert turns[:40] != list(range(40))
    assert keys != sorted(keys)
    assert set(turns[40:]) == set(range(40, 44))
    assert verify_journal().is_intact


def test_what_is_written_once_is_not_written_again(time: list[dt.datetime]) -> None:
    anonymous(1)
    time[0] = NINE + clock.HOUR
    anonymous(2)
    assert (write_finished_hours(), write_finished_hours()) == (1, 0)
    time[0] = NINE + 2 * clock.HOUR
    assert (write_finished_hours(), write_finished_hours()) == (1, 0)
    assert JournalHead.objects.get().pending_since is None


def test_a_change_that_fails_leaves_nothing_pending(time: list[dt.datetime]) -> None:
    def fail() -> None:
        with transaction.atomic():
            append_anonymous_entry(Turned(1), subject=SUBJECT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not AnonymousEntry.objects.exists()
    time[0] = NINE + clock.HOUR
    assert write_finished_hours() == 0
