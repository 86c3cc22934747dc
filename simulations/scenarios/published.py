"""False-alarm rates that others published for the package, and ours with their settings.

Source of the rates: the draft on AEDDO of Telkamp and others (Statens Serum Institut and Technical
University of Denmark), over the 28 of the scenarios that have at most one wave a year, 49 weeks and
100 runs, without any outbreak and with dated weeks. Their program draws negative binomial counts of
size ``(1 + mean) / phi``, which is not the variance ``phi`` times the mean that it states. It
misspells the option of the threshold, so that both columns are the package's default, delta.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qorgau.methods.detection import farrington_flexible
from qorgau.methods.detection.panels.results import MODES, Mode
from simulations.scenarios.series import SCENARIOS, WEEKS, Scenario
from simulations.scenarios.trials import FIRST_SHOWN, SHOWN_TESTED

MOST_WAVES = 1
DATES = np.datetime64("2000-01-01") + 7 * np.arange(WEEKS)[FIRST_SHOWN:]
ALPHAS = (0.005, 0.01, 0.025, 0.05, 0.1)
PUBLISHED = {
    "Farrington": (0.0374, 0.0507, 0.0786, 0.1148, 0.1708),
    "Noufaily": (0.0127, 0.0193, 0.0360, 0.0608, 0.1040),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "Farrington": {"weights_threshold": 1.0, "periods": 1, "past_weeks_not_included": 3},
    "Noufaily": {"weights_threshold": 2.58, "periods": 10, "past_weeks_not_included": 26},
}


@dataclass(frozen=True)
class PublishedRate:
    """A false-alarm rate as published, and ours with the standard error that its series give it."""

    column: str
    mode: str
    alpha: float
    published: float
    ours: float
    standard_error: float


def rates_beside_published(
    replicates: int,
    *,
    seed: int,
    alphas: Sequence[float] = ALPHAS,
    modes: Sequence[Mode] = MODES,
) -> list[PublishedRate]:
    """Draw the series of the published table anew and test their last 49 weeks."""
    panel = np.hstack(
        [
            overdispersed_counts(scenario, replicates, seed=seed)
            for scenario in SCENARIOS
            if scenario.waves <= MOST_WAVES
        ]
    )
    found = []
    for column, options in OPTIONS.items():
        for mode in modes:
            for alpha in alphas:
                alarm = farrington_flexible(
                    panel,
                    mode=mode,
                    weeks=SHOWN_TESTED,
                    dates=DATES,
                    alpha=alpha,
                    p_threshold_trend=0.05,
                    threshold_method="delta",
                    **options,
                ).alarm
                of_series = alarm.mean(axis=0)
                error = float(of_series.std(ddof=1) / np.sqrt(of_series.size))
                published = PUBLISHED[column][ALPHAS.index(alpha)]
                found.append(
                    PublishedRate(column, mode, alpha, published, float(of_series.mean()), error)
                )
    return found


def overdispersed_counts(scenario: Scenario, replicates: int, *, seed: int) -> np.ndarray:
    """Counts as the published program draws them, weeks 313 to 624, ``(312, replicates)``."""
    rng = np.random.default_rng((seed, scenario.number))
    mean = scenario.mean()[FIRST_SHOWN:, None]
    size = (1 + mean) / scenario.phi
    return rng.negative_binomial(size, size / (size + mean), (mean.size, replicates)).astype(float)
