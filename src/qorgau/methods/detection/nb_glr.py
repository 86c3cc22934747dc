"""Negative binomial likelihood ratio chart: has the rate risen, since some week, by some factor?

Input: a ``(time, series)`` array of counts. In-control mean, with season and trend, and extra
variance are estimated from the weeks before the first tested one. For each tested week and every
earlier week, a rise that began there, of whatever size, is compared with no rise as an explanation
of the counts since then; an alarm is raised when the likelihood ratio reaches a threshold.

Source: Hoehle and Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368; Lai
(1995), Journal of the Royal Statistical Society B 57, 613-658; Lorden (1971), Annals of
Mathematical Statistics 42, 1897-1908.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import FloatArray, IntArray
from qorgau.methods.detection.baselines.in_control_mean import FEWEST_WEEKS_OF_HISTORY
from qorgau.methods.detection.bounds.thresholds import ROUNDING, largest_quiet_count
from qorgau.methods.detection.likelihood_ratio.chart import (
    LikelihoodRatioChart,
    glr_chart,
)
from qorgau.methods.detection.likelihood_ratio.in_control import (
    InControlModel,
    in_control_model,
)
from qorgau.methods.detection.likelihood_ratio.reference.chart import reference_chart
from qorgau.methods.detection.likelihood_ratio.reference.in_control import (
    reference_in_control_model,
)
from qorgau.methods.detection.panels.block_pool import work_on_blocks
from qorgau.methods.detection.panels.options import (
    check_choice,
    check_reference_population,
    check_threads,
)
from qorgau.methods.detection.panels.panel import Panel, check_following_weeks, check_panel
from qorgau.methods.detection.panels.results import MODES, CellReason, Cells, DetectionResult, Mode

MOST_HARMONICS = 12
# Large against the cost of the calls that a week takes, small against memory.
SERIES_PER_BLOCK = 1024


def nb_glr(
    counts: ArrayLike,
    *,
    mode: Mode = "corrected",
    weeks: Sequence[int] | None = None,
    population: ArrayLike | None = None,
    c_arl: float = 5.0,
    kappa: float | None = None,
    nb_alpha: float | None = None,
    harmonics: int = 1,
    trend: bool = False,
    in_control_mean: ArrayLike | None = None,
    threads: int = 1,
) -> DetectionResult:
    """Find a rise that began at any earlier week and is of any size.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Cases per week, whole numbers; NaN is a missing week.
    mode : {'corrected', 'reference'}
        As defined, with sparse series done right; or as R's ``glrnb`` computes it.
    weeks : sequence of int, optional
        0-based rows to test, one after the other; the rows before the first are the in-control
        history. By default every row after the first 52.
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count; corrected mode only.
    c_arl : float
        Statistic that gives an alarm.
    kappa : float, optional
        Logarithm of the factor of the rise to be found; by default the likeliest, at least 0.
    nb_alpha : float, optional
        The variance of a count is ``mean + nb_alpha mean^2``; 0 is Poisson's law. By default it is
        estimated together with the mean.
    harmonics : int
        Cosine and sine waves a year.
    trend : bool
        Whether the log mean is linear in time.
    in_control_mean : array_like, shape (weeks tested, series), optional
        Means that are known; `nb_alpha` must then be given too.
    threads : int
        Blocks of series worked on at the same time.

    Returns
    -------
    DetectionResult
        Arrays of the shape ``(weeks tested, series)``. `score` is the statistic divided by
        `c_arl`, an alarm is at 1 and above; `p_value` and `alpha` are NaN, because this method does
        not have them. In reference mode `upper_bound` is the smallest count with an alarm.

    Raises
    ------
    ValueError
        If the panel or an option cannot be used.

    References
    ----------
    Hoehle and Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.full((110, 1), 4)
    >>> counts[104:] = 8
    >>> result = nb_glr(counts, weeks=range(104, 110))
    >>> int(result.weeks[np.argmax(result.alarm[:, 0])])
    107
    """
    options = _GlrOptions(mode, c_arl, kappa, nb_alpha, harmonics, trend)
    _check_options(options, in_control_mean is not None)
    check_reference_population(mode, population)
    check_threads(threads)
    panel = check_panel(counts, population)
    rows = check_following_weeks(weeks, FEWEST_WEEKS_OF_HISTORY, panel.counts.shape[0])
    known_mean = _check_mean(in_control_mean, (rows.size, panel.counts.shape[1]))
    cells = Cells.empty((rows.size, panel.counts.shape[1]), CellReason.INSUFFICIENT_HISTORY)

    def test(columns: slice) -> None:
        mean = None if known_mean is None else known_mean[:, columns]
        found = _test_block(panel, rows, columns, mean, options)
        cells.put((slice(None), columns), found)

    starts = range(0, panel.counts.shape[1], SERIES_PER_BLOCK) if rows.size else ()
    blocks = [slice(start, start + SERIES_PER_BLOCK) for start in starts]
    work_on_blocks(test, blocks, threads=threads)
    cells.withdraw((slice(None), panel.is_invalid), CellReason.INVALID_COUNTS)
    return cells.freeze(
        method="nb_glr",
        mode=mode,
        alpha=float("nan"),
        weeks=rows,
        observed=panel.counts[rows],
    )


@dataclass(frozen=True)
class _GlrOptions:
    mode: Mode
    c_arl: float
    kappa: float | None
    nb_alpha: float | None
    harmonics: int
    trend: bool


def _check_options(options: _GlrOptions, has_mean: bool) -> None:
    check_choice("mode", options.mode, MODES)
    if not 0 < options.c_arl < np.inf:
        raise ValueError(f"c_arl must be above 0; it is {options.c_arl}.")
    if options.kappa is not None and not 0 < options.kappa < np.inf:
        raise ValueError(
            f"kappa, the log of the factor of a rise, must be above 0; it is {options.kappa}."
        )
    if options.nb_alpha is not None and not 0 <= options.nb_alpha < np.inf:
        raise ValueError(f"nb_alpha must be 0 or above; it is {options.nb_alpha}.")
    if not 0 <= options.harmonics <= MOST_HARMONICS:
        raise ValueError(
            f"harmonics must be between 0 and {MOST_HARMONICS}; it is {options.harmonics}."
        )
    if has_mean and options.nb_alpha is None:
        raise ValueError("A known in_control_mean needs a known nb_alpha; give both or neither.")


def _check_mean(mean: ArrayLike | None, shape: tuple[int, int]) -> FloatArray | None:
    if mean is None:
        return None
    values = np.asarray(mean, dtype=np.float64)
    if values.shape != shape:
        raise ValueError(
            f"in_control_mean must have one row for each tested week and one column for each "
            f"series, {shape}; it has {values.shape}."
        )
    if not np.all((values > 0) & (values < np.inf)):
        raise ValueError("in_control_mean must be above 0 and finite everywhere.")
    return values


def _test_block(
    panel: Panel,
    rows: IntArray,
    columns: slice,
    known_mean: FloatArray | None,
    options: _GlrOptions,
) -> Cells:
    """Test neighbouring series."""
    counts = panel.usable_counts(slice(None), columns)
    population = None if panel.population is None else panel.population[:, columns]
    cells = Cells.empty((rows.size, counts.shape[1]), CellReason.INSUFFICIENT_HISTORY)
    if known_mean is not None:
        model = _known_model(known_mean, options)
    elif rows[0] > 0:
        model = _model(counts, population, rows, options)
    else:
        return cells
    observed = counts[rows]
    chart = _chart(observed, model, options)
    cells.expected[:] = cells.threshold_mean[:] = model.mean
    # Variance over mean: (mu + alpha mu^2) / mu.
    cells.dispersion[:] = 1.0 + model.alpha * model.mean
    cells.trend[:] = ~np.isnan(model.trend_per_week)
    cells.trend_per_week[:] = model.trend_per_week
    cells.score[:] = chart.statistic / options.c_arl
    cells.alarm[:] = chart.alarm
    cells.upper_bound[:] = chart.critical_count
    if options.mode == "corrected":
        largest_quiet_count(chart.critical_count, out=cells.upper_bound)
    _state_reasons(cells, observed, model, None if population is None else population[rows])
    return cells


def _known_model(mean: FloatArray, options: _GlrOptions) -> InControlModel:
    series = mean.shape[1]
    alpha = np.full(series, options.nb_alpha, dtype=np.float64)
    return InControlModel(mean, alpha, np.full(series, np.nan), np.zeros(series, dtype=np.bool_))


def _model(
    counts: FloatArray, population: FloatArray | None, rows: IntArray, options: _GlrOptions
) -> InControlModel:
    """The in-control model with the means of the tested weeks alone."""
    first, length = int(rows[0]), int(rows[-1]) + 1
    if options.mode == "reference":
        model = reference_in_control_model(
            counts[:length],
            first_tested=first,
            harmonics=options.harmonics,
            has_trend=options.trend,
            alpha=options.nb_alpha,
        )
    else:
        model = in_control_model(
            counts[:length],
            None if population is None else population[:length],
            first_tested=first,
            harmonics=options.harmonics,
            has_trend=options.trend,
            alpha=options.nb_alpha,
        )
    return InControlModel(model.mean[rows], model.alpha, model.trend_per_week, model.is_level)


def _chart(
    observed: FloatArray, model: InControlModel, options: _GlrOptions
) -> LikelihoodRatioChart:
    mean, alpha = model.mean, model.alpha
    if options.mode == "corrected":
        return glr_chart(observed, mean, alpha, threshold=options.c_arl, kappa=options.kappa)
    usable = ~(np.isnan(observed).any(axis=0) | np.isnan(mean).any(axis=0))
    given = (observed[:, usable], mean[:, usable], alpha[usable])
    if options.kappa is not None or options.nb_alpha == 0:
        found = glr_chart(*given, threshold=options.c_arl, kappa=options.kappa)
    else:
        found = reference_chart(*given, threshold=options.c_arl)
    critical = found.critical_count
    if options.kappa is None:
        critical = np.ceil(critical - ROUNDING)
    statistic, bound = np.full((2, *observed.shape), np.nan)
    alarm = np.zeros(observed.shape, dtype=np.bool_)
    statistic[:, usable], bound[:, usable], alarm[:, usable] = (
        found.statistic,
        critical,
        found.alarm,
    )
    return LikelihoodRatioChart(statistic, bound, alarm)


def _state_reasons(
    cells: Cells, observed: FloatArray, model: InControlModel, population: FloatArray | None
) -> None:
    cells.reason[:] = np.where(model.is_level, CellReason.TESTED_SPARSE, CellReason.TESTED)
    cells.reason[np.isnan(cells.score)] = CellReason.MISSING_COUNTS
    cells.reason[np.isnan(model.mean)] = CellReason.INSUFFICIENT_HISTORY
    cells.reason[:, np.isnan(model.alpha)] = CellReason.NOT_CONVERGED
    cells.name_missing(observed, population)
