"""Which past weeks a week is compared with: windows around the same week, season blocks, years."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qorgau.methods.arrays import IntArray

WEEKS_PER_YEAR = 52

Dates = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class Baseline:
    """The past weeks that one tested week is compared with.

    Attributes
    ----------
    week
        0-based row under test.
    rows
        Shape ``(baseline weeks,)``, rows of the baseline in time order.
    season
        Same shape, block of the year from 1 on; the block of the tested week is `periods`.
    year
        Same shape, how many years back the window at the start of the row's year is.
    periods
        Number of blocks.
    """

    week: int
    rows: IntArray
    season: IntArray
    year: IntArray
    periods: int


def find_baseline(
    week: int,
    *,
    years: int,
    half_window: int,
    periods: int,
    past_weeks_not_included: int,
    dates: Dates | None = None,
) -> Baseline | None:
    """Lay out the baseline of one week; None if the history is too short.

    Parameters
    ----------
    week : int
        0-based row under test.
    years : int
        Years to go back.
    half_window : int
        Weeks on each side of the same week in earlier years.
    periods : int
        Blocks into which each year is divided; 1 keeps the windows alone.
    past_weeks_not_included : int
        Newest weeks left out, so that an outbreak under way does not hide itself.
    dates : numpy.ndarray of datetime64[D], shape (time,), optional
        First day of each week; without them a year has 52 weeks.

    Returns
    -------
    Baseline or None

    Raises
    ------
    ValueError
        If a year has too few weeks for that many blocks.

    References
    ----------
    Farrington et al. (1996), J. R. Statist. Soc. A 159, 547-563; Noufaily et al. (2013),
    Statistics in Medicine 32, 1206-1222, section 3.3 (the ten-level season factor).
    """
    reference = find_same_weeks(week, years, dates)
    # The window of the oldest year may reach one row before the first: it is cut there.
    if reference[-1] < 0 or reference[-1] - half_window < -1:
        return None
    season = np.zeros(week + 1, dtype=np.int64)
    year = np.zeros(week + 1, dtype=np.int64)
    for back, centre in enumerate(reference):
        start = max(centre - half_window, 0)
        season[start : centre + half_window + 1] = periods
        if back:
            end = reference[back - 1] - half_window
            year[start:end] = back
            if periods > 1:
                first = centre + half_window + 1
                season[first:end] = _season_blocks(end - first, periods, half_window)
    season[max(week - past_weeks_not_included, 0) :] = 0
    rows = np.flatnonzero(season).astype(np.int64)
    return Baseline(week, rows, season[rows], year[rows], periods)


def _season_blocks(length: int, periods: int, half_window: int) -> IntArray:
    """Labels 1 to ``periods - 1`` of the weeks between two windows, longer blocks first."""
    if length < periods - (2 * half_window + 1):
        raise ValueError(
            f"A year cannot be divided into {periods} blocks with a half-window of "
            f"{half_window} weeks: there are only {length} weeks between two windows."
        )
    size, longer = divmod(length, periods - 1)
    sizes = np.full(periods - 1, size)
    sizes[:longer] += 1
    return np.repeat(np.arange(1, periods, dtype=np.int64), sizes)


def find_same_weeks(week: int, years: int, dates: Dates | None = None) -> list[int]:
    """Rows of the same week in each earlier year, the tested row itself first.

    Parameters
    ----------
    week : int
        0-based row under test.
    years : int
        Years to go back.
    dates : numpy.ndarray of datetime64[D], optional
        First day of each week, seven days apart.

    Returns
    -------
    list of int
        ``years + 1`` rows, newest first; negative where a week is before the panel.

    Notes
    -----
    With dates, the week is that of the day with the same weekday nearest to the same calendar
    day, so that years of 53 weeks do not shift the season.
    """
    if dates is None:
        return [week - WEEKS_PER_YEAR * back for back in range(years + 1)]
    return [week] + [
        (_nearest_weekday(dates[week].astype(object), back) - dates[0].astype(object)).days // 7
        for back in range(1, years + 1)
    ]


def _nearest_weekday(day: date, years_back: int) -> date:
    year = day.year - years_back
    try:
        same_day = day.replace(year=year)
    except ValueError:  # 29 February in a year without one
        same_day = date(year, 3, 1)
    # In the week from Sunday to Saturday that holds the calendar day.
    first = same_day + timedelta(days=day.isoweekday() % 7 - same_day.isoweekday() % 7)
    other = first - timedelta(days=7) if first > same_day else first + timedelta(days=7)
    return other if abs(other - same_day) < abs(first - same_day) else first
