"""Empirical-Bayes shrinkage of unit rates."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.rates import InputError, crude_rate, empirical_bayes_rates

PUMP_FAILURES = [5, 1, 5, 14, 3, 19, 1, 1, 4, 22]
PUMP_THOUSAND_HOURS = [94.320, 15.720, 62.880, 125.760, 5.240, 31.440, 1.048, 1.048, 2.096, 10.480]


def marginal_log_likelihood(cases, exposure, shape, rate):
    probability = rate / (rate + np.asarray(exposure))
    return stats.nbinom.logpmf(cases, shape, probability).sum()


def test_the_estimated_distribution_is_at_the_top_of_the_likelihood():
    result = empirical_bayes_rates(PUMP_FAILURES, PUMP_THOUSAND_HOURS)
    shape, inverse_scale = result.prior_shape, result.prior_shape / result.mean_rate
    at = marginal_log_likelihood(PUMP_FAILURES, PUMP_THOUSAND_HOURS, shape, inverse_scale)
    for factor in (0.98, 0.999, 1.001, 1.02):
        for shape_too, rate_too in ((factor, 1), (1, factor), (factor, factor)):
            assert at > marginal_log_likelihood(
                PUMP_FAILURES, PUMP_THOUSAND_HOURS, shape * shape_too, inverse_scale * rate_too
            )


def test_a_shrunk_rate_is_between_the_own_rate_and_the_mean():
    result = empirical_bayes_rates(PUMP_FAILURES, PUMP_THOUSAND_HOURS)
    crude = crude_rate(PUMP_FAILURES, PUMP_THOUSAND_HOURS).rate
    assert_allclose(
        result.rate, result.own_weight * crude + (1 - result.own_weight) * result.mean_rate
    )
    assert (result.lower < result.rate).all()
    assert (result.rate < result.upper).all()
    assert (np.diff(result.own_weight[np.argsort(PUMP_THOUSAND_HOURS)]) >= 0).all()


def test_the_unit_of_exposure_changes_the_unit_of_the_rates_only():
    hours = np.array(PUMP_THOUSAND_HOURS) * 1000
    in_hours = empirical_bayes_rates(PUMP_FAILURES, hours, per=1000)
    in_thousands = empirical_bayes_rates(PUMP_FAILURES, PUMP_THOUSAND_HOURS)
    assert_allclose(in_hours.rate, in_thousands.rate, rtol=1e-6)
    assert_allclose(in_hours.prior_shape, in_thousands.prior_shape, rtol=1e-6)


def test_a_gain_within_rounding_is_no_difference_between_units():
    """Two units whose counts vary as chance has it, but for a hair of exposure."""
    assert empirical_bayes_rates([6, 2], [10, 10 * (1 + 1e-5)]).prior_shape == np.inf
    assert empirical_bayes_rates([6, 2], [10, 10 * (1 + 1e-4)]).prior_shape > 10_000
    assert np.isfinite(empirical_bayes_rates([6, 2], [10, 10 * (1 + 1e-4)]).prior_shape)


def test_units_that_differ_by_chance_only_get_the_pooled_rate():
    cases, exposure = [5, 4, 6, 5], [10.0, 10.0, 10.0, 10.0]
    result = empirical_bayes_rates(cases, exposure, per=100)
    pooled = crude_rate(20, 40.0, per=100)
    assert result.between_unit_variation == 0
    assert result.prior_shape == np.inf
    assert_allclose(result.rate, pooled.rate)
    assert_allclose(result.lower, pooled.lower)
    assert_allclose(result.upper, pooled.upper)


def test_no_events_in_any_unit():
    result = empirical_bayes_rates([0, 0, 0], [5.0, 10.0, 20.0])
    assert_allclose(result.rate, 0)
    assert_allclose(result.upper, -np.log(0.025) / 35.0)


def test_shrunk_rates_are_nearer_to_the_truth_than_crude_ones_and_recover_the_spread():
    random = np.random.default_rng(3)
    exposure = random.uniform(5, 200, 400)
    truth = random.gamma(4.0, 0.05 / 4.0, 400)
    cases = random.poisson(truth * exposure)
    result = empirical_bayes_rates(cases, exposure)
    crude = crude_rate(cases, exposure).rate
    assert ((result.rate - truth) ** 2).sum() < 0.5 * ((crude - truth) ** 2).sum()
    assert_allclose(result.mean_rate, 0.05, rtol=0.1)
    assert_allclose(result.between_unit_variation, 0.5, rtol=0.15)
    covered = ((result.lower <= truth) & (truth <= result.upper)).mean()
    assert covered == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("cases", [[3], 3, [[1, 2], [3, 4]]])
def test_fewer_than_two_units_are_refused(cases):
    with pytest.raises(InputError) as refusal:
        empirical_bayes_rates(cases, np.ones_like(cases, dtype=float))
    assert refusal.value.reason == "too_few_units"
