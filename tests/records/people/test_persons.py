"""People under a code: all are recorded or none, and never in two units at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Organisation, Person, PersonIdentity, Posting, Unit
from qorgau.records.people.services import (
    PersonDraft,
    UnitDraft,
    create_units,
    post_person,
    record_people,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 1, 1)


@pytest.fixture
def units(force: Organisation) -> list[Unit]:
    drafts = [UnitDraft("one", DAY), UnitDraft("two", DAY)]
    return create_units(organisation=force, drafts=drafts, acting_user=None)


def record(*drafts: PersonDraft) -> list[Person]:
    return record_people(drafts=drafts, acting_user=None)


def draft(code: str, unit: str = "one", **more: Any) -> PersonDraft:
    return PersonDraft(code, unit, Category.CONTRACT, DAY, **more)


def test_the_name_is_only_in_the_identity(units: list[Unit]) -> None:
    record(draft("P-1", family_name="Ахметов", given_name="Ерлан"), draft("P-2"))
    assert PersonIdentity.objects.get().family_name == "Ахметов"
    journal = "".join(JournalEntry.objects.values_list("details", flat=True))
    assert "Ахметов" not in journal
    assert str(Person.objects.get(code="P-1")) == "P-1"


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        ([draft("P-1"), draft("P-2", "nowhere")], "There is no unit with the code nowhere"),
        ([draft("P-1"), draft("P-1")], "Two of the people to be added have the code P-1"),
        ([draft("P-1"), draft("P-0")], "There is already a person with the code P-0"),
        ([draft("P-1", until_day=DAY)], "The posting of P-1 must end after it begins"),
        ([draft("P-1", sex="other")], "not a valid choice"),
    ],
)
def test_wrong_people_are_all_refused_in_a_sentence(
    units: list[Unit], drafts: list[PersonDraft], expected: str
) -> None:
    record(draft("P-0"))
    with pytest.raises(ValidationError) as refusal:
        record(*drafts)
    assert expected in " ".join(refusal.value.messages)
    assert [person.code for person in Person.objects.all()] == ["P-0"]


def spans(person: Person) -> list[tuple[str, str, str]]:
    rows = Posting.objects.filter(person=person).order_by("valid_from")
    return [(row.unit.code, str(row.valid_from), str(row.valid_until)) for row in rows]


def post(person: Person, unit: Unit, on: dt.date) -> None:
    post_person(person=person, unit=unit, category=Category.SERGEANT, on=on, acting_user=None)


def test_a_new_posting_ends_the_one_before(units: list[Unit]) -> None:
    (person,) = record(draft("P-1"))
    post(person, units[1], dt.date(2025, 6, 1))
    assert spans(person) == [
        ("one", "2025-01-01", "2025-06-01"),
        ("two", "2025-06-01", "9999-12-31"),
    ]


def test_a_posting_recorded_late_ends_where_the_next_one_begins(units: list[Unit]) -> None:
    (person,) = record(draft("P-1"))
    post(person, units[1], dt.date(2025, 6, 1))
    post(person, units[1], dt.date(2025, 3, 1))
    assert spans(person) == [
        ("one", "2025-01-01", "2025-03-01"),
        ("two", "2025-03-01", "2025-06-01"),
        ("two", "2025-06-01", "9999-12-31"),
    ]


def test_two_postings_on_one_day_are_refused(units: list[Unit]) -> None:
    (person,) = record(draft("P-1"))
    with pytest.raises(ValidationError, match="P-1 already has a posting from 01 Jan 2025"):
        post(person, units[1], DAY)
    assert spans(person) == [("one", "2025-01-01", "9999-12-31")]
