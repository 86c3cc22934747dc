"""Funnel limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, crude_rate, funnel_limits


@given(
    cases=st.integers(0, 500),
    exposure=st.floats(1, 1e6),
    expected=st.floats(0.01, 400),
    level=st.sampled_from([0.8, 0.95, 0.998]),
)
def test_a_unit_is_outside_exactly_when_its_tail_probability_is_below_the_level(
    cases, exposure, expected, level
):
    target = expected / exposure
    limits = funnel_limits(exposure, target_rate=target, levels=[level])
    tail = (1 - level) / 2
    at_least, at_most = stats.poisson.sf(cases - 1, expected), stats.poisson.cdf(cases, expected)
    if min(abs(at_least - tail), abs(at_most - tail)) > 1e-9:
        rate = cases / exposure
        assert bool(rate > limits.upper[0]) == bool(at_least < tail)
        assert bool(rate < limits.lower[0]) == bool(at_most < tail)


@given(cases=st.integers(0, 300), exposure=st.floats(0.5, 1000), target=st.floats(0.01, 10))
def test_a_unit_is_outside_exactly_when_its_own_exact_limits_leave_out_the_target(
    cases, exposure, target
):
    unit = crude_rate(cases, exposure)
    limits = funnel_limits(exposure, target_rate=target, levels=[0.95])
    if min(abs(unit.lower - target), abs(unit.upper - target)) > 1e-9 * target:
        assert bool(unit.rate > limits.upper[0]) == bool(unit.lower > target)
        assert bool(unit.rate < limits.lower[0]) == bool(unit.upper < target)


def test_the_funnel_narrows_with_exposure_and_nests_by_level():
    exposure = np.geomspace(10, 1e5, 200)
    limits = funnel_limits(exposure, target_rate=20.0, per=1000)
    assert limits.levels == (0.95, 0.998)
    assert (np.diff(limits.upper, axis=1) < 0).all()
    assert (np.diff(limits.lower, axis=1) >= 0).all()
    assert (limits.upper[1] > limits.upper[0]).all()
    assert (limits.lower[1] <= limits.lower[0]).all()
    assert (limits.upper[0] > 20.0).all()
    assert (limits.lower[0] < 20.0).all()


def test_small_exposure_has_no_lower_limit():
    limits = funnel_limits([1.0, 3.0, 100.0], target_rate=1.0)
    assert_allclose(limits.lower[:, :2], 0)
    assert (limits.lower[:, 2] > 0).all()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"target_rate": 0.0}, "target_rate"),
        ({"target_rate": 1.0, "levels": []}, "levels"),
        ({"target_rate": 1.0, "levels": [1.0]}, "levels"),
    ],
)
def test_bad_targets_and_levels_are_refused(options, field):
    with pytest.raises(InputError) as refusal:
        funnel_limits([1.0], **options)
    assert refusal.value.field == field
