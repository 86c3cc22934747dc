"""Person-time of a unit's subtree, with results computed by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people import queries
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Organisation, Person, Unit
from qorgau.records.people.rules import Span, person_days_by_span
from qorgau.records.people.services import (
    PersonDraft,
    UnitDraft,
    close_unit,
    create_units,
    grant_role,
    post_person,
    record_people,
    report_strength,
    revise_unit,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2025, 1, 1)
MARCH = dt.date(2025, 3, 1)
APRIL = dt.date(2025, 4, 1)
YEAR_END = dt.date(2026, 1, 1)
YEAR = Span(NEW_YEAR, YEAR_END)


@pytest.fixture
def units(force: Organisation) -> dict[str, Unit]:
    drafts = [
        UnitDraft("top", NEW_YEAR),
        UnitDraft("left", NEW_YEAR, parent_code="top"),
        UnitDraft("right", NEW_YEAR, parent_code="top"),
        UnitDraft("team", NEW_YEAR, parent_code="left"),
    ]
    made = create_units(organisation=force, drafts=drafts, acting_user=None)
    return {unit.code: unit for unit in made}


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    user = User.objects.create(username="analyst")
    grant_role(user=user, role=Role.ANALYST, unit=units["top"], acting_user=None)
    return user


def strength(
    unit: Unit, of: int, start: dt.date, end: dt.date, category: str = Category.ALL
) -> None:
    report_strength(
        unit=unit, category=category, valid_from=start, valid_until=end, strength=of,
        acting_user=None,
    )  # fmt: skip


def post(code: str, unit: str, start: dt.date, category: str = Category.CONSCRIPT) -> Person:
    draft = PersonDraft(code, unit, category, start)
    return record_people(drafts=[draft], acting_user=None)[0]


def person_days(user: User, unit: Unit, span: Span, *categories: str) -> int:
    return sum(e.person_days for e in queries.exposures(user, unit, span, categories or None))


def test_strength_times_days(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 100, NEW_YEAR, YEAR_END)
    assert person_days(analyst, units["top"], YEAR) == 100 * 365
    # January and February 2025 have 59 days.
    assert person_days(analyst, units["top"], Span(NEW_YEAR, MARCH)) == 100 * 59
    assert person_days(analyst, units["right"], YEAR) == 0


def test_only_the_shared_days_of_report_and_period_count(
    units: dict[str, Unit], analyst: User
) -> None:
    strength(units["team"], 10, dt.date(2024, 12, 1), dt.date(2025, 1, 11))
    strength(units["team"], 20, dt.date(2025, 1, 21), dt.date(2025, 2, 1))
    # 10 people on 10 days of January, nobody reported for 10 days, 20 people on 11 days.
    assert person_days(analyst, units["top"], Span(NEW_YEAR, MARCH)) == 10 * 10 + 20 * 11


def test_postings_count_each_person_by_the_day(units: dict[str, Unit], analyst: User) -> None:
    post("P-1", "team", NEW_YEAR)
    post("P-2", "team", MARCH)
    assert person_days(analyst, units["top"], YEAR) == 365 + 306


def test_the_time_of_a_unit_that_moves_moves_with_it(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 100, NEW_YEAR, YEAR_END)
    revise_unit(unit=units["team"], on=APRIL, parent=units["right"], acting_user=None)
    # 90 days until the first of April, 275 after.
    assert person_days(analyst, units["left"], YEAR) == 100 * 90
    assert person_days(analyst, units["right"], YEAR) == 100 * 275
    assert person_days(analyst, units["team"], YEAR) == 100 * 365
    assert person_days(analyst, units["top"], YEAR) == 100 * 365


def test_the_earlier_days_of_a_posted_person_stay_with_the_old_unit(
    units: dict[str, Unit], analyst: User
) -> None:
    person = post("P-1", "team", NEW_YEAR)
    post_person(
        person=person, unit=units["right"], category=Category.SERGEANT, on=APRIL, acting_user=None
    )
    assert person_days(analyst, units["left"], YEAR) == 90
    assert person_days(analyst, units["right"], YEAR) == 275
    assert person_days(analyst, units["top"], YEAR, Category.SERGEANT) == 275


def test_the_time_of_a_closed_unit_ends_with_it(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 100, NEW_YEAR, YEAR_END)
    close_unit(unit=units["team"], on=MARCH, acting_user=None)
    assert person_days(analyst, units["top"], YEAR) == 100 * 59


def test_strength_counts_where_it_was_reported_and_postings_on_the_other_days(
    units: dict[str, Unit], analyst: User
) -> None:
    post("P-1", "team", NEW_YEAR)
    strength(units["team"], 100, MARCH, APRIL)
    # Never both on one day: 59 days of one person, 31 days of a hundred, 275 of one.
    assert person_days(analyst, units["top"], YEAR) == 59 + 31 * 100 + 275


def test_periods_side_by_side_add_up_to_the_whole(units: dict[str, Unit], analyst: User) -> None:
    post("P-1", "team", NEW_YEAR)
    post("P-2", "right", MARCH)
    strength(units["team"], 100, MARCH, APRIL)
    strength(units["right"], 7, APRIL, dt.date(2025, 6, 15))
    starts = [dt.date(2025, month, 1) for month in range(1, 13)]
    months = [Span(a, b) for a, b in zip(starts, [*starts[1:], YEAR_END], strict=True)]
    asked_one_by_one = [person_days(analyst, units["top"], month) for month in months]
    whole = queries.exposures(analyst, units["top"], YEAR)
    assert asked_one_by_one == person_days_by_span(whole, months)


def test_time_by_category(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 30, NEW_YEAR, YEAR_END, Category.CONSCRIPT)
    strength(units["team"], 5, NEW_YEAR, YEAR_END, Category.OFFICER)
    assert person_days(analyst, units["top"], YEAR, Category.OFFICER) == 5 * 365
    assert person_days(analyst, units["top"], YEAR) == 35 * 365


def test_how_many_served_on_a_day(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 30, NEW_YEAR, MARCH)
    strength(units["right"], 12, NEW_YEAR, YEAR_END)
    assert queries.strength_on(analyst, units["top"], dt.date(2025, 2, 28)) == 42
    assert queries.strength_on(analyst, units["top"], MARCH) == 12


def test_only_visible_units_count(units: dict[str, Unit], analyst: User) -> None:
    strength(units["team"], 30, NEW_YEAR, YEAR_END)
    strength(units["right"], 12, NEW_YEAR, YEAR_END)
    of_right = User.objects.create(username="right")
    grant_role(user=of_right, role=Role.COMMANDER, unit=units["right"], acting_user=None)
    assert person_days(of_right, units["top"], YEAR) == 12 * 365
    reporter = User.objects.create(username="reporter")
    grant_role(user=reporter, role=Role.REPORTER, unit=units["top"], acting_user=None)
    assert person_days(reporter, units["top"], YEAR) == 0
