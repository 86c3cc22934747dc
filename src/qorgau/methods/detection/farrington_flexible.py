"""Farrington's method with the improvements of Noufaily and others, for panels of weekly counts.

Estimates the expected count of a week from the same season of earlier years, with a
quasi-Poisson regression on season and trend in which past outbreaks get less weight, and an upper
bound that a count exceeds by chance with probability `alpha`.

Input: a ``(time, series)`` array of weekly counts. Source: Farrington et al. (1996), J. R.
Statist. Soc. A 159, 547-563; Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222.

The steps of the algorithm are in this file, in the order of the papers; what the two modes do
differently in a step is in `quasi_poisson.corrected_steps` and `quasi_poisson.reference.steps`.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import BoolArray, IntArray
from qorgau.methods.detection.panels.options import check_threads
from qorgau.methods.detection.panels.panel import Panel, check_panel, check_weeks
from qorgau.methods.detection.panels.results import Cells, DetectionResult, Mode
from qorgau.methods.detection.quasi_poisson.corrected_steps import CorrectedSteps
from qorgau.methods.detection.quasi_poisson.options import (
    FarringtonOptions,
    PowerTransform,
    ThresholdMethod,
    check_farrington_options,
)
from qorgau.methods.detection.quasi_poisson.reference.steps import ReferenceSteps
from qorgau.methods.detection.quasi_poisson.regression import (
    Regression,
    keep_trend_where_it_holds,
    predict_tested_week,
)
from qorgau.methods.detection.quasi_poisson.reweighting import (
    find_past_outbreaks,
    lower_their_weights,
)
from qorgau.methods.detection.quasi_poisson.steps import FarringtonSteps
from qorgau.methods.detection.quasi_poisson.tested_weeks import lay_out_baselines, work_on_weeks
from qorgau.methods.detection.quasi_poisson.week_block import WeekBlock

# Noufaily et al. (2013): the newest half year is left out, so that an outbreak under way does not
# hide itself.
PAST_WEEKS_NOT_INCLUDED = 26


def farrington_flexible(
    counts: ArrayLike,
    *,
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    dates: ArrayLike | None = None,
    population: ArrayLike | None = None,
    alpha: float = 0.01,
    years: int = 5,
    half_window: int = 3,
    periods: int = 10,
    past_weeks_not_included: int | None = None,
    reweight: bool = True,
    weights_threshold: float = 2.58,
    trend: bool = True,
    p_threshold_trend: float = 1.0,
    threshold_method: ThresholdMethod = "nb-plugin",
    power_transform: PowerTransform = "2/3",
    limit54: tuple[int, int] = (0, 4),
    threads: int = 2,
) -> DetectionResult:
    """Find weekly counts above what earlier years let us expect.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Cases per week, whole numbers; NaN is a missing week.
    mode : {'corrected', 'reference'}
        The method as its papers define it, or with the numbers of R's ``farringtonFlexible``.
    weeks : sequence of int, optional
        0-based rows to test; by default every row with a full history.
    dates : array_like of ISO dates, shape (time,), optional
        One day per week, seven days apart; keeps the season in place over 53-week years.
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count (offset).
    alpha : float
        One-sided probability of a false alarm for one series in one week.
    years : int
        Years to go back (``b``).
    half_window : int
        Weeks on each side of the same week in earlier years (``w``).
    periods : int
        Blocks of the season factor (``noPeriods``); 1 uses the windows alone.
    past_weeks_not_included : int, optional
        Newest weeks left out of the baseline; 26 by default, `half_window` where `periods` is 1.
    reweight : bool
        Whether past outbreaks get less weight.
    weights_threshold : float
        Anscombe residual above which a past week gets less weight.
    trend : bool
        Whether a linear trend is tried.
    p_threshold_trend : float
        A trend is kept where its p-value is below; 1 keeps it whatever its p-value.
    threshold_method : {'nb-plugin', 'muan', 'delta', 'nb-predictive'}
        Negative binomial quantile; the same at the upper limit of the mean; power-normal; or the
        negative binomial quantile of a prediction, which counts the mean's own uncertainty in.
    power_transform : {'2/3', '1/2', 'none'}
        Transform of the delta method.
    limit54 : tuple of int
        Cases needed for an alarm, and the number of newest weeks in which they must come;
        ``(5, 4)`` in the papers.
    threads : int
        Blocks of series worked on at the same time. The result does not depend on it.

    Returns
    -------
    DetectionResult
        Arrays of the shape ``(weeks tested, series)``.

    Raises
    ------
    ValueError
        If the panel or an option cannot be used. A single bad series raises nothing: its cells
        give the reason, and the other series are tested.

    References
    ----------
    Farrington et al. (1996), J. R. Statist. Soc. A 159, 547-563.
    Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.zeros((300, 1), dtype=int)
    >>> counts[-1] = 3
    >>> result = farrington_flexible(counts, weeks=[299])
    >>> bool(result.alarm[0, 0]), str(result.reason[0, 0]), float(result.upper_bound[0, 0])
    (True, 'tested_sparse', 0.0)
    """
    panel = check_panel(counts, population, dates)
    if past_weeks_not_included is None:
        past_weeks_not_included = PAST_WEEKS_NOT_INCLUDED if periods > 1 else half_window
    options = FarringtonOptions(
        alpha,
        years,
        half_window,
        periods,
        past_weeks_not_included,
        reweight,
        weights_threshold,
        trend,
        p_threshold_trend,
        threshold_method,
        power_transform,
        limit54,
    )
    check_farrington_options(options, mode)
    check_threads(threads)
    rows = check_weeks(weeks, options.first_week, panel.counts.shape[0])
    steps = CorrectedSteps() if mode == "corrected" else ReferenceSteps()
    cells = find_exceedances(panel, rows, options, steps, threads=threads)
    return cells.freeze(
        method="farrington_flexible",
        mode=mode,
        alpha=alpha,
        weeks=rows,
        observed=panel.counts[rows],
    )


def find_exceedances(
    panel: Panel,
    rows: IntArray,
    options: FarringtonOptions,
    steps: FarringtonSteps,
    *,
    fewest_years: int | None = None,
    threads: int = 1,
) -> Cells:
    """Run the algorithm on some weeks of a panel; with `fewest_years` on a shorter history too."""
    # Baseline: the weeks around the same week of earlier years, and the rest of each year in
    # blocks, which are the levels of a season factor.
    layouts = lay_out_baselines(panel, rows, options, fewest_years or options.years)
    test_block = partial(_test_block, options=options, steps=steps)
    return work_on_weeks(panel, rows, layouts, steps.mode, test_block, threads=threads)


def _test_block(block: WeekBlock, options: FarringtonOptions, steps: FarringtonSteps) -> Cells:
    """Test one week of each series of a block."""
    # Populations many powers of ten apart overflow; `conclude` gives a reason for what is lost.
    with np.errstate(all="ignore"):
        cells, has_regression = steps.predict_sparse(block, options)
        if has_regression.any():
            cells.put(has_regression, _test_some(block, has_regression, options, steps))
    steps.conclude(cells, block, options)
    return cells


def _test_some(
    block: WeekBlock, chosen: BoolArray, options: FarringtonOptions, steps: FarringtonSteps
) -> Cells:
    if 2 * np.count_nonzero(chosen) > chosen.size:
        # To fit a few more series costs less than to copy the others side by side.
        return _test_by_regression(block, options, steps).take(chosen)
    return _test_by_regression(block.take(chosen), options, steps)


def _test_by_regression(
    block: WeekBlock, options: FarringtonOptions, steps: FarringtonSteps
) -> Cells:
    """First fit to exceedance score, for series that have a regression."""
    fit_twice = partial(_fit_twice, options=options, steps=steps)
    may_trend = steps.may_trend(block, options)
    regression = keep_trend_where_it_holds(block, options, fit_twice, may_trend)
    # Threshold: what a count exceeds by chance with probability alpha.
    threshold = steps.threshold(block.tested_counts, options, regression)
    # Exceedance score X = (observed - expected) / (threshold - expected): an alarm is above 1.
    cells = steps.exceedance(block.tested_counts, threshold)
    cells.dispersion[:] = regression.dispersion
    cells.trend[:] = regression.has_trend
    cells.trend_per_week[:] = regression.trend_per_week
    steps.mark_unusable(cells, regression)
    return cells


def _fit_twice(
    block: WeekBlock, has_trend: bool, *, options: FarringtonOptions, steps: FarringtonSteps
) -> Regression:
    """Fit the baseline, give past outbreaks less weight, and fit it again."""
    series, fit = block.baseline, steps.fitting(block.baseline)
    # First fit: log mean = level of the block + slope x time, all weeks with the same weight.
    first = second = fit(series, has_trend, None)
    is_unsure = first.is_unsure
    if options.reweight:
        # Residuals: weeks with a large standardised Anscombe residual are past outbreaks.
        outbreaks = find_past_outbreaks(series, first, options.weights_threshold)
        # Reweighting: their weight is the residual to the power -2.
        series = lower_their_weights(series, first, outbreaks)
        # Second fit.
        second = fit(series, has_trend, first.slope)
        is_unsure = is_unsure | outbreaks.is_met | second.is_unsure
    found = predict_tested_week(
        block,
        series,
        second,
        options,
        partial(steps.se_dispersions, is_reweighted=options.reweight),
        has_trend=has_trend,
        converged=first.converged,
    )
    steps.refit_unsure(found, is_unsure, block, options, has_trend=has_trend)
    return found
