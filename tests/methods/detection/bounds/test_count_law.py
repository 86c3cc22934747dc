"""Quantiles and tails against summation and exact laws, and at sizes where libraries fail."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.detection.bounds.count_law import (
    count_cdf,
    count_upper_quantile,
    count_upper_tail,
)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def summed_cdf(count: int, mean: float, dispersion: float) -> float:
    if dispersion == 1.0:
        terms = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)]
        return math.fsum(terms)
    size, success = mean / (dispersion - 1.0), 1.0 / dispersion
    return math.fsum(
        math.exp(
            math.lgamma(k + size)
            - math.lgamma(size)
            - math.lgamma(k + 1)
            + size * math.log(success)
            + k * math.log1p(-success)
        )
        for k in range(count + 1)
    )


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 60.0])
@pytest.mark.parametrize("dispersion", [1.0, 1.05, 2.5, 20.0])
def test_quantile_is_the_smallest_count_that_reaches_the_level(mean, dispersion):
    for alpha in (0.001, 0.01, 0.1):
        bound = int(count_upper_quantile(alpha, array(mean), array(dispersion))[0])
        assert summed_cdf(bound, mean, dispersion) >= (1 - alpha) * (1 - 1e-12)
        assert bound == 0 or summed_cdf(bound - 1, mean, dispersion) < 1 - alpha


@settings(max_examples=200, deadline=None)
@given(
    mean=st.floats(1e-6, 1e6),
    dispersion=st.floats(1.0, 500.0),
    count=st.integers(0, 10_000),
)
def test_tail_and_distribution_function_add_up(mean, dispersion, count):
    below = count_cdf(array(count - 1.0), array(mean), array(dispersion))
    above = count_upper_tail(array(count), array(mean), array(dispersion))
    assert_allclose(below + above, 1.0, atol=1e-12)


@pytest.mark.parametrize("mean", [1e-300, 1e-75, 1e8, 1e12, 1e300])
@pytest.mark.parametrize("dispersion", [1.0, 1.0 + 1e-14, 1e6])
def test_extreme_sizes_give_a_bound_and_not_a_crash(mean, dispersion):
    bound = count_upper_quantile(0.01, array(mean), array(dispersion))
    assert np.isfinite(bound).all()
    assert (bound >= 0).all()


def test_a_missing_mean_has_no_bound_and_changes_no_other():
    means = array(np.nan, np.inf, 3.0)
    bound = count_upper_quantile(0.01, means, np.ones(3))
    assert np.isnan(bound[:2]).all()
    assert bound[2] == stats.poisson.ppf(0.99, 3.0)
