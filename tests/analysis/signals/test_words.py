"""A signal in one sentence."""

from __future__ import annotations

import datetime as dt
from copy import copy

import pytest
from django.utils.translation import override

from qorgau.analysis.figures.number_words import expected_in_words
from qorgau.analysis.signals.words import (
    WHAT_TO_LOOK_AT,
    chance_in_short,
    chance_in_words,
    completeness_sentence,
    look_at,
    signal_sentence,
)
from qorgau.records.incidents.choices import Cause
from qorgau.records.signals.models import Signal

RISE = Signal(
    measure="injury:exertion.load_carriage",
    last_week=dt.date(2024, 6, 3),
    observed=6.0,
    expected=0.4,
    upper_bound=2.0,
    p_value=1 / 12_345,
)


def sentence_of(signal: Signal) -> str:
    return signal_sentence(signal, week=signal.last_week, unit_name="2nd Company")


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def test_it_says_what_rose_by_how_much_how_unusual_and_what_to_look_at():
    sentence = sentence_of(RISE)
    assert "2nd Company" in sentence
    assert "“Injury: March with load” rose to 6 (15 times the expected number)" in sentence
    assert "Expected: 0.4; usual maximum: 2;" in sentence
    assert "once in 12,000 weeks" in sentence
    assert "Check loads, footwear" in sentence
    assert sentence.count(".") == 4
    assert sentence.endswith(".")


def test_what_is_expected_almost_never_has_no_ratio():
    rise = copy(RISE)
    rise.expected = 0.01
    sentence = sentence_of(rise)
    assert "Expected: fewer than 0.1;" in sentence
    assert "times the expected" not in sentence


@pytest.mark.parametrize(
    ("count", "words"),
    [(0.0996, "fewer than 0.1"), (0.199, "0.2"), (3.96, "4.0"), (25.6, "26")],
)
def test_an_expected_count_is_rounded_and_not_cut_off(count, words):
    assert expected_in_words(count) == words


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (None, "more than chance would usually give"),
        (1e-12, "less than once in 1,000,000 weeks"),
        (0.00098, "once in 1,000 weeks"),
        (0.04, "once in 25 weeks"),
    ],
)
def test_chance_is_given_without_false_precision(p_value, words):
    assert words in chance_in_words(p_value)


def test_chance_in_a_table():
    assert chance_in_short(None) == ""
    assert chance_in_short(1e-12) == "less than 1 in 1,000,000 weeks"
    assert chance_in_short(1 / 2_689) == "1 in 2,700 weeks"


def test_how_complete_a_week_is_appears_only_where_something_is_missing():
    week = dt.date(2026, 11, 16)
    sentence = completeness_sentence(week, 0.834)
    assert sentence.startswith("About 83% of the incidents in the week of 16 Nov 2026 had been")
    assert [completeness_sentence(week, share) for share in (None, 0.996, 1.0)] == ["", "", ""]


def test_every_branch_of_the_cause_tree_says_what_to_look_at():
    branches = {cause.partition(".")[0] for cause in Cause.values} - {"other", "unknown"}
    assert branches <= set(WHAT_TO_LOOK_AT)
    assert set(WHAT_TO_LOOK_AT) <= set(Cause.values)
    assert look_at("near_miss") == look_at("hazard")
    assert "weapon" in look_at("near_miss:force.firearm")


def test_other_languages_write_numbers_in_their_way():
    with override("ru"):
        assert "0,4" in sentence_of(RISE)
