"""Farrington's method of 1996: this week against the same weeks of earlier years.

The forerunner of `farrington_flexible`, kept because many published tables and systems use it. Its
steps are those of `farrington_flexible`, with other options: the baseline is the same few weeks of
each earlier year, so that there is no season to estimate, and the bound is normal on the scale of
the count to the power 2/3.

Input: a ``(time, series)`` array of weekly counts. Source: Farrington et al. (1996), J. R.
Statist. Soc. A 159, 547-563.
"""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from qorgau.methods.detection.farrington_flexible import find_exceedances
from qorgau.methods.detection.panels.options import check_alpha
from qorgau.methods.detection.panels.panel import check_panel, check_weeks
from qorgau.methods.detection.panels.results import DetectionResult, Mode
from qorgau.methods.detection.quasi_poisson.corrected_steps import CorrectedSteps
from qorgau.methods.detection.quasi_poisson.options import (
    FarringtonOptions,
    PowerTransform,
    check_farrington_options,
)
from qorgau.methods.detection.quasi_poisson.reference.steps import ReferenceStepsOf1996

# Farrington et al. (1996): residuals above 1 get less weight, and a trend is kept below 0.05.
WEIGHTS_THRESHOLD = 1.0
P_THRESHOLD_TREND = 0.05


def farrington(
    counts: ArrayLike,
    *,
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    dates: ArrayLike | None = None,
    population: ArrayLike | None = None,
    alpha: float = 0.01,
    years: int = 5,
    half_window: int = 3,
    reweight: bool = True,
    trend: bool = True,
    power_transform: PowerTransform = "2/3",
    limit54: tuple[int, int] = (0, 4),
) -> DetectionResult:
    """Find weekly counts above the bound of 1996.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Cases per week, whole numbers; NaN is a missing week.
    mode : {'corrected', 'reference'}
        The method as the paper defines it, or with the numbers of R's ``farrington``.
    weeks : sequence of int, optional
        0-based rows to test; by default every row with a full history.
    dates : array_like of ISO dates, shape (time,), optional
        One day per week, seven days apart; keeps the season in place over 53-week years.
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count (offset).
    alpha : float
        Probability of a count outside a two-sided interval; half of it is above the bound.
    years, half_window : int
        Years to go back, and weeks on each side of the same week in them.
    reweight : bool
        Whether past outbreaks get less weight.
    trend : bool
        Whether a linear trend is tried; kept below a p-value of 0.05.
    power_transform : {'2/3', '1/2', 'none'}
        Power at which the count is taken to be normal.
    limit54 : tuple of int
        Cases needed for an alarm, and the number of newest weeks in which they must come;
        ``(5, 4)`` in the paper.

    Returns
    -------
    DetectionResult
        Arrays of the shape ``(weeks tested, series)``.

    Raises
    ------
    ValueError
        If the panel or an option cannot be used.

    Notes
    -----
    A week with fewer than `years` years before it is compared with those that there are.

    References
    ----------
    Farrington et al. (1996), J. R. Statist. Soc. A 159, 547-563.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.full((300, 1), 4)
    >>> counts[-1] = 15
    >>> bool(farrington(counts, weeks=[299]).alarm[0, 0])
    True
    """
    check_alpha(alpha)
    panel = check_panel(counts, population, dates)
    options = FarringtonOptions(
        alpha=alpha / 2.0,
        years=years,
        half_window=half_window,
        periods=1,
        past_weeks_not_included=half_window,
        reweight=reweight,
        weights_threshold=WEIGHTS_THRESHOLD,
        trend=trend,
        p_threshold_trend=P_THRESHOLD_TREND,
        threshold_method="delta",
        power_transform=power_transform,
        limit54=limit54,
    )
    check_farrington_options(options, mode)
    rows = check_weeks(weeks, options.first_week, panel.counts.shape[0])
    steps = CorrectedSteps() if mode == "corrected" else ReferenceStepsOf1996()
    cells = find_exceedances(panel, rows, options, steps, fewest_years=1)
    return cells.freeze(
        method="farrington",
        mode=mode,
        alpha=alpha,
        weeks=rows,
        observed=panel.counts[rows],
    )
