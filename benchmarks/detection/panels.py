"""Weekly counts like those of a surveillance system, and what they are made of.

The seven parameter sets are those of the 42 scenarios of Noufaily et al. (2013), Statistics in
Medicine 32, 1206-1222, as its simulations were rebuilt by later authors: log mean
``theta + beta t + gamma1 cos + gamma2 sin`` with 0, 1 or 2 waves a year, with and without the
trend; variance ``phi`` times the mean; four past outbreaks in the baseline.
"""

from __future__ import annotations

import numpy as np

PARAMETERS = (
    # theta, phi, beta, gamma1, gamma2
    (0.1, 1.5, 0.0025, 0.6, 0.6),
    (-2.0, 2.0, 0.005, 0.1, 0.3),
    (1.5, 1.0, 0.003, 0.2, -0.4),
    (0.5, 5.0, 0.002, 0.5, 0.5),
    (2.5, 3.0, 0.001, 1.0, 0.1),
    (3.75, 1.1, 0.001, 0.1, -0.1),
    (5.0, 1.2, 0.0001, 0.05, 0.01),
)
SCENARIOS = 42
WEEKS = 624
BASELINE = (313, 575)
PAST_OUTBREAKS = 4
OUTBREAK_SIZE = 3.0


def simulated_panel(series: int, *, seed: int) -> np.ndarray:
    """Counts of `series` series, scenario after scenario, shape ``(624, series)``."""
    rng = np.random.default_rng(seed)
    week = np.arange(1, WEEKS + 1)
    columns = []
    for number in range(series):
        theta, phi, beta, gamma1, gamma2 = PARAMETERS[number % SCENARIOS // 6]
        has_trend, waves = divmod(number % 6, 3)
        log_mean = theta + beta * has_trend * week
        for wave in range(1, waves + 1):
            angle = 2 * np.pi * wave * week / 52
            log_mean = log_mean + gamma1 * np.cos(angle) + gamma2 * np.sin(angle)
        mean = np.exp(log_mean)
        is_poisson = phi <= 1
        counts = (
            rng.poisson(mean) if is_poisson else rng.negative_binomial(mean / (phi - 1), 1 / phi)
        )
        for start in rng.integers(*BASELINE, PAST_OUTBREAKS):
            size = rng.poisson(OUTBREAK_SIZE * np.sqrt(phi * mean[start]))
            delay = np.floor(rng.lognormal(0.0, 0.5, size)).astype(int)
            np.add.at(counts, np.minimum(start + delay, WEEKS - 1), 1)
        columns.append(counts)
    return np.array(columns, dtype=np.float64).T.copy()
