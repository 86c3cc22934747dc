"""The false alarms of a whole run are controlled over both trees."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from qorgau.analysis.unit_cause_hierarchy.control import (
    RunControl,
    RunTests,
    control_false_alarms,
    events_that_hold,
    parents_within,
)
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance

# A brigade, two battalions, two companies in each.
UNITS = [-1, 0, 0, 1, 1, 2, 2]
# Injuries; three branches; three causes in each.
MEASURES = [-1, 0, 0, 0, *np.repeat([1, 2, 3], 3).tolist()]
WEEKS = 260
LEAST = 3


def run(cases, alarms: dict[tuple[int, int], float], **more) -> RunControl:
    units, measures = np.array(list(alarms), dtype=np.int64).reshape(-1, 2).T
    tests = RunTests(
        unit_parents=np.array(UNITS),
        measure_parents=np.array(MEASURES),
        cases=np.asarray(cases),
        weeks=more.pop("weeks", np.full(len(UNITS), WEEKS)),
        units=units,
        measures=measures,
        p_values=np.array(list(alarms.values())),
    )
    return control_false_alarms(tests, least_cases=LEAST, **more)


BUSY = np.full((7, 13), 500)
QUIET = np.zeros((7, 13), dtype=int)


def test_what_is_rare_among_few_tests_may_be_chance_among_many():
    assert run(BUSY, {(3, 4): 1e-6}).holds.tolist() == [True]
    assert run(BUSY, {(3, 4): 1e-3}).holds.tolist() == [False]
    # Ninety-one pairs are too few to make one in a thousand common where all others are silent.
    assert run(QUIET, {(3, 4): 1e-3}).holds.tolist() == [True]


def test_series_that_can_hardly_rise_are_not_counted():
    assert run(BUSY, {(3, 4): 0.5}).counted == 91
    assert run(QUIET, {(3, 4): 0.5}).counted == 1
    assert run(QUIET, {}).counted == 0


def test_a_short_history_makes_every_series_count():
    assert run(QUIET, {(3, 4): 0.5}, weeks=np.full(7, 15)).counted == 91


def test_units_without_a_test_are_left_out():
    weeks = np.array([WEEKS] * 6 + [0])
    assert run(BUSY, {(3, 4): 0.5}, weeks=weeks).counted == 78


def test_the_stated_rate_decides():
    alarm = {(3, 4): 1e-3}
    assert run(BUSY, alarm, false_discovery_rate=0.4).holds.all()
    assert not run(BUSY, alarm, false_discovery_rate=0.05).holds.any()
    with pytest.raises(ValueError, match="false_discovery_rate"):
        run(BUSY, alarm, false_discovery_rate=0.0)


def test_nothing_reached_and_nothing_watched():
    assert run(BUSY, {}).holds.size == 0
    empty = np.zeros(0, dtype=np.int64)
    nobody = RunTests(
        empty, np.array(MEASURES), np.zeros((0, 13)), empty, empty, empty, np.zeros(0)
    )
    assert control_false_alarms(nobody, least_cases=LEAST).holds.size == 0


def test_quiet_weeks_raise_no_more_than_stated():
    """Poisson counts over both trees whose laws are known, 2,000 quiet weeks: standard error 0.009.

    Counts are discrete and families dependent, so that the realised share is below the stated.
    """
    rng = np.random.default_rng(21)
    rates = rng.gamma(0.4, 0.5, (4, 9))
    to_units = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], *np.eye(4)])
    to_measures = np.vstack([np.ones(9), np.kron(np.eye(3), np.ones(3)), np.eye(9)])
    means = to_units @ rates @ to_measures.T
    history = rng.poisson(means * WEEKS)
    raised = []
    for _week in range(2000):
        counts = to_units @ rng.poisson(rates) @ to_measures.T
        tails = poisson.sf(counts - 1, means)
        reached = np.argwhere((counts >= LEAST) & (tails < 0.05))
        control = run(history, {(u, m): float(tails[u, m]) for u, m in reached.tolist()})
        raised.append(control.holds.any())
    assert 0.01 < np.mean(raised) < 0.2


BELOW = {1: frozenset({1, 2, 3, 4}), 2: frozenset({2, 4}), 3: frozenset({3}), 4: frozenset({4})}


def test_the_unit_next_above():
    assert parents_within(BELOW, [1, 2, 3, 4]).tolist() == [-1, 0, 0, 1]
    assert parents_within(BELOW, [2, 3, 4]).tolist() == [-1, -1, 0]


def test_units_that_changed_places_within_the_week_make_no_circle():
    swapped = {1: frozenset({1, 2}), 2: frozenset({1, 2})}
    assert parents_within(swapped, [1, 2]).tolist() == [1, -1]


def rise(unit: int, *, goes_on: bool = False) -> Exceedance:
    return Exceedance(Series(unit, "injury"), 5.0, 2.0, 1e-5, goes_on)


def test_a_new_event_holds_if_any_of_its_series_does():
    narrow, wide, other = rise(4), rise(2), rise(3)
    events = [(narrow, [wide]), (other, [])]
    assert events_that_hold(events, frozenset({wide.series})) == [(narrow, [wide])]
    assert events_that_hold(events, frozenset()) == []


def test_an_event_under_way_goes_on_while_it_is_above_its_bound():
    under_way, wide = rise(4, goes_on=True), rise(2)
    assert events_that_hold([(under_way, [wide])], frozenset()) == [(under_way, [wide])]
    assert events_that_hold([(wide, [under_way])], frozenset()) == [(under_way, [wide])]
    holding = frozenset({wide.series})
    assert events_that_hold([(wide, [under_way])], holding) == [(wide, [under_way])]
