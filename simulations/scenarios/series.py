"""Weekly counts of the 42 scenarios of Noufaily et al. (2013), with and without outbreaks.

Source: Statistics in Medicine 32, 1206-1222, as later authors rebuilt its simulations; the paper
itself was not at hand. A count has the log mean
``theta + beta t + sum over waves j of (gamma1 cos(2 pi j t / 52) + gamma2 sin(2 pi j t / 52))``
with 0, 1 or 2 waves a year, with and without the trend, and the variance ``phi`` times its mean.
An outbreak has a Poisson number of cases, of mean `size` times the standard deviation of the count
in its first week, spread over the weeks after it by a lognormal delay.
"""

from __future__ import annotations

from dataclasses import dataclass

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
WEEKS = 624
WEEKS_PER_YEAR = 52
# 0-based rows: weeks 313 to 575 are the history that methods learn from, 576 to 624 are tested.
HISTORY = range(312, 575)
TESTED = range(575, WEEKS)
PAST_OUTBREAKS = 4
PAST_SIZES = (2, 3, 5, 10)
SIZES = tuple(range(1, 11))
DELAY_SD_LOG = 0.5


@dataclass(frozen=True)
class Scenario:
    """One way in which counts come about; `number` is its place among the 42, from 1."""

    number: int
    theta: float
    phi: float
    beta: float
    gamma1: float
    gamma2: float
    waves: int

    def mean(self) -> np.ndarray:
        """Expected count of every week, shape ``(624,)``."""
        week = np.arange(1, WEEKS + 1)
        log_mean = self.theta + self.beta * week
        for wave in range(1, self.waves + 1):
            angle = 2 * np.pi * wave * week / WEEKS_PER_YEAR
            log_mean = log_mean + self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.exp(log_mean)

    @property
    def mean_tested(self) -> float:
        """Expected count of a tested week."""
        return float(self.mean()[TESTED.start :].mean())


@dataclass(frozen=True, eq=False)
class SimulatedSeries:
    """One replicate of a scenario: the same weeks without, and with each size of, an outbreak.

    `quiet` has the shape ``(624,)`` and holds the past outbreaks, cut off where the tested weeks
    begin; row ``i`` of `cases`, shape ``(10, 624)``, holds what a current outbreak of ``SIZES[i]``
    adds to it, all zero where that outbreak had no case.
    """

    quiet: np.ndarray
    cases: np.ndarray


def _scenario(number: int) -> Scenario:
    parameter_set, place = divmod(number - 1, 6)
    has_trend, waves = divmod(place, 3)
    theta, phi, beta, gamma1, gamma2 = PARAMETERS[parameter_set]
    return Scenario(
        number,
        theta,
        phi,
        beta if has_trend else 0.0,
        gamma1 if waves else 0.0,
        gamma2 if waves else 0.0,
        waves,
    )


SCENARIOS = tuple(_scenario(number) for number in range(1, len(PARAMETERS) * 6 + 1))


def simulated_series(scenario: Scenario, replicate: int, *, seed: int) -> SimulatedSeries:
    """Draw one replicate, from 1; it does not depend on which others are drawn."""
    rng = np.random.default_rng((seed, scenario.number, replicate))
    mean, phi = scenario.mean(), scenario.phi
    quiet = rng.poisson(mean) if phi <= 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
    past_size = PAST_SIZES[(replicate - 1) % len(PAST_SIZES)]
    for start in rng.integers(HISTORY.start, HISTORY.stop, PAST_OUTBREAKS):
        past_cases = _outbreak(rng, start, past_size * np.sqrt(phi * mean[start]))
        quiet[: HISTORY.stop] += past_cases[: HISTORY.stop]
    cases = np.zeros((len(SIZES), WEEKS), dtype=quiet.dtype)
    for row, size in zip(cases, SIZES, strict=True):
        start = rng.integers(TESTED.start, TESTED.stop)
        row += _outbreak(rng, start, size * np.sqrt(phi * mean[start]))
    return SimulatedSeries(quiet, cases)


def simulated_panel(series: int, *, seed: int) -> np.ndarray:
    """Counts without a current outbreak, scenario after scenario, shape ``(624, series)``."""
    columns = [
        simulated_series(SCENARIOS[place], replicate + 1, seed=seed).quiet
        for replicate, place in (divmod(number, len(SCENARIOS)) for number in range(series))
    ]
    return np.array(columns, dtype=np.float64).T.copy()


def _outbreak(rng: np.random.Generator, start: int, expected_cases: float) -> np.ndarray:
    """Cases of one outbreak by week; those after the last week are never seen."""
    delays = rng.lognormal(0.0, DELAY_SD_LOG, rng.poisson(expected_cases)).astype(int)
    return np.bincount(start + delays, minlength=WEEKS)[:WEEKS]
