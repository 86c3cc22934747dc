"""Rate ratios and rate differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, rate_difference, rate_ratio

counts = st.integers(0, 400)
times = st.floats(0.5, 5000)


@given(cases=counts, exposure=times, other=counts, other_exposure=times)
def test_ratio_limits_leave_out_one_exactly_when_the_p_value_says_so(
    cases, exposure, other, other_exposure
):
    result = rate_ratio(cases, exposure, other, other_exposure)
    leaves_out_one = bool(result.lower > 1 or result.upper < 1)
    assert leaves_out_one == bool(result.p_value < 0.05)


@given(cases=counts, exposure=times, other=counts, other_exposure=times)
def test_exchanging_the_groups_inverts_the_ratio(cases, exposure, other, other_exposure):
    forward = rate_ratio(cases, exposure, other, other_exposure)
    backward = rate_ratio(other, other_exposure, cases, exposure)
    assert_allclose(forward.p_value, backward.p_value, rtol=1e-9)
    with np.errstate(divide="ignore"):
        assert_allclose(forward.lower, 1.0 / backward.upper, rtol=1e-8)


def test_ratio_p_value_doubles_the_binomial_tail():
    result = rate_ratio(12, 2.0, 5, 3.0)
    assert_allclose(result.p_value, 2 * stats.binom.sf(11, 17, 0.4))


def test_groups_without_events():
    result = rate_ratio([0, 3, 0], 1.0, [2, 0, 0], 1.0)
    assert result.ratio[0] == 0
    assert result.ratio[1] == np.inf
    assert np.isnan(result.ratio[2])
    assert_allclose([result.lower[2], result.upper[2], result.p_value[2]], [0, np.inf, 1])
    assert result.lower[1] > 0
    assert result.upper[1] == np.inf


@given(cases=counts, exposure=times, other=counts, other_exposure=times)
def test_difference_is_within_its_limits_and_changes_sign_with_the_groups(
    cases, exposure, other, other_exposure
):
    forward = rate_difference(cases, exposure, other, other_exposure)
    backward = rate_difference(other, other_exposure, cases, exposure)
    assert forward.lower <= forward.difference <= forward.upper
    size = float(forward.upper - forward.lower)
    assert_allclose(forward.lower, -backward.upper, rtol=1e-6, atol=1e-9 * size)


@given(cases=counts, exposure=times, other=counts, other_exposure=times)
def test_difference_limits_leave_out_zero_exactly_when_the_p_value_says_so(
    cases, exposure, other, other_exposure
):
    result = rate_difference(cases, exposure, other, other_exposure)
    if abs(float(result.p_value) - 0.05) > 1e-6:
        leaves_out_zero = bool(result.lower > 0 or result.upper < 0)
        assert leaves_out_zero == bool(result.p_value < 0.05)


def test_difference_without_any_events_has_the_limits_of_the_closed_form():
    """With no events the constrained rates are (d, 0), so z squared is d times exposure."""
    result = rate_difference(0, 200.0, 0, 500.0, per=1000)
    critical = stats.norm.ppf(0.975) ** 2
    assert_allclose(result.upper, critical / 200.0 * 1000)
    assert_allclose(result.lower, -critical / 500.0 * 1000)
    assert result.p_value == 1.0


def test_score_limits_cover_the_true_difference_about_as_often_as_they_say():
    random = np.random.default_rng(5)
    cases = random.poisson(6.0, 4000)
    other = random.poisson(9.0, 4000)
    result = rate_difference(cases, 100.0, other, 300.0)
    truth = 6.0 / 100.0 - 9.0 / 300.0
    covered = ((result.lower <= truth) & (truth <= result.upper)).mean()
    assert 0.935 <= covered <= 0.965


@pytest.mark.parametrize("compare", [rate_ratio, rate_difference])
def test_a_reference_without_exposure_is_refused(compare):
    with pytest.raises(InputError) as refusal:
        compare(1, 10.0, 1, 0.0)
    assert refusal.value.field == "reference_exposure"
