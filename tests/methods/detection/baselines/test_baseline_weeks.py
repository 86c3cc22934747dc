"""Which past weeks are compared with: 52 and 53 weeks, leap days, blocks of the year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from qorgau.methods.detection.baselines.baseline_weeks import find_baseline, find_same_weeks

OPTIONS = {"years": 5, "half_window": 3, "periods": 10, "past_weeks_not_included": 26}


def mondays(first: str, length: int) -> np.ndarray:
    return np.datetime64(first, "D") + 7 * np.arange(length)


def test_the_usual_options_give_237_weeks_and_the_windows_alone_35():
    assert find_baseline(300, **OPTIONS).rows.size == 237
    alone = {**OPTIONS, "periods": 1, "past_weeks_not_included": 3}
    assert find_baseline(300, **alone).rows.size == 35


def test_a_year_has_a_window_and_nine_blocks_of_five_weeks():
    season = find_baseline(300, **OPTIONS).season
    first_year = season[7:52].tolist()
    assert first_year == [block for block in range(1, 10) for _ in range(5)]
    assert season[:7].tolist() == [10] * 7


def test_a_year_of_53_weeks_lengthens_its_first_block():
    dates = mondays("2013-01-07", 400)
    week = int(np.flatnonzero(dates == np.datetime64("2020-08-31"))[0])
    reference = find_same_weeks(week, 5, dates)
    gaps = -np.diff(reference)
    assert set(gaps.tolist()) == {52, 53}
    baseline = find_baseline(week, **OPTIONS, dates=dates)
    back = int(np.flatnonzero(gaps == 53)[0]) + 1
    if back > 1:
        assert (baseline.season[baseline.year == back] == 1).sum() == 6


def test_dated_weeks_stay_within_three_days_of_the_same_calendar_day():
    dates = mondays("2000-01-03", 1200)
    for week in range(560, 1200, 7):
        day = dates[week].astype(object)
        for back, row in enumerate(find_same_weeks(week, 10, dates)):
            year = day.year - back
            try:
                same_day = day.replace(year=year)
            except ValueError:
                same_day = date(year, 3, 1)
            assert abs(dates[row].astype(object) - same_day) <= timedelta(days=3)


def test_a_leap_day_is_compared_with_the_first_of_march():
    dates = np.datetime64("2012-01-01") + 7 * np.arange(700)
    week = int(np.flatnonzero(dates == np.datetime64("2016-02-28"))[0])
    dates = dates + 1
    assert dates[week] == np.datetime64("2016-02-29")
    assert dates[find_same_weeks(week, 1, dates)[1]] == np.datetime64("2015-03-02")


def test_undated_years_have_52_weeks():
    assert find_same_weeks(300, 3) == [300, 248, 196, 144]


@pytest.mark.parametrize(("week", "is_testable"), [(261, False), (262, True), (263, True)])
def test_the_oldest_window_may_lack_its_first_week_and_no_more(week, is_testable):
    assert (find_baseline(week, **OPTIONS) is not None) is is_testable


def test_the_newest_weeks_are_left_out():
    assert find_baseline(300, **OPTIONS).rows.max() == 300 - 27
