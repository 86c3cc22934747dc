"""Spans of days, person-days, and cycles, on plain values."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.records.people.rules import Exposure, Span, first_in_a_cycle, person_days_by_span


def day(number: int) -> dt.date:
    return dt.date(2025, 1, number)


def span(start: int, end: int) -> Span:
    return Span(day(start), day(end))


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (span(1, 31), span(10, 20)),
        (span(12, 15), span(12, 15)),
        (span(5, 12), span(10, 12)),
        (span(19, 25), span(19, 20)),
        (span(20, 25), None),
        (span(1, 10), None),
    ],
)
def test_what_two_spans_share(other: Span, shared: Span | None) -> None:
    assert span(10, 20).meet(other) == shared
    assert other.meet(span(10, 20)) == shared


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], [span(10, 20)]),
        ([span(1, 5), span(20, 25)], [span(10, 20)]),
        ([span(12, 15)], [span(10, 12), span(15, 20)]),
        ([span(5, 12), span(18, 30)], [span(12, 18)]),
        ([span(14, 16), span(11, 12)], [span(10, 11), span(12, 14), span(16, 20)]),
        ([span(11, 15), span(13, 17)], [span(10, 11), span(17, 20)]),
        ([span(10, 20)], []),
    ],
)
def test_the_rest_of_a_span_without_others(others: list[Span], left: list[Span]) -> None:
    assert span(10, 20).without(others) == left


def test_person_days_are_counted_in_their_spans() -> None:
    exposures = [Exposure(1, "all", span(1, 11), 3), Exposure(2, "all", span(5, 25), 1)]
    # 3 people for 10 days and 1 for 6 until the 11th; then 1 person for 14 days.
    assert person_days_by_span(exposures, [span(1, 11), span(11, 31)]) == [36, 14]


@pytest.mark.parametrize(
    ("parents", "looping"),
    [
        ({"a": None, "b": "a", "c": "b"}, None),
        ({"a": "elsewhere", "b": "a"}, None),
        ({"a": "a"}, "a"),
        ({"a": "b", "b": "c", "c": "a"}, "a"),
        ({"x": "b", "b": "c", "c": "b"}, "b"),
        ({}, None),
    ],
)
def test_a_cycle_is_found_where_there_is_one(
    parents: dict[str, str | None], looping: str | None
) -> None:
    assert first_in_a_cycle(parents) == looping
