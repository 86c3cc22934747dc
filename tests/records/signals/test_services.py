"""Runs make signals or carry them on; a person says what each one is, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.optimistic_locking import StaleRecordError
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun, Signal
from qorgau.records.signals.services import (
    RiseRecord,
    RunRecord,
    record_detection_run,
    triage_signal,
)
from tests.world import OCCURRED, WEEK, World

pytestmark = pytest.mark.django_db

# How a signal gets into each state from new.
WAY_TO = {
    "new": [],
    "under_investigation": ["under_investigation"],
    "explained": ["explained"],
    "dismissed": ["dismissed"],
}
STEPS = {
    ("new", "under_investigation"), ("new", "explained"), ("new", "dismissed"),
    ("under_investigation", "explained"), ("under_investigation", "dismissed"),
    ("explained", "under_investigation"), ("dismissed", "under_investigation"),
}  # fmt: skip


def run(unit: Unit, weeks: int, *rises: RiseRecord) -> DetectionRun:
    record = RunRecord(
        unit=unit,
        week_start=WEEK + dt.timedelta(weeks=weeks),
        as_of=OCCURRED,
        method="ears_c2",
        method_version="1",
        series_tested=4,
        parameters={"alpha": 0.01},
        caveats=("few weeks",),
    )
    return record_detection_run(record=record, rises=rises, acting_user=None)


def rise(unit: Unit, observed: float = 8.0, measure: str = "near_miss") -> RiseRecord:
    return RiseRecord(unit.pk, measure, observed=observed, expected=2.0, upper_bound=5.0)


def triage(world: World, to: str, **more: Any) -> Signal:
    said = {"signal": world.signal, "to": to, "reason": "The winter march."} | more
    return triage_signal(**said, acting_user=world.inside[Role.SAFETY_OFFICER])


def test_a_run_without_rises_is_remembered_too(world: World) -> None:
    made = run(world.brigade, 0)
    assert made.signals.count() == 0
    assert DetectionRun.objects.get(pk=made.pk).caveats == ["few weeks"]


def test_the_same_rise_in_the_next_week_carries_the_signal_on(world: World) -> None:
    run(world.company, 0, rise(world.company))
    second = run(world.company, 1, rise(world.company, observed=11.0))
    only = Signal.objects.get(unit=world.company)
    assert (only.first_week, only.last_week) == (WEEK, WEEK + dt.timedelta(weeks=1))
    assert (only.observed, only.run, only.version) == (11.0, second, 2)


def test_after_three_calm_weeks_it_is_another_signal(world: World) -> None:
    run(world.company, 0, rise(world.company))
    run(world.company, 4, rise(world.company))
    assert Signal.objects.filter(unit=world.company).count() == 2


def test_another_measure_or_unit_is_another_signal(world: World) -> None:
    run(world.company, 0, rise(world.company), rise(world.company, measure="fall"),
        rise(world.other_battalion))  # fmt: skip
    assert Signal.objects.exclude(pk=world.signal.pk).count() == 3


def test_looking_at_a_past_week_again_changes_no_signal(world: World) -> None:
    run(world.company, 0, rise(world.company))
    run(world.company, 2, rise(world.company, observed=11.0))
    before = Signal.objects.filter(unit=world.company).values().get()
    for weeks in (0, 1):
        run(world.company, weeks, rise(world.company, observed=99.0))
    assert Signal.objects.filter(unit=world.company).values().get() == before


def test_looking_at_the_newest_week_again_takes_its_newest_figures(world: World) -> None:
    run(world.company, 0, rise(world.company))
    run(world.company, 0, rise(world.company, observed=9.0))
    only = Signal.objects.get(unit=world.company)
    assert (only.observed, only.first_week, only.last_week) == (9.0, WEEK, WEEK)


def test_the_journal_says_how_many_rises_and_new_signals(world: World) -> None:
    run(world.company, 0, rise(world.company))
    run(world.company, 1, rise(world.company), rise(world.company, measure="fall"))
    rows = JournalEntry.objects.filter(action="signals.detection_run").order_by("sequence")
    assert '"new_signals":1,"rises":2' in rows.last().details


@pytest.mark.parametrize("to", WAY_TO)
@pytest.mark.parametrize("state", WAY_TO)
def test_every_decision_on_every_state(world: World, state: str, to: str) -> None:
    for earlier in WAY_TO[state]:
        triage(world, earlier)
    rows = JournalEntry.objects.count()
    if (state, to) in STEPS:
        decided = triage(world, to)
        assert (decided.state, decided.reason) == (to, "The winter march.")
        assert decided.triaged_by == world.inside[Role.SAFETY_OFFICER]
        assert decided.triaged_at is not None
        assert JournalEntry.objects.count() == rows + 1
    else:
        with pytest.raises(ValidationError, match="so you can no longer do this"):
            triage(world, to)
        assert Signal.objects.get(pk=world.signal.pk).state == state
        assert JournalEntry.objects.count() == rows


@pytest.mark.parametrize("to", ["explained", "dismissed"])
def test_a_decision_needs_its_reason(world: World, to: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        triage(world, to, reason="  ")
    assert set(refusal.value.message_dict) == {"reason"}
    assert Signal.objects.get(pk=world.signal.pk).state == "new"


def test_to_begin_looking_needs_no_reason(world: World) -> None:
    assert triage(world, "under_investigation", reason="").state == "under_investigation"


def test_an_unknown_state_is_refused_in_a_sentence(world: World) -> None:
    with pytest.raises(ValidationError, match="so you can no longer do this"):
        triage(world, "celebrated")


def test_the_second_of_two_who_decide_is_refused(world: World) -> None:
    seen = world.signal.version
    triage(world, "explained", seen_version=seen)
    with pytest.raises(StaleRecordError, match="Someone else changed this record"):
        triage(world, "dismissed", seen_version=seen)
    assert Signal.objects.get(pk=world.signal.pk).state == "explained"
