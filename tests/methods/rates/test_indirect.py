"""Standardised (indirect) ratios."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, standardised_ratio


@given(cases=st.integers(0, 300), expected=st.floats(0.1, 300))
def test_the_limits_leave_out_one_exactly_when_the_p_value_is_below_their_remainder(
    cases, expected
):
    result = standardised_ratio(cases, expected)
    leaves_out_one = bool(result.lower > 1 or result.upper < 1)
    assert leaves_out_one == bool(result.p_value < 0.05)


def test_p_value_doubles_the_exact_tail():
    assert_allclose(standardised_ratio(10, 4.0).p_value, 2 * stats.poisson.sf(9, 4.0))
    assert_allclose(standardised_ratio(1, 6.0).p_value, 2 * stats.poisson.cdf(1, 6.0))
    assert standardised_ratio(4, 4.2).p_value == 1.0


def test_nothing_expected_is_refused():
    with pytest.raises(InputError, match="greater than zero"):
        standardised_ratio(1, 0.0)
