"""Counted incidents laid out by kind, month and sub-unit."""

from __future__ import annotations

import datetime as dt

from qorgau.analysis.figures.counted_cells import (
    CountedCell,
    cases_by_kind,
    cases_by_month,
    cases_by_sub_unit,
    cells_of,
)
from qorgau.analysis.figures.person_time import months_of
from qorgau.records.people.rules import Span


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CELLS = [
    CountedCell(1, day("2024-01-20"), "injury", 2, 0),
    CountedCell(1, day("2024-02-01"), "injury", 3, 0),
    CountedCell(2, day("2024-02-29"), "illness", 4, 4),
    CountedCell(9, day("2024-02-29"), "injury", 1, 0),
]


def test_kinds_are_counted_and_chosen():
    assert cases_by_kind(CELLS) == {"injury": 6, "illness": 4}
    assert cells_of(CELLS, ("illness",)) == [CELLS[2]]


def test_a_month_that_begins_within_its_calendar_month_has_its_cases():
    months = months_of(Span(day("2024-01-15"), day("2024-04-01")))
    assert cases_by_month(CELLS, months) == [2, 8, 0]
    assert cases_by_month([], months) == [0, 0, 0]


def test_a_unit_that_moved_counts_where_it_was_on_the_day():
    moved = day("2024-02-01")
    stays = {
        10: {1: [Span(day("2024-01-01"), moved)], 2: [Span(day("2024-01-01"), day("2025-01-01"))]},
        20: {1: [Span(moved, day("2025-01-01"))]},
        30: {},
    }
    assert cases_by_sub_unit(CELLS, stays) == {10: 6, 20: 3, 30: 0}
