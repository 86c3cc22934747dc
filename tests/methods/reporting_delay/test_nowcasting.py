"""The newest weeks, corrected for reports still to come."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.arrays import InputError
from qorgau.methods.reporting_delay import correct_for_delay

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "correct_for_delay"
DELAY_SHARE = [0.3, 0.3, 0.15, 0.1, 0.07, 0.05, 0.03]


def test_by_hand():
    given = json.loads((REFERENCE / "cases.json").read_text(encoding="utf-8"))
    pairs = [
        (int(week), int(week) + delay)
        for week, counts in given["by_week_and_delay"].items()
        for delay, count in enumerate(counts)
        for _case in range(count)
    ]
    occurred, reported = np.array(pairs).T
    found = correct_for_delay(
        occurred, reported, as_of=given["as_of"], longest_delay=given["longest_delay"], history=4
    )
    assert found.weeks.tolist() == given["weeks"]
    assert_allclose(found.share_reported, given["share_reported"])
    assert_allclose(found.expected, given["expected"])
    assert (found.lower >= found.reported).all()


def simulate(rng, level, weeks=160):
    season = np.exp(0.3 * np.cos(2 * np.pi * np.arange(weeks) / 52))
    counts = rng.poisson(level * season)
    occurred = np.repeat(np.arange(weeks), counts)
    delays = rng.choice(len(DELAY_SHARE), size=occurred.size, p=DELAY_SHARE)
    return counts, occurred, occurred + delays


def test_final_counts_are_within_the_limits_as_often_as_stated():
    rng = np.random.default_rng(1)
    covered, error = [], []
    for level in (2.0, 6.0, 20.0) * 60:
        counts, occurred, reported = simulate(rng, level)
        found = correct_for_delay(occurred, reported, as_of=150, longest_delay=8)
        true = counts[found.weeks]
        covered.append((found.lower <= true) & (true <= found.upper))
        error.append((found.expected - true) / level)
    # Whole numbers of cases make limits cover more than they say, never much less.
    assert (np.mean(covered, axis=0) > 0.93).all()
    assert (np.abs(np.mean(error, axis=0)) < 0.12).all()


def test_delays_are_not_biased_towards_short_ones():
    _counts, occurred, reported = simulate(np.random.default_rng(2), 200.0)
    found = correct_for_delay(occurred, reported, as_of=150, longest_delay=8, history=20)
    assert_allclose(found.delay_share[:7], DELAY_SHARE, atol=0.02)
    is_known = reported <= 150
    plain = (
        np.bincount((reported - occurred)[is_known & (occurred > 142)])
        / (is_known & (occurred > 142)).sum()
    )
    assert plain[0] > found.delay_share[0] + 0.05


def test_what_is_reported_later_than_as_of_is_not_used():
    _counts, occurred, reported = simulate(np.random.default_rng(3), 6.0)
    cut = reported <= 150
    whole = correct_for_delay(occurred, reported, as_of=150)
    known = correct_for_delay(occurred[cut], reported[cut], as_of=150)
    assert_allclose(whole.expected, known.expected)
    assert_allclose(whole.upper, known.upper)


def test_a_row_may_hold_many_cases():
    _counts, occurred, reported = simulate(np.random.default_rng(4), 6.0)
    pairs, cases = np.unique(np.stack([occurred, reported]), axis=1, return_counts=True)
    one_by_one = correct_for_delay(occurred, reported, as_of=150)
    counted = correct_for_delay(*pairs, cases=cases, as_of=150)
    assert_allclose(counted.expected, one_by_one.expected)
    assert_allclose(counted.upper, one_by_one.upper)
    assert (counted.cases, counted.left_out) == (one_by_one.cases, one_by_one.left_out)


def test_a_smaller_series_is_corrected_by_the_delays_of_all():
    _counts, occurred, reported = simulate(np.random.default_rng(5), 40.0)
    whole = correct_for_delay(occurred, reported, as_of=150, longest_delay=8)
    so_far = np.array([3, 0, 1, 2, 0, 4, 2, 0, 1])
    part = correct_for_delay(occurred, reported, as_of=150, longest_delay=8, so_far=so_far)
    assert_allclose(part.share_reported, whole.share_reported)
    assert_allclose(part.reported, so_far)
    assert_allclose(part.expected, so_far / whole.share_reported)
    assert part.upper[-1] - part.lower[-1] < whole.upper[-1] - whole.lower[-1]


def test_a_young_history_shows_no_longer_delay_than_its_age():
    occurred = np.repeat(np.arange(146, 151), 5)
    reported = occurred + np.tile([0, 0, 1, 0, 2], 5)
    found = correct_for_delay(occurred, reported, as_of=150, longest_delay=12)
    assert found.longest_delay == 4
    assert found.weeks.tolist() == [146, 147, 148, 149, 150]
    assert found.upper[-1] < 60


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cases": [1]}, "one number of cases"),
        ({"cases": [1, 1.5, 1]}, "not whole"),
        ({"so_far": [1, 2]}, "newest 3 weeks"),
        ({"longest_delay": 0}, "at least 1 week"),
        ({"longest_delay": 104}, "shorter than the history"),
    ],
)
def test_bad_options_get_a_sentence(options, words):
    given = {"as_of": 10, "longest_delay": 2} | options
    with pytest.raises(InputError, match=words):
        correct_for_delay([1, 2, 3], [1, 3, 4], **given)


@pytest.mark.parametrize(
    ("occurred", "reported", "words"),
    [
        ([5], [4], "before it occurred"),
        ([5.5], [6], "whole"),
        ([5, 6], [6], "one week of report"),
        ([10], [10], "old enough"),
        ([np.nan], [6], "missing or infinite"),
    ],
)
def test_bad_input_gets_a_sentence(occurred, reported, words):
    with pytest.raises(InputError, match=words):
        correct_for_delay(occurred, reported, as_of=10)
