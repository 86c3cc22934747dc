"""Directly standardised rates."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.rates import InputError, crude_rate, directly_standardised_rate


def test_one_stratum_is_the_crude_rate_with_its_exact_limits():
    standardised = directly_standardised_rate([7], [350.0], [1], per=1000)
    crude = crude_rate(7, 350.0, per=1000)
    assert_allclose(standardised.rate, crude.rate)
    assert_allclose(standardised.lower, crude.lower)
    assert_allclose(standardised.upper, crude.upper)


def test_weights_equal_to_the_own_make_up_give_the_crude_rate():
    exposure = np.array([100.0, 300.0, 600.0])
    result = directly_standardised_rate([4, 9, 2], exposure, exposure)
    assert_allclose(result.rate, result.crude_rate)
    assert_allclose(result.weights, [0.1, 0.3, 0.6])


def test_no_events_at_all_are_bounded_by_the_largest_weight():
    result = directly_standardised_rate([0, 0], [50.0, 200.0], [1, 1])
    assert result.rate == 0
    assert result.lower == 0
    assert_allclose(result.upper, -np.log(0.025) * 0.5 / 50.0)


def test_the_gamma_limits_cover_the_true_rate_at_least_as_often_as_they_say():
    random = np.random.default_rng(11)
    exposure = np.array([20.0, 150.0, 400.0, 60.0])
    true_rates = np.array([0.08, 0.01, 0.004, 0.05])
    standard = np.array([3.0, 3.0, 2.0, 2.0])
    truth = (standard / standard.sum() * true_rates).sum()
    cases = random.poisson(true_rates * exposure, size=(4000, 4))
    result = directly_standardised_rate(cases, exposure, standard)
    covered = (result.lower <= truth) & (truth <= result.upper)
    assert covered.mean() >= 0.95


@pytest.mark.parametrize(
    ("cases", "standard", "reason"),
    [(3, 1, "no_strata"), ([1, 2], [0, 0], "empty"), ([1, 2], [-1, 2], "negative")],
)
def test_bad_strata_are_refused(cases, standard, reason):
    with pytest.raises(InputError) as refusal:
        directly_standardised_rate(cases, np.ones_like(cases, dtype=float), standard)
    assert refusal.value.reason == reason
