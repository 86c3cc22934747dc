"""Which signal is about which injected cluster."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.demonstration.brigade import Expectation
from qorgau.demonstration.evaluation import SignalSeen, evaluate_signals
from qorgau.demonstration.injected_clusters import CLUSTERS

LAST_DAY = dt.date(2024, 12, 29)
WEEK = dt.timedelta(weeks=1)
ROLLOVERS = next(cluster for cluster in CLUSTERS if cluster.key == "rollovers")
FIRST, SECOND = ROLLOVERS.weeks(LAST_DAY)
EXPECTED = Expectation(ROLLOVERS, (FIRST, SECOND), 0.1)


def seen(unit: str, measure: str, first: dt.date, last: dt.date | None = None) -> SignalSeen:
    return SignalSeen(unit, measure, first, last or first, 4.0, 0.1)


def verdict_on(*signals: SignalSeen):  # type: ignore[no-untyped-def]
    return evaluate_signals([EXPECTED], signals).verdicts[0]


@pytest.mark.parametrize(
    ("unit", "measure"),
    [
        ("SYN-R2", "injury:transport.off_road"),
        ("SYN-R2", "injury:transport"),
        ("SYN-R2", "injury"),
        ("SYN-R2-4-1", "injury:transport.off_road"),
        ("SYN-R2-4-1", "injury"),
        ("SYN", "injury:transport.off_road"),
    ],
)
def test_a_signal_of_the_unit_and_cause_is_about_the_cluster(unit: str, measure: str) -> None:
    verdict = verdict_on(seen(unit, measure, SECOND))
    assert verdict.found_in == SECOND
    assert verdict.week_number == 2


@pytest.mark.parametrize(
    ("unit", "measure"),
    [
        ("SYN-R1", "injury:transport.off_road"),
        ("SYN", "injury"),
        ("SYN-R2", "injury:fall"),
        ("SYN-R2", "near_miss:transport.off_road"),
        ("ELSEWHERE", "injury:transport.off_road"),
    ],
)
def test_other_units_and_causes_do_not(unit: str, measure: str) -> None:
    evaluation = evaluate_signals([EXPECTED], [seen(unit, measure, FIRST)])
    assert evaluation.verdicts[0].found_in is None
    assert evaluation.verdicts[0].week_number is None
    assert len(evaluation.others) == 1


def test_the_earliest_week_counts() -> None:
    late = seen("SYN-R2", "injury:transport", SECOND)
    early = seen("SYN-R2-5", "injury:transport", FIRST)
    verdict = verdict_on(late, early)
    assert (verdict.signal, verdict.week_number) == (early, 1)


def test_the_week_after_still_counts_and_later_ones_do_not() -> None:
    assert verdict_on(seen("SYN-R2", "injury:transport", SECOND + WEEK)).week_number == 3
    assert verdict_on(seen("SYN-R2", "injury:transport", SECOND + 2 * WEEK)).found_in is None


def test_an_earlier_signal_counts_from_its_last_known_week() -> None:
    lasted = seen("SYN-R2", "injury:transport", FIRST - 2 * WEEK, SECOND)
    assert verdict_on(lasted).found_in == SECOND
    was_over = seen("SYN-R2", "injury:transport", FIRST - 3 * WEEK, FIRST - WEEK)
    assert verdict_on(was_over).found_in is None
