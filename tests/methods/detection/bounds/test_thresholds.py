"""Thresholds that need no count law, and the score, against exact laws."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.detection.bounds.thresholds import (
    exceedance_score,
    mean_upper_limit,
    power_normal_bound,
)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_upper_limit_of_a_mean_with_few_cases_is_the_exact_one():
    """4 cases: the exact 99 % limit is half the chi-square quantile at 10 degrees of freedom."""
    limit = mean_upper_limit(0.01, np.log(array(4.0)), array(0.5))
    assert_allclose(limit, stats.chi2.ppf(0.99, 10) / 2, rtol=1e-9)
    many = mean_upper_limit(0.01, np.log(array(100.0)), array(0.1))
    assert_allclose(many, 100.0 * np.exp(stats.norm.ppf(0.99) * 0.1), rtol=1e-12)


def test_power_normal_bound_has_the_stated_tail():
    for power in ("2/3", "1/2", "none"):
        options = {
            "alpha": 0.05,
            "mean": array(9.0),
            "mean_se": array(0.6),
            "dispersion": array(1.7),
            "power_transform": power,
        }
        bound, _ = power_normal_bound(observed=array(1.0), **options)
        _, p_value = power_normal_bound(observed=bound, **options)
        assert_allclose(p_value, 0.05, rtol=1e-9)


def test_score_is_one_at_the_bound_and_absent_where_the_bound_is_below_the_mean():
    score = exceedance_score(array(7.0, 0.0), array(3.0, 0.4), array(7.0, 0.0))
    assert score[0] == 1.0
    assert np.isnan(score[1])
