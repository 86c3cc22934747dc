"""Strength reports: no negative number, no day counted twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.records.people.choices import Category
from qorgau.records.people.models import Organisation, StrengthReport, Unit
from qorgau.records.people.services import UnitDraft, create_units, report_strength

pytestmark = pytest.mark.django_db


def month(number: int) -> dt.date:
    return dt.date(2025, number, 1)


@pytest.fixture
def unit(force: Organisation) -> Unit:
    drafts = [UnitDraft("unit", month(1)), UnitDraft("other", month(1))]
    return create_units(organisation=force, drafts=drafts, acting_user=None)[0]


def report(unit: Unit, **changes: Any) -> StrengthReport:
    report = {
        "unit": unit,
        "category": Category.CONSCRIPT,
        "valid_from": month(1),
        "valid_until": month(4),
        "strength": 120,
    }
    return report_strength(**report | changes, acting_user=None)


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"strength": -1}, "strength", "cannot be below zero"),
        ({"valid_until": month(1)}, "valid_until", "must end after it begins"),
        ({"valid_until": dt.date(2024, 1, 1)}, "valid_until", "must end after it begins"),
        ({"category": "wizards"}, "category", "not a valid choice"),
    ],
)
def test_a_wrong_report_is_refused_at_its_field(
    unit: Unit, changes: dict[str, Any], field: str, expected: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        report(unit, **changes)
    assert expected in refusal.value.message_dict[field][0]
    assert not StrengthReport.objects.exists()


def test_zero_strength_is_a_report_too(unit: Unit) -> None:
    assert report(unit, strength=0).strength == 0


def test_a_second_report_of_the_same_period_replaces_the_first(unit: Unit) -> None:
    report(unit)
    report(unit, strength=118, valid_until=month(3))
    only = StrengthReport.objects.get()
    assert (only.strength, only.valid_until) == (118, month(3))


@pytest.mark.parametrize(
    ("start", "end"), [(month(2), month(3)), (month(3), month(6)), (dt.date(2024, 12, 1), month(2))]
)
def test_an_overlapping_report_is_refused(unit: Unit, start: dt.date, end: dt.date) -> None:
    report(unit)
    with pytest.raises(ValidationError, match="overlaps another strength report of unit"):
        report(unit, valid_from=start, valid_until=end)
    assert StrengthReport.objects.count() == 1


def test_a_longer_report_that_would_reach_into_the_next_is_refused(unit: Unit) -> None:
    report(unit)
    report(unit, valid_from=month(4), valid_until=month(7))
    with pytest.raises(ValidationError, match="overlaps another strength report"):
        report(unit, valid_until=month(5))


def test_neighbouring_periods_other_categories_and_other_units_do_not_overlap(unit: Unit) -> None:
    report(unit)
    report(unit, valid_from=month(4), valid_until=month(7))
    report(unit, category=Category.OFFICER)
    report(Unit.objects.get(code="other"))
    assert StrengthReport.objects.count() == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [(Category.ALL, Category.OFFICER), (Category.OFFICER, Category.ALL)],
)
def test_all_categories_together_and_one_of_them_would_count_people_twice(
    unit: Unit, first: str, second: str
) -> None:
    report(unit, category=first)
    with pytest.raises(ValidationError, match="overlaps another strength report of unit"):
        report(unit, category=second, valid_from=month(2), valid_until=month(6))
    report(unit, category=second, valid_from=month(4), valid_until=month(6))
    assert StrengthReport.objects.count() == 2
