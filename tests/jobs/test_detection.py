"""Detection runs are stored with their signals; one event is one signal."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun, Signal
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register

BURST = "fall.height"


@shared_register
def units() -> dict[str, Unit]:
    made = make_units()
    happen(made["B-2"], *map(weeks_before, range(4, 130, 4)), cause="exertion.running")
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def detect(user: User, unit: Unit, week: dt.date = WEEK, **more: int) -> list[DetectionRun]:
    stored = run_detection(
        question=SignalQuestion(unit, week), reader=user, acting_user=user, **more
    )
    return [one.run for one in stored]


def test_a_run_is_stored_with_its_signals_and_how_it_was_done(units, analyst):
    happen(units["B-1-1"], WEEK, number=5, cause=BURST)
    (run,) = detect(analyst, units["B"])
    signal = run.signals.get()
    assert (signal.unit, signal.measure) == (units["B-1-1"], "injury:fall.height")
    assert (signal.first_week, signal.last_week) == (WEEK, WEEK)
    assert (signal.observed, signal.state) == (5, "new")
    assert signal.expected < signal.upper_bound < 5
    assert signal.p_value < 0.001
    assert (run.unit, run.week_start, run.run_by) == (units["B"], WEEK, analyst)
    assert run.series_tested > 0
    assert run.parameters["alpha"] == "0.001"
    assert run.parameters["false_discovery_rate"] == "0.2"
    assert run.parameters["false_alarm_method"].startswith("hypotheses on a tree")
    explained = run.parameters["explained"]["B-1-1 injury:fall.height"]
    assert {one["unit_code"] for one in explained} == {"B", "B-1", "B-1-1"}
    assert "chance" in run.caveats


def test_the_same_week_again_makes_no_second_signal_but_brings_its_figures_up_to_date(
    units, analyst
):
    happen(units["B-1-1"], WEEK, number=5, cause=BURST)
    detect(analyst, units["B"])
    happen(units["B-1-1"], WEEK, number=2, cause=BURST)
    detect(analyst, units["B"])
    assert DetectionRun.objects.filter(counted="all").count() == 2
    assert Signal.objects.get(counted="all").observed == 7


def test_an_event_that_goes_on_updates_its_signal(units, analyst):
    for weeks_ago in (2, 1, 0):
        happen(units["B-1-1"], weeks_before(weeks_ago), number=4 + weeks_ago, cause=BURST)
    runs = detect(analyst, units["B"], weeks=3)
    signal = Signal.objects.get(counted="all")
    assert len(runs) == 3
    assert (signal.first_week, signal.last_week) == (weeks_before(2), WEEK)
    assert signal.observed == 4
    assert signal.run == runs[-1]


def test_looking_back_later_changes_nothing_of_a_known_event(units, analyst):
    for weeks_ago in (1, 0):
        happen(units["B-1-1"], weeks_before(weeks_ago), number=5 + weeks_ago, cause=BURST)
    detect(analyst, units["B"], weeks=2)
    detect(analyst, units["B"], weeks_before(1))
    signal = Signal.objects.get(counted="all")
    assert (signal.observed, signal.last_week) == (5, WEEK)


def test_nothing_is_stored_when_one_week_fails(units, analyst, monkeypatch):
    stored = []

    def fail_at_the_second(*_action: object, **words: object) -> None:
        stored.append(words)
        if len(stored) == 2:
            raise RuntimeError("the disk is full")
        return None

    monkeypatch.setattr("qorgau.records.signals.services.append_entry", fail_at_the_second)
    with pytest.raises(RuntimeError, match="disk is full"):
        detect(analyst, units["B"], weeks=2)
    assert not DetectionRun.objects.exists()
