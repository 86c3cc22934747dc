"""Decisions on plain values: spans of days, and cycles in a tree of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Days from ``start`` until, not including, ``end``."""

    start: dt.date
    end: dt.date

    def meet(self, other: Span) -> Span | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def without(self, others: Iterable[Span]) -> list[Span]:
        """The parts, in order, that remain without the days of the others."""
        left, start = [], self.start
        for other in sorted(others, key=lambda span: span.start):
            if other.start > start:
                left.append(Span(start, min(other.start, self.end)))
            start = max(start, other.end)
            if start >= self.end:
                return left
        return [*left, Span(start, self.end)]

    @property
    def days(self) -> int:
        return (self.end - self.start).days


@dataclass(frozen=True)
class Exposure:
    """``strength`` people of a category served in a unit over a span."""

    unit_id: int
    category: str
    span: Span
    strength: int

    @property
    def person_days(self) -> int:
        return self.strength * self.span.days


def person_days_by_span(exposures: Iterable[Exposure], spans: list[Span]) -> list[int]:
    """Person-days in each of ``spans`` (months, weeks), in the same order."""
    totals = [0] * len(spans)
    for exposure in exposures:
        for index, span in enumerate(spans):
            shared = exposure.span.meet(span)
            if shared:
                totals[index] += exposure.strength * shared.days
    return totals


def first_in_a_cycle(parent_of: Mapping[str, str | None]) -> str | None:
    """The first unit (by code) that would be, directly or indirectly, below itself."""
    settled: set[str] = set()
    for start in parent_of:
        walked: list[str] = []
        seen: set[str] = set()
        at: str | None = start
        while at is not None and at not in settled:
            if at in seen:
                return at
            seen.add(at)
            walked.append(at)
            at = parent_of.get(at)
        settled.update(walked)
    return None
