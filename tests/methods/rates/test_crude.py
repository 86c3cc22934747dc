"""Crude rates and exact Poisson limits."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, crude_rate


@given(cases=st.integers(1, 5000), exposure=st.floats(0.01, 1e7), confidence=st.floats(0.5, 0.999))
def test_each_limit_leaves_half_the_remainder_in_its_tail(cases, exposure, confidence):
    result = crude_rate(cases, exposure, confidence=confidence)
    tail = (1 - confidence) / 2
    assert_allclose(stats.poisson.sf(cases - 1, result.lower * exposure), tail, rtol=1e-6)
    assert_allclose(stats.poisson.cdf(cases, result.upper * exposure), tail, rtol=1e-6)


def test_without_events_the_rate_still_has_an_upper_limit():
    result = crude_rate(0, 1000, per=1000)
    assert result.rate == 0
    assert result.lower == 0
    assert_allclose(result.upper, -np.log(0.025))


def test_arrays_are_broadcast_and_the_result_cannot_be_changed():
    result = crude_rate([[1, 2], [3, 4]], [10.0, 20.0], per=100)
    assert_allclose(result.rate, [[10, 10], [30, 20]])
    with pytest.raises(ValueError, match="read-only"):
        result.rate[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.per = 1


@pytest.mark.parametrize(
    ("cases", "exposure", "options", "field", "reason"),
    [
        (-1, 10, {}, "cases", "negative"),
        (1.5, 10, {}, "cases", "not_whole"),
        (float("nan"), 10, {}, "cases", "not_finite"),
        ("many", 10, {}, "cases", "not_numeric"),
        (1, 0, {}, "exposure", "not_positive"),
        (1, float("inf"), {}, "exposure", "not_finite"),
        ([1, 2], [1, 2, 3], {}, "cases", "shapes_differ"),
        (1, 10, {"per": 0}, "per", "not_positive"),
        (1, 10, {"confidence": 95}, "confidence", "not_a_probability"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(cases, exposure, options, field, reason):
    with pytest.raises(InputError) as refusal:
        crude_rate(cases, exposure, **options)
    assert refusal.value.field == field
    assert refusal.value.reason == reason
    assert str(refusal.value).endswith(".")
