"""Farrington's method with the improvements of Noufaily and others, for panels of weekly counts.

Estimates the count to be expected in a week from the same season of earlier years, with a
quasi-Poisson regression on season and trend that takes past outbreaks down, and an upper bound
that a count exceeds by chance with probability `alpha`.

Input: a ``(time, series)`` array of weekly counts. Source: Farrington et al. (1996), J. R.
Statist. Soc. A 159, 547-563; Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222.
"""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from qorgau.methods.detection.baselines.baseline_weeks import WEEKS_PER_YEAR
from qorgau.methods.detection.bounds.thresholds import POWERS
from qorgau.methods.detection.panels.options import check_alpha, check_choice, check_threads
from qorgau.methods.detection.panels.panel import check_panel, check_weeks
from qorgau.methods.detection.panels.results import MODES, DetectionResult, Mode
from qorgau.methods.detection.quasi_poisson.corrected import estimate_corrected
from qorgau.methods.detection.quasi_poisson.reference.estimate import estimate_reference
from qorgau.methods.detection.quasi_poisson.tested_weeks import run_weeks
from qorgau.methods.detection.quasi_poisson.week_block import (
    FarringtonOptions,
    PowerTransform,
    ThresholdMethod,
)

THRESHOLD_METHODS: tuple[ThresholdMethod, ...] = ("delta", "muan", "nb-plugin", "nb-predictive")


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
    """Find weekly counts that lie above what earlier years let expect.

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
        Whether past outbreaks are taken down.
    weights_threshold : float
        Anscombe residual above which a past week is taken down.
    trend : bool
        Whether a linear trend is tried.
    p_threshold_trend : float
        A trend is kept where its p-value lies below; 1 keeps it whatever its p-value.
    threshold_method : {'nb-plugin', 'muan', 'delta', 'nb-predictive'}
        Negative binomial quantile; the same at the upper limit of the mean; power-normal; or the
        negative binomial quantile of a prediction, which counts the mean's own uncertainty in.
    power_transform : {'2/3', '1/2', 'none'}
        Transform of the delta method.
    limit54 : tuple of int
        No alarm unless so many cases came in so many newest weeks; ``(5, 4)`` in the papers.
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
        state the reason, and the other series are tested.

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
        past_weeks_not_included = 26 if periods > 1 else half_window
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
    _check_options(options, mode)
    check_threads(threads)
    rows = check_weeks(weeks, WEEKS_PER_YEAR * years + half_window, panel.counts.shape[0])
    estimate = estimate_corrected if mode == "corrected" else estimate_reference
    cells = run_weeks(panel, rows, options, mode, estimate, threads=threads)
    return cells.freeze(
        method="farrington_flexible",
        mode=mode,
        alpha=alpha,
        weeks=rows,
        observed=panel.counts[rows],
    )


def _check_options(options: FarringtonOptions, mode: str) -> None:
    check_choice("mode", mode, MODES)
    check_choice("threshold_method", options.threshold_method, THRESHOLD_METHODS)
    if mode == "reference" and options.threshold_method == "nb-predictive":
        raise ValueError("The package has no prediction here; use mode 'corrected'.")
    check_choice("power_transform", options.power_transform, tuple(POWERS))
    check_alpha(options.alpha)
    if options.years < 1 or options.periods < 1:
        raise ValueError("years and periods must be at least 1.")
    if options.half_window < 0 or options.past_weeks_not_included < 0:
        raise ValueError("half_window and past_weeks_not_included must not be negative.")
    if options.half_window > (WEEKS_PER_YEAR - 1) // 2:
        raise ValueError("half_window must be at most 25 weeks, so that windows do not overlap.")
    if not 0 < options.p_threshold_trend <= 1:
        raise ValueError("p_threshold_trend must lie above 0 and not exceed 1.")
    if options.weights_threshold <= 0:
        raise ValueError("weights_threshold must be positive.")
    if options.limit54[0] < 0 or options.limit54[1] < 1:
        raise ValueError("limit54 must be a number of cases and a number of weeks, such as (5, 4).")
