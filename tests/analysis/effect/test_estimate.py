"""Which method counts can carry, and which periods are compared."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from qorgau.analysis.effect.estimate import (
    by_before_after,
    by_interrupted_series,
    can_be_compared,
    can_be_interrupted,
    periods_of_peak,
    same_season,
)
from qorgau.analysis.effect.series import EffectSeries, in_periods, weeks_per_period


def series(before: list[float], after: list[float], weeks: int = 4) -> EffectSeries:
    cases = np.array([*before, *after], dtype=float)
    return EffectSeries.of(dt.date(2024, 1, 1), weeks, len(before), cases, None)


def none_of(one: EffectSeries) -> np.ndarray:
    return np.zeros(one.cases.size, dtype=bool)


@pytest.mark.parametrize(
    ("before", "after", "is_enough"),
    [
        ([3] * 8, [1] * 6, True),
        ([3] * 7, [1] * 6, False),
        ([3] * 8, [1] * 5, False),
        ([2] * 8, [1] * 6, False),
        ([3] * 8, [0, 0, 1, 1, 1, 1], False),
    ],
)
def test_a_series_needs_periods_and_cases_on_both_sides(before, after, is_enough):
    one = series(before, after)
    assert can_be_interrupted(one, none_of(one)) is is_enough


def test_a_comparison_needs_cases_on_its_four_sides():
    one, few = series([2] * 4, [2] * 4), series([2] * 4, [1] * 4)
    assert can_be_compared(one, one, none_of(one))
    assert not can_be_compared(one, few, none_of(one))
    assert not can_be_compared(one, one, periods_of_peak(one, 4))


def test_a_peak_takes_whole_periods_and_at_most_half():
    one = series([1] * 6, [1] * 3)
    assert periods_of_peak(one, 5).tolist() == [False] * 4 + [True] * 2 + [False] * 3
    assert periods_of_peak(one, 52).sum() == 3
    assert not periods_of_peak(one, 0).any()


def test_less_than_a_year_is_compared_with_its_own_season():
    one = series([1] * 26, [1] * 3)
    assert np.flatnonzero(same_season(one, none_of(one))).tolist() == [
        *(0, 1, 2), *(13, 14, 15), *(26, 27, 28)
    ]  # fmt: skip
    for other in (series([1] * 12, [1] * 3), series([1] * 26, [1] * 13)):
        assert same_season(other, none_of(other)).all()


def test_a_season_without_cases_is_not_compared():
    one = series([0, 0, 0, *[3] * 10] * 2, [1] * 3)
    peak = periods_of_peak(one, 4)
    assert same_season(one, peak).tolist() == (~peak).tolist()


def test_four_weeks_are_put_together_where_single_ones_hold_little():
    sparse, dense = series([1] * 9, [1] * 9, weeks=1), series([4] * 9, [4] * 9, weeks=1)
    assert (weeks_per_period(sparse), weeks_per_period(dense)) == (4, 1)
    assert weeks_per_period(dense, sparse) == 4
    assert weeks_per_period(series([1] * 9, [1] * 7, weeks=1)) == 1
    together = in_periods(sparse, 4)
    assert together.cases.tolist() == [4, 4, 4, 4]
    assert (together.start, together.first_days[0]) == (2, dt.date(2024, 1, 8))
    assert together.first_days[2] == sparse.first_days[9]


def test_a_peak_does_not_reach_what_is_expected():
    steady = [5, 6, 4, 5, 6, 5, 4, 5, 6, 5, 4, 6]
    rng = np.random.default_rng(2)
    calm = series([*steady, 5], list(rng.poisson(5, 8)))
    risen = series([*steady, 25], calm.cases[13:].tolist())
    plain = by_interrupted_series(calm, none_of(calm))
    corrected = by_interrupted_series(risen, periods_of_peak(risen, 4))
    uncorrected = by_interrupted_series(risen, none_of(risen))
    assert corrected.estimate.ratio == pytest.approx(plain.estimate.ratio, rel=0.05)
    assert uncorrected.estimate.ratio < 0.9 * plain.estimate.ratio


def test_averted_is_expected_less_observed_and_the_band_sums_to_it():
    one = series([4, 6, 5, 5], [2, 1, 3, 2])
    fit = by_before_after(one, ~none_of(one), none_of(one), None)
    assert fit.estimate.expected == pytest.approx(20)
    assert fit.estimate.averted == pytest.approx(12)
    assert np.nansum(fit.without) == pytest.approx(20)
    assert np.nansum(fit.without_lower) == pytest.approx(fit.estimate.expected_lower)
    assert np.isnan(fit.without[:4]).all()
