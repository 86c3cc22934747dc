"""A signal's steps, and which weeks are one event."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from qorgau.records.signals import rules
from qorgau.records.signals.choices import SignalState

STEPS = {
    ("new", "under_investigation"), ("new", "explained"), ("new", "dismissed"),
    ("under_investigation", "explained"), ("under_investigation", "dismissed"),
    ("explained", "under_investigation"), ("dismissed", "under_investigation"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "to"), list(product(SignalState.values, repeat=2)))
def test_every_step_is_allowed_or_forbidden(state: str, to: str) -> None:
    assert rules.may_move(state, to) is ((state, to) in STEPS)


@pytest.mark.parametrize(
    ("weeks_later", "is_one_event"), [(-1, False), (0, True), (1, True), (3, True), (4, False)]
)
def test_a_rise_after_at_most_two_calm_weeks_is_the_same_event(
    weeks_later: int, is_one_event: bool
) -> None:
    week = dt.date(2025, 3, 3)
    assert rules.continues(week, week + dt.timedelta(weeks=weeks_later)) is is_one_event
