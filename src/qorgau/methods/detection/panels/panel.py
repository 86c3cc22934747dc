"""What a panel of weekly counts is: one row per week, one column per series."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.blas import dasum

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.detection.panels.cache_blocks import runs


@dataclass(frozen=True, eq=False)
class Panel:
    """A checked panel: missing weeks are NaN, unusable series are marked.

    Attributes
    ----------
    counts
        Shape ``(time, series)``.
    population
        Shape ``(time, series)``, NaN where it is missing or not positive; None without one.
    is_invalid
        Shape ``(series,)``: the series holds a negative, infinite or fractional count.
    is_complete
        Whether no count is missing and no series is invalid.
    dates
        Shape ``(time,)``, the first day of each week; None for undated weeks.
    """

    counts: FloatArray
    population: FloatArray | None
    is_invalid: BoolArray
    is_complete: bool
    dates: NDArray[np.datetime64] | None

    def usable_counts(self, weeks: slice, columns: slice) -> FloatArray:
        """Counts of some weeks and series, NaN throughout an invalid series."""
        counts, is_invalid = self.counts[weeks, columns], self.is_invalid[columns]
        return np.where(is_invalid, np.nan, counts) if is_invalid.any() else counts


def check_panel(
    counts: ArrayLike, population: ArrayLike | None = None, dates: ArrayLike | None = None
) -> Panel:
    """Turn input into a panel; refuse what is wrong as a whole, mark bad series.

    Parameters
    ----------
    counts : array_like, shape (time, series)
        Counts per week; NaN is a missing week.
    population : array_like, shape (time, series), optional
        Persons, or person-time, behind each count.
    dates : array_like of ISO dates, shape (time,), optional
        One date per week, seven days apart.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If the shapes do not fit each other or the dates are not seven days apart.
    """
    values = np.asarray(counts, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] == 0:
        raise ValueError(
            "Counts must be a table with one row per week and one column per series; "
            f"this array has the shape {values.shape}."
        )
    is_invalid, is_complete = _check_counts(values)
    return Panel(
        counts=values,
        population=_check_population(population, values.shape),
        is_invalid=is_invalid,
        is_complete=is_complete,
        dates=_check_dates(dates, values.shape[0]),
    )


def _check_counts(values: FloatArray) -> tuple[BoolArray, bool]:
    """Which series have a value that is not a count, and whether every value is a count."""
    is_count = np.ones(values.shape[1], dtype=np.bool_)
    blocks = list(runs(*values.shape)) if values.size else []
    scratch = np.empty_like(values[blocks[0]]) if blocks else values
    with np.errstate(invalid="ignore"):
        for weeks in blocks:
            part = values[weeks]
            rest = np.abs(part, out=scratch[: part.shape[0]])
            np.floor(rest, out=rest)
            np.subtract(part, rest, out=rest)
            # A count leaves 0; a fraction leaves its part; a negative, infinite or NaN value
            # leaves more. Absolute values are added, so that nothing cancels.
            if dasum(rest.reshape(-1)) != 0:
                is_count &= (rest == 0).all(axis=0)
    doubtful = values[:, ~is_count]
    with np.errstate(invalid="ignore"):
        is_wrong = ~np.isnan(doubtful) & ~((doubtful >= 0) & (doubtful == np.floor(doubtful)))
    is_wrong |= np.isinf(doubtful)
    is_invalid = np.zeros(values.shape[1], dtype=np.bool_)
    is_invalid[~is_count] = is_wrong.any(axis=0)
    return is_invalid, bool(is_count.all())


def _check_population(population: ArrayLike | None, shape: tuple[int, ...]) -> FloatArray | None:
    if population is None:
        return None
    persons = np.asarray(population, dtype=np.float64)
    if persons.shape != shape:
        raise ValueError(
            f"Population must have the shape of the counts, {shape}; it has {persons.shape}."
        )
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(persons) & (persons > 0), persons, np.nan)


def _check_dates(dates: ArrayLike | None, length: int) -> NDArray[np.datetime64] | None:
    if dates is None:
        return None
    days = np.asarray(dates, dtype="datetime64[D]")
    if days.shape != (length,):
        raise ValueError(
            f"There must be one date for each of the {length} weeks; there are {days.size}."
        )
    if np.any(np.diff(days) != np.timedelta64(7, "D")):
        row = int(np.flatnonzero(np.diff(days) != np.timedelta64(7, "D"))[0]) + 1
        raise ValueError(
            f"Weeks must be seven days apart; week {row + 1} ({days[row]}) does not follow "
            f"{days[row - 1]} by seven days. Give missing weeks a row without a count."
        )
    return days


def check_weeks(weeks: Sequence[int] | None, first: int, length: int) -> IntArray:
    """The rows to test: those given, or every row from `first` on.

    Parameters
    ----------
    weeks : sequence of int or None
        0-based rows.
    first : int
        First row that a method can test with a full history.
    length : int
        Rows in the panel.

    Returns
    -------
    numpy.ndarray, shape (weeks tested,)
        Where the panel is too short for any test, its last row alone, so that each series
        still ends with a reason.

    Raises
    ------
    ValueError
        If a row is outside the panel.
    """
    if weeks is None:
        return np.arange(min(first, length - 1), length, dtype=np.int64)
    rows = np.asarray(list(weeks), dtype=np.int64)
    if rows.size and (rows.min() < 0 or rows.max() >= length):
        raise ValueError(
            f"Weeks to test must be between 0 and {length - 1}; "
            f"{rows.min()} to {rows.max()} were given."
        )
    return rows


def check_following_weeks(weeks: Sequence[int] | None, first: int, length: int) -> IntArray:
    """The rows to test, as `check_weeks`, for methods that carry a sum from week to week.

    Raises
    ------
    ValueError
        If a week does not follow the one before it.
    """
    rows = check_weeks(weeks, first, length)
    if rows.size > 1 and np.any(np.diff(rows) != 1):
        raise ValueError("Weeks to test must follow each other: what they add up is carried over.")
    return rows
