"""Rates published for the package are met on series drawn as theirs were."""

from __future__ import annotations

from simulations.scenarios.published import rates_beside_published
from simulations.scenarios.trials import SEED


def test_published_false_alarm_rates_are_met() -> None:
    """Few replicates of what the page shows: reference mode lies within chance of them."""
    rates = rates_beside_published(5, seed=SEED, alphas=[0.01], modes=["reference"])
    assert [rate.column for rate in rates] == ["Farrington", "Noufaily"]
    assert all(abs(rate.ours - rate.published) < 3 * rate.standard_error for rate in rates)
