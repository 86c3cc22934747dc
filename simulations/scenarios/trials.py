"""What methods are given to look at, and where in it the outbreaks are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simulations.scenarios.series import (
    HISTORY,
    SIZES,
    TESTED,
    Scenario,
    simulated_series,
)

SEED = 2013
FIRST_SHOWN = HISTORY.start
# Rows of what is shown, 0-based, that are tested: weeks 576 to 624.
SHOWN_TESTED = range(TESTED.start - FIRST_SHOWN, TESTED.stop - FIRST_SHOWN)
# Without a current outbreak, and with each size of one.
CURRENT_SIZES = (0, *SIZES)


@dataclass(frozen=True, eq=False)
class Trials:
    """Replicates of one scenario, each without and with every size of a current outbreak.

    `counts` has the shape ``(312, replicates, 11)``: weeks 313 to 624. `first` and `last`, shape
    ``(replicates, 11)``, are the first and the last week with a case of the current outbreak, from
    0 for week 576; -1 where there is none.
    """

    counts: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def panel(self) -> np.ndarray:
        """The counts as methods take them, shape ``(312, replicates * 11)``."""
        return self.counts.reshape(self.counts.shape[0], -1).astype(np.float64)

    @property
    def is_outbreak(self) -> np.ndarray:
        """Which tested weeks lie between an outbreak's first and last case, (49, ...)."""
        week = np.arange(len(TESTED))[:, None, None]
        return (week >= self.first) & (week <= self.last) & (self.first >= 0)


def draw_trials(scenario: Scenario, replicates: Iterable[int], *, seed: int) -> Trials:
    """Draw the replicates of a scenario, numbered from 1."""
    counts, first, last = [], [], []
    for replicate in replicates:
        series = simulated_series(scenario, replicate, seed=seed)
        cases = np.vstack([np.zeros_like(series.quiet), *series.cases])
        counts.append((series.quiet + cases)[:, FIRST_SHOWN:])
        has_case = cases[:, TESTED.start :] > 0
        is_real = has_case.any(axis=1)
        first.append(np.where(is_real, has_case.argmax(axis=1), -1))
        from_end = has_case[:, ::-1].argmax(axis=1)
        last.append(np.where(is_real, len(TESTED) - 1 - from_end, -1))
    return Trials(np.moveaxis(np.array(counts), 2, 0), np.array(first), np.array(last))
