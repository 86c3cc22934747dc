"""The tested week of a block of series, with its baseline: what a fit is given."""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.season_design import Design
from qorgau.methods.detection.quasi_poisson.weighted_counts import WeightedCounts


@dataclass(frozen=True, eq=False)
class WeekBlock:
    """The baseline and the tested week of a block of series.

    Series of several tested weeks can be side by side in one block, if their baselines have the
    same layout.

    Attributes
    ----------
    baseline
        Counts and weights (0 for a week that is not used) of the baseline weeks.
    tested_counts
        Shape ``(series,)``, NaN where missing.
    tested_exposure
        Shape ``(series,)``, or None.
    recent_counts
        Shape ``(weeks of limit54, series)``, the newest weeks, the tested one included.
    """

    baseline: WeightedCounts
    tested_counts: FloatArray
    tested_exposure: FloatArray | None
    recent_counts: FloatArray

    @property
    def design(self) -> Design:
        """Season blocks and times."""
        return self.baseline.design

    @property
    def is_used(self) -> BoolArray:
        """Weeks that are known, shape ``(weeks, series)``."""
        is_used: BoolArray = self.baseline.weights.dense() > 0
        return is_used

    def take(self, series: BoolArray) -> "WeekBlock":
        """The same for a selection of the series."""
        if series.all():
            return self
        chosen = np.flatnonzero(series)
        return WeekBlock(
            self.baseline.take(chosen),
            self.tested_counts[chosen],
            None if self.tested_exposure is None else self.tested_exposure[chosen],
            self.recent_counts[:, chosen],
        )
