"""Each series of a panel is tested by the best method that its history allows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from qorgau.analysis.figures.measures import MEASURES
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.panel import PairHistory, WeeklyPanel
from qorgau.analysis.unit_cause_hierarchy.watch import (
    LONGEST_HISTORY_WEEKS,
    watch,
    years_of_history,
)
from qorgau.methods.detection import ears, farrington_flexible

WEEKS = LONGEST_HISTORY_WEEKS + 1
NEWEST = [WEEKS - 1]
NO_PAIRS = np.zeros(0, dtype=np.int64)
NO_HISTORY = PairHistory(NO_PAIRS, NO_PAIRS, np.zeros((1, 0), dtype=np.int64))


def panel_of(histories: list[int], *, mean: float = 4.0, strength: float = np.nan) -> WeeklyPanel:
    """Poisson series with so many weeks of history before the newest week."""
    first = np.array([WEEKS - 1 - weeks for weeks in histories])
    counts = np.random.default_rng(3).poisson(mean, (WEEKS, len(histories))).astype(float)
    is_known = np.arange(WEEKS)[:, None] >= first
    return WeeklyPanel(
        measures=MEASURES,
        mondays=np.datetime64("2019-01-07", "D") + 7 * np.arange(WEEKS),
        series=tuple(Series(number, "injury") for number in range(len(histories))),
        counts=np.where(is_known, counts, np.nan),
        person_days=np.where(is_known, strength, np.nan),
        first_weeks=first,
        unit_first_weeks={},
        history_begins=dt.date(2019, 1, 7),
        history=NO_HISTORY,
    )


def test_years_of_history():
    weeks = np.array([14, 15, 107, 108, 160, 269, 400])
    assert years_of_history(weeks).tolist() == [-1, 0, 0, 2, 3, 5, 5]


def test_series_of_different_age_are_tested_side_by_side():
    panel = panel_of([5, 40, 120, 200, LONGEST_HISTORY_WEEKS])
    panel.counts[-1] = 30
    found = watch(panel, NEWEST, alpha=0.001)
    assert found.years.tolist() == [[-1, 0, 2, 3, 5]]
    assert found.alarm.tolist() == [[False, True, True, True, True]]
    assert np.isnan(found.upper_bound[0, 0])
    assert np.isfinite(found.upper_bound[0, 1:]).all()


def test_the_numbers_are_those_of_the_methods():
    panel = panel_of([60, LONGEST_HISTORY_WEEKS])
    found = watch(panel, NEWEST, alpha=0.01)
    by_ears = ears(
        panel.counts[:, :1], variant="C2", weeks=NEWEST, alpha=0.01, baseline=26, min_sigma=1.0
    )
    by_farrington = farrington_flexible(
        panel.counts[:, 1:],
        weeks=NEWEST,
        dates=panel.mondays,
        alpha=0.01,
        threshold_method="nb-predictive",
    )
    assert found.upper_bound[0, 0] == by_ears.upper_bound[0, 0]
    assert found.upper_bound[0, 1] == by_farrington.upper_bound[0, 0]
    # With a population, even one that never changes, the same sums are taken week by week.
    assert found.p_value[0, 1] == pytest.approx(by_farrington.p_value[0, 0], rel=1e-12)


@pytest.mark.parametrize("history", [60, LONGEST_HISTORY_WEEKS])
def test_a_unit_that_grew_is_judged_by_its_strength(history):
    panel = panel_of([history], mean=10.0, strength=700.0)
    panel.counts[-1] = 26
    assert watch(panel, NEWEST, alpha=0.001).alarm[0, 0]
    panel.person_days[-1] = 2100.0
    assert not watch(panel, NEWEST, alpha=0.001).alarm[0, 0]


def test_fewer_cases_than_required_are_not_an_alarm():
    panel = panel_of([60, LONGEST_HISTORY_WEEKS], mean=0.0)
    panel.counts[-1] = 4
    assert watch(panel, NEWEST, alpha=0.001, least_cases=4).alarm.all()
    assert not watch(panel, NEWEST, alpha=0.001, least_cases=5).alarm.any()


@pytest.mark.parametrize("weeks", [1, 30])
def test_several_weeks_give_what_each_gives_alone(weeks):
    panel = panel_of([90, 130, LONGEST_HISTORY_WEEKS])
    rows = list(range(WEEKS - weeks, WEEKS))
    together = watch(panel, rows, alpha=0.01)
    alone = [watch(panel, [row], alpha=0.01).upper_bound[0] for row in rows]
    np.testing.assert_array_equal(together.upper_bound, np.array(alone))
