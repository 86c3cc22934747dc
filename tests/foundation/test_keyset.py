"""Pages by key: no row is skipped or repeated, forwards and backwards, with equal times."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from qorgau.foundation.identifiers import new_uuid
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import append_entries
from qorgau.foundation.keyset import page_of
from tests.foundation.journal.turned import Turned

KEY = ("-at", "-sequence")
MOMENT = dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def eleven_rows(db: None) -> None:
    """Five rows with one time, six with the next."""
    with transaction.atomic():
        for minute, count in ((0, 5), (1, 6)):
            entries = [(Turned(), new_uuid()) for _number in range(count)]
            append_entries(entries, acting_user=None, at=MOMENT + dt.timedelta(minutes=minute))


def numbers(rows: list[JournalEntry]) -> list[int]:
    return [row.sequence for row in rows]


@pytest.mark.usefixtures("eleven_rows")
def test_forward_pages_contain_every_row_once_in_order() -> None:
    seen, cursor = [], ""
    for _page in range(10):
        page = page_of(JournalEntry.objects.all(), key=KEY, size=3, after=cursor)
        seen += numbers(page.rows)
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == list(range(11, 0, -1))


@pytest.mark.usefixtures("eleven_rows")
def test_going_back_leads_to_the_previous_page() -> None:
    rows = JournalEntry.objects.all()
    first = page_of(rows, key=KEY, size=4)
    second = page_of(rows, key=KEY, size=4, after=first.next_cursor)
    back = page_of(rows, key=KEY, size=4, before=second.previous_cursor)
    assert numbers(back.rows) == numbers(first.rows)
    assert (first.previous_cursor, back.previous_cursor) == ("", "")
    assert back.next_cursor == first.next_cursor


@pytest.mark.usefixtures("eleven_rows")
def test_ascending_order_works_the_same() -> None:
    first = page_of(JournalEntry.objects.all(), key=("at", "sequence"), size=6)
    second = page_of(
        JournalEntry.objects.all(), key=("at", "sequence"), size=6, after=first.next_cursor
    )
    assert numbers(first.rows) + numbers(second.rows) == list(range(1, 12))


@pytest.mark.usefixtures("eleven_rows")
def test_a_row_added_meanwhile_shifts_nothing() -> None:
    first = page_of(JournalEntry.objects.all(), key=KEY, size=5)
    with transaction.atomic():
        append_entries(
            [(Turned(), new_uuid())],
            acting_user=None,
            at=MOMENT + dt.timedelta(minutes=2),
        )
    second = page_of(JournalEntry.objects.all(), key=KEY, size=5, after=first.next_cursor)
    assert numbers(second.rows) == [6, 5, 4, 3, 2]


def encoded(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor",
    ["§", "abc", encoded([1]), encoded({"a": 1}), encoded(["no moment", 1]), encoded([[], 1])],
)
def test_a_damaged_cursor_is_refused_in_a_sentence(cursor: str) -> None:
    with pytest.raises(ValidationError, match="Start again from the first page"):
        page_of(JournalEntry.objects.all(), key=KEY, size=5, after=cursor)


@pytest.mark.usefixtures("eleven_rows")
@pytest.mark.parametrize(
    "values",
    [[5, 5], ["x", 5], ["2024-05-06", "5x"], [None, 5], [{}, 5], [[], 5], ["2024-05-06"], 7, {}],
)
def test_an_invented_cursor_is_refused(values: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    with pytest.raises(ValidationError, match="This page address is damaged"):
        page_of(JournalEntry.objects.all(), key=KEY, size=3, after=cursor)
