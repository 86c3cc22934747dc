"""Person-time by month and by sub-unit."""

from __future__ import annotations

import datetime as dt

from qorgau.analysis.figures.person_time import (
    months_of,
    person_days,
    person_days_by_month,
    person_days_by_sub_unit,
)
from qorgau.records.people.rules import Exposure, Span


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(start: str, end: str) -> Span:
    return Span(day(start), day(end))


def test_months_are_cut_to_the_span_and_cover_it():
    months = months_of(span("2023-11-20", "2024-03-01"))
    assert [month.start for month in months] == [
        day("2023-11-20"),
        day("2023-12-01"),
        day("2024-01-01"),
        day("2024-02-01"),
    ]
    assert sum(month.days for month in months) == 102
    assert months[-1].end == day("2024-03-01")


def test_person_days_fall_into_the_months_in_which_they_were_served():
    exposures = [
        Exposure(1, "all", span("2024-01-01", "2024-03-01"), 10),
        Exposure(2, "all", span("2024-01-31", "2024-02-02"), 3),
    ]
    months = months_of(span("2024-01-01", "2024-04-01"))
    by_month = person_days_by_month(exposures, months)
    assert by_month.tolist() == [10 * 31 + 3, 10 * 29 + 3, 0]
    assert by_month.sum() == person_days(exposures)
    assert person_days_by_month([], months).tolist() == [0, 0, 0]


def test_a_unit_that_moved_counts_where_it_was_on_each_day():
    exposures = [Exposure(11, "all", span("2024-01-01", "2024-01-31"), 5)]
    stays = {
        1: {11: [span("2024-01-01", "2024-01-11")]},
        2: {11: [span("2024-01-11", "2024-01-21"), span("2024-01-26", "2024-02-01")]},
        3: {},
    }
    assert person_days_by_sub_unit(exposures, stays) == {1: 50, 2: 75, 3: 0}
