"""Index-of-dispersion tests."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, dispersion_test


def test_equal_exposure_gives_the_variance_to_mean_ratio():
    counts = [3, 0, 4, 1, 2, 8]
    result = dispersion_test(counts)
    assert_allclose(result.index, np.var(counts, ddof=1) / np.mean(counts))
    assert_allclose(result.statistic, result.index * 5)
    assert_allclose(result.p_value_over, stats.chi2.sf(result.statistic, 5))
    assert_allclose(result.p_value_over + result.p_value_under, 1)


def test_counts_in_proportion_to_exposure_do_not_vary():
    result = dispersion_test([2, 4, 8], exposure=[10.0, 20.0, 40.0])
    assert_allclose(result.statistic, 0, atol=1e-12)
    assert_allclose(result.p_value_under, 0, atol=1e-12)


def test_many_series_at_once():
    counts = np.random.default_rng(1).poisson(4.0, size=(2000, 30))
    result = dispersion_test(counts)
    assert result.statistic.shape == (2000,)
    assert_allclose((result.p_value_over < 0.05).mean(), 0.05, atol=0.015)
    one = dispersion_test(counts[7])
    assert_allclose(one.statistic, result.statistic[7])


@pytest.mark.parametrize(
    ("counts", "reason"), [([4], "too_few_counts"), (4, "too_few_counts"), ([0, 0], "all_zero")]
)
def test_counts_without_variation_to_test_are_refused(counts, reason):
    with pytest.raises(InputError) as refusal:
        dispersion_test(counts)
    assert refusal.value.reason == reason
