"""Testing weekly panels: Farrington's method where the history is long enough, EARS otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.unit_cause_hierarchy.counts import Floats, Ints
from qorgau.analysis.unit_cause_hierarchy.panel import WeeklyPanel
from qorgau.methods.detection import DetectionResult, ears, farrington_flexible

FARRINGTON = "farrington_flexible"
EARS = "ears_c2"
METHOD = f"{FARRINGTON}, {EARS}"
# The bound that a count must exceed, and that is shown as what is usual.
ALPHA = 0.001
LEAST_CASES = 3
MOST_YEARS = 5
FEWEST_YEARS = 2
HALF_WINDOW_WEEKS = 3
# Every one of the years may have 53 weeks.
LONGEST_HISTORY_WEEKS = 53 * MOST_YEARS + HALF_WINDOW_WEEKS + 1
EARS_BASELINE_WEEKS = 26
EARS_GUARD_WEEKS = 2
# What Burkom suggests for sparse series: the normal law is too sure of them.
EARS_LEAST_DEVIATION = 1.0
# Half of the window must be known.
EARS_LEAST_WEEKS = EARS_BASELINE_WEEKS // 2 + EARS_GUARD_WEEKS


@dataclass(frozen=True, eq=False)
class Watch:
    """Tests of the tested weeks; arrays have the shape ``(tested weeks, series)``.

    Attributes
    ----------
    weeks : ndarray of int, shape (tested weeks,)
        Rows of the panel.
    observed, expected, upper_bound, p_value, score : ndarray
        NaN where there is no test.
    alarm : ndarray of bool
        Whether the count is above its bound.
    years : ndarray of int
        Years of history behind the test; 0 for EARS, -1 where there is no test.
    """

    weeks: Ints
    observed: Floats
    expected: Floats
    upper_bound: Floats
    p_value: Floats
    score: Floats
    alarm: npt.NDArray[np.bool_]
    years: Ints


def years_of_history(weeks_before: Ints) -> Ints:
    """Years that Farrington's method can go back, by the weeks known before the tested one.

    Parameters
    ----------
    weeks_before : ndarray of int
        Weeks of history before the tested week.

    Returns
    -------
    ndarray of int
        2 to 5; 0 where the history is long enough for EARS alone; -1 where it is not even that.
    """
    # Dated years may have 53 weeks, one at most in five of them.
    years = np.minimum((weeks_before - HALF_WINDOW_WEEKS - 1) // 52, MOST_YEARS)
    short = np.where(weeks_before >= EARS_LEAST_WEEKS, 0, -1)
    return np.where(years >= FEWEST_YEARS, years, short).astype(np.int64)


def watch(panel: WeeklyPanel, weeks: Sequence[int], *, alpha: float, least_cases: int = 1) -> Watch:
    """Test weeks of every series with the best method its history allows.

    Parameters
    ----------
    panel : WeeklyPanel
        Counts and person-time.
    weeks : sequence of int
        Rows to test.
    alpha : float
        One-sided probability of a false alarm for one series in one week.
    least_cases : int
        Fewer cases in the tested week raise no alarm.

    Returns
    -------
    Watch
    """
    rows = np.asarray(weeks, dtype=np.int64)
    shape = (rows.size, len(panel.series))
    years = years_of_history(rows[:, None] - panel.first_weeks)
    numbers = {name: np.full(shape, np.nan) for name in _NUMBERS}
    alarm = np.zeros(shape, dtype=np.bool_)
    for back in np.unique(years[years >= 0]).tolist():
        is_here = years == back
        tested_rows, columns = is_here.any(axis=1), is_here.any(axis=0)
        found = _test(panel, rows[tested_rows], columns, back, alpha, least_cases)
        cells = is_here[np.ix_(tested_rows, columns)]
        for name, array in numbers.items():
            array[is_here] = getattr(found, name)[cells]
        alarm[is_here] = (found.alarm & (found.observed >= least_cases))[cells]
    return Watch(weeks=rows, observed=panel.counts[rows], alarm=alarm, years=years, **numbers)


_NUMBERS = ("expected", "upper_bound", "p_value", "score")


def _test(
    panel: WeeklyPanel,
    rows: Ints,
    columns: npt.NDArray[np.bool_],
    years: int,
    alpha: float,
    least_cases: int,
) -> DetectionResult:
    counts, person_days = panel.counts[:, columns], panel.person_days[:, columns]
    # Without any known strength a unit is taken to have kept its size.
    population = np.where(np.isnan(person_days).all(axis=0), 1.0, person_days)
    if years == 0:
        return ears(
            counts,
            variant="C2",
            weeks=rows.tolist(),
            population=population,
            alpha=alpha,
            baseline=EARS_BASELINE_WEEKS,
            min_sigma=EARS_LEAST_DEVIATION,
        )
    return farrington_flexible(
        counts,
        weeks=rows.tolist(),
        dates=panel.mondays,
        population=population,
        alpha=alpha,
        years=years,
        half_window=HALF_WINDOW_WEEKS,
        # Far out in the tail, where many tests are judged, the plug-in law is too sure of its mean.
        threshold_method="nb-predictive",
        limit54=(least_cases, 1),
    )
