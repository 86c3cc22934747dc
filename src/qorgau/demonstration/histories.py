"""The state of each incident of the synthetic brigade: open, investigated, closed, merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qorgau.demonstration.draws import pick
from qorgau.demonstration.events import IncidentRow
from qorgau.demonstration.injuries import GRAVE_OUTCOMES
from qorgau.demonstration.narratives import finding_on

# Steps taken through the services, one after another, after the incident is recorded.
BEGIN, SUBMIT, RETURN, CLOSE, REOPEN = "begin", "submit", "return", "close", "reopen"

_BEGUN = (BEGIN,)
_AWAITING = (BEGIN, SUBMIT)
_FULL = (BEGIN, SUBMIT, RETURN, SUBMIT, CLOSE)
_REOPENED = (BEGIN, SUBMIT, CLOSE, REOPEN)
_LEFT_TRIAGED: tuple[str, ...] = ()
_CLOSED = ("closed",)

# (maximum age in days, what happened to them, how often)
_COURSES: tuple[tuple[int, tuple[tuple[str, ...], ...], tuple[float, ...]], ...] = (
    (
        28,
        (_LEFT_TRIAGED, _CLOSED, _BEGUN, _AWAITING, _FULL),
        (0.42, 0.32, 0.14, 0.08, 0.04),
    ),
    (
        120,
        (_LEFT_TRIAGED, _CLOSED, _BEGUN, _AWAITING, _REOPENED),
        (0.05, 0.82, 0.08, 0.04, 0.01),
    ),
    (100_000, (_LEFT_TRIAGED, _CLOSED, _BEGUN), (0.003, 0.994, 0.003)),
)


def with_history(rng: np.random.Generator, row: IncidentRow, last_day: dt.date) -> IncidentRow:
    """Return the row with its state, or with the steps that lead to it."""
    age_days = (last_day - row.occurred_at.date()).days
    is_grave = any(i.outcome in GRAVE_OUTCOMES for person in row.involved for i in person.injuries)
    _, courses, shares = next(course for course in _COURSES if age_days < course[0])
    steps = pick(rng, courses, shares)
    if is_grave:
        steps = _FULL if age_days > 60 else _BEGUN
    finding = finding_on(row.cause, row.language)
    if steps == _CLOSED:
        return replace(row, state="closed", finding=finding)
    # The finding stays in the row and is not recorded until a step requires it.
    return replace(row, steps=steps, finding=finding)


DUPLICATES = 4


def make_duplicates(
    rng: np.random.Generator, rows: Sequence[IncidentRow], last_day: dt.date
) -> list[IncidentRow]:
    """Incidents that were entered twice; ``duplicate_of`` names the incident to merge into."""
    candidates = [
        row
        for row in rows
        if 10 < (last_day - row.occurred_at.date()).days < 60
        and row.kind == "injury"
        and not row.cluster
        and row.occurred_at.weekday() < 6
    ]
    chosen = rng.choice(len(candidates), size=DUPLICATES, replace=False)
    return [
        replace(
            candidates[index],
            occurred_at=candidates[index].occurred_at + dt.timedelta(minutes=40),
            narrative=candidates[index].narrative.partition(". ")[0] + ".",
            state="triaged",
            finding="",
            steps=(),
            involved=(),
            duplicate_of=candidates[index].key,
        )
        for index in sorted(chosen)
    ]
