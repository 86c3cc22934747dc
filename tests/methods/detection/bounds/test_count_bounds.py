"""Summed term by term or by the distribution function: the same bound and p-value."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.detection.bounds.count_bounds import TERMS, count_bound_and_tail
from qorgau.methods.detection.bounds.count_law import count_upper_quantile, count_upper_tail


@pytest.mark.parametrize("alpha", [0.0005, 0.01, 0.05, 0.3])
def test_small_and_large_counts_agree_with_the_distribution_function(alpha):
    rng = np.random.default_rng(4)
    mean = np.exp(rng.uniform(-12, 6, 20_000))
    dispersion = np.where(
        rng.random(mean.size) < 0.4, 1.0, 1 + np.exp(rng.normal(-2, 4, mean.size))
    )
    observed = rng.poisson(mean * rng.exponential(2.0, mean.size)).astype(float)
    bound, tail = count_bound_and_tail(alpha, observed, mean, dispersion)
    assert np.array_equal(bound, count_upper_quantile(alpha, mean, dispersion))
    assert_allclose(tail, count_upper_tail(observed, mean, dispersion), rtol=1e-10)


def test_where_rounding_decides_both_take_the_same_count():
    """At mean log 2 no case has the probability 1/2, exactly the level given."""
    mean = np.full(3, np.log(2.0)) * [1.0, 1 + 1e-15, 1 - 1e-15]
    bound, _ = count_bound_and_tail(0.5, np.zeros(3), mean, np.ones(3))
    assert np.array_equal(bound, count_upper_quantile(0.5, mean, np.ones(3)))


def test_a_missing_law_and_a_missing_count_differ():
    mean = np.array([np.nan, 0.0, np.inf, 3.0, 3.0, 3.0])
    observed = np.array([1.0, 1.0, 1.0, np.nan, 0.0, TERMS + 1.0])
    bound, tail = count_bound_and_tail(0.01, observed, mean, np.ones(6))
    assert np.isnan(bound).tolist() == [True, True, True, False, False, False]
    assert np.isnan(tail[3])
    assert tail[4] == 1.0
    assert 0 < tail[5] < 1e-30
