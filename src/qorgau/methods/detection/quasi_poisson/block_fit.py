"""What a fit has found, in terms of season blocks."""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import BoolArray, FloatArray
from qorgau.methods.detection.quasi_poisson.season_design import Design

# Log mean of a block without a case: no count, and no square of one, is changed by it.
NO_CASES = -300.0


@dataclass(frozen=True, eq=False)
class BlockFit:
    """One fit of every series in a block.

    Attributes
    ----------
    level
        Shape ``(blocks, series)``, log of the mean (of the rate, with a population) at time 0.
    slope
        Shape ``(series,)``, change of the log mean over the scaled time 1.
    working_level, working_slope
        The same of the step that made the working weights.
    block_weight
        Shape ``(blocks, series)``, sum of the working weights.
    block_time
        Same shape, their mean scaled time.
    time_weight
        Shape ``(series,)``, weighted sum of squares of the time less its mean in the block; 0
        without a trend.
    weeks, parameters
        Shape ``(series,)``, weeks that took part, and numbers that were fitted to them.
    converged
        Shape ``(series,)``.
    is_unsure
        Same shape, whether sums over blocks were not enough to follow the R package.
    """

    level: FloatArray
    slope: FloatArray
    working_level: FloatArray
    working_slope: FloatArray
    block_weight: FloatArray
    block_time: FloatArray
    time_weight: FloatArray
    weeks: FloatArray
    parameters: FloatArray
    converged: BoolArray
    is_unsure: BoolArray

    @property
    def residual_df(self) -> FloatArray:
        """Weeks less parameters, shape ``(series,)``; NaN where none is left."""
        left = self.weeks - self.parameters
        return np.where(left > 0, left, np.nan)

    def tested_log_mean(self, design: Design, tested_exposure: FloatArray | None) -> FloatArray:
        """Log mean of the tested week, its own population included, shape ``(series,)``."""
        tested = self.level[design.tested_block] + self.slope * (
            design.tested_time / design.time_scale
        )
        tested = np.where(self.block_weight[design.tested_block] > 0, tested, -np.inf)
        return tested if tested_exposure is None else tested + np.log(tested_exposure)

    def tested_log_variance(self, design: Design, *, has_trend: bool) -> FloatArray:
        """Variance of it at dispersion 1, shape ``(series,)``."""
        # Variance of level + slope x time: the part of the level, and that of the slope at the
        # distance of the tested week from the mean time of its block.
        weight = self.block_weight[design.tested_block]
        variance: FloatArray = 1.0 / np.where(weight > 0, weight, np.nan)
        if has_trend:
            time = design.tested_time / design.time_scale
            variance += (time - self.block_time[design.tested_block]) ** 2 / self._known_time_weight
        return variance

    @property
    def slope_variance(self) -> FloatArray:
        """Variance of the slope at dispersion 1, shape ``(series,)``."""
        return 1.0 / self._known_time_weight

    @property
    def _known_time_weight(self) -> FloatArray:
        return np.where(self.time_weight > 0, self.time_weight, np.nan)
