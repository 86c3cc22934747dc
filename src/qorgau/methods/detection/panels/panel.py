"""What a panel of weekly counts is, and what every detection method gives back for it.

A panel is a ``(time, series)`` array of counts, one row per week and one column per series.
Every cell of a result carries either a test or the reason why there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.blas import dasum

from qorgau.methods.detection.panels.cache_blocks import runs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Mode = Literal["corrected", "reference"]
MODES: tuple[Mode, ...] = ("corrected", "reference")


class Reason(IntEnum):
    """Why a series-week has a result, or has none; ``text`` is the code given to users."""

    TESTED = 0
    TESTED_SPARSE = 1
    TOO_FEW_CASES = 2
    MISSING_COUNTS = 3
    INSUFFICIENT_HISTORY = 4
    NOT_CONVERGED = 5
    MISSING_POPULATION = 6
    INVALID_COUNTS = 7
    ZERO_VARIANCE = 8

    @property
    def text(self) -> str:
        """The code as it stands in results and files."""
        return self.name.lower()


REASON_TEXTS = np.array([reason.text for reason in Reason])


@dataclass(frozen=True, eq=False)
class DetectionResult:
    """What a detection method found in each tested week of each series.

    All arrays but `weeks` have the shape ``(weeks tested, series)``. A number that could not be
    computed is NaN, and `reason` says why; one that the method does not have at all is NaN too, in
    an array that cannot be written to.

    Attributes
    ----------
    method, mode
        Name of the method and whether it ran as defined (``corrected``) or as the R package
        ``surveillance`` computes it (``reference``).
    alpha
        One-sided probability of a false alarm for one series in one week.
    weeks
        0-based row of the panel that each row of the result tests.
    observed, expected, upper_bound
        Count of the week, its expected value, and the largest count that gives no alarm.
    p_value
        Probability of a count at least as large as the observed one.
    score
        ``(observed - expected) / (upper_bound - expected)``; an alarm lies above 1.
    dispersion
        Variance of a count divided by its mean, at least 1.
    trend, trend_per_week
        Whether a linear trend was kept, and its slope on the log scale per week.
    threshold_mean
        Mean of the law from which the upper bound was taken.
    alarm
        Whether the observed count lies above the upper bound.
    reason_code
        Members of `Reason`; `reason` gives them as text.
    """

    method: str
    mode: Mode
    alpha: float
    weeks: IntArray
    observed: FloatArray
    expected: FloatArray
    upper_bound: FloatArray
    p_value: FloatArray
    score: FloatArray
    dispersion: FloatArray
    trend: BoolArray
    trend_per_week: FloatArray
    threshold_mean: FloatArray
    alarm: BoolArray
    reason_code: NDArray[np.int8]

    @cached_property
    def reason(self) -> NDArray[np.str_]:
        """Why each cell has a result or has none, shape ``(weeks tested, series)``.

        ``tested``, ``tested_sparse``, ``too_few_cases``, ``missing_counts``,
        ``insufficient_history``, ``not_converged``, ``missing_population``, ``invalid_counts`` or
        ``zero_variance``. Written out when first asked for, being larger than all the rest.
        """
        texts: NDArray[np.str_] = REASON_TEXTS[self.reason_code]
        return texts

    @property
    def is_tested(self) -> BoolArray:
        """Which cells were compared with a bound, shape ``(weeks tested, series)``."""
        tested = (Reason.TESTED, Reason.TESTED_SPARSE, Reason.TOO_FEW_CASES)
        return np.isin(self.reason_code, tested)


@dataclass
class Cells:
    """Results under way, before they are frozen; every array has the same shape."""

    expected: FloatArray
    upper_bound: FloatArray
    p_value: FloatArray
    score: FloatArray
    dispersion: FloatArray
    trend: BoolArray
    trend_per_week: FloatArray
    threshold_mean: FloatArray
    alarm: BoolArray
    reason: NDArray[np.int8]

    @classmethod
    def empty(cls, shape: tuple[int, ...], reason: Reason) -> "Cells":
        """Cells without any number, all with the same reason."""
        arrays: dict[str, Any] = {
            field.name: np.full(shape, np.nan) for field in fields(cls) if field.name != "reason"
        }
        arrays["trend"] = np.zeros(shape, dtype=np.bool_)
        arrays["alarm"] = np.zeros(shape, dtype=np.bool_)
        return cls(**arrays, reason=np.full(shape, reason, dtype=np.int8))

    @classmethod
    def having(cls, shape: tuple[int, ...], reason: Reason, **numbers: Any) -> "Cells":
        """Cells with the arrays given; the others are absent: one value seen in all places."""
        no_number, no_flag = np.broadcast_to(np.nan, shape), np.broadcast_to(np.False_, shape)
        arrays: dict[str, Any] = {field.name: no_number for field in fields(cls)}
        arrays |= {"trend": no_flag, "alarm": no_flag}
        arrays["reason"] = np.full(shape, reason, dtype=np.int8)
        return cls(**{**arrays, **numbers})

    def withdraw(self, where: Any, reason: Reason) -> None:
        """Leave nothing but a reason in the places `where`, of the arrays that are not absent."""
        for field in fields(self):
            array = getattr(self, field.name)
            if array.flags.writeable:
                array[where] = np.nan if array.dtype == np.float64 else False
        self.reason[where] = reason

    def put(self, where: Any, other: "Cells") -> None:
        """Write another set of cells into the places `where` of this one."""
        for field in fields(self):
            array = getattr(self, field.name)
            if array.flags.writeable:
                array[where] = getattr(other, field.name)

    def take(self, where: Any) -> "Cells":
        """The cells of the places `where`; a view of them if these are slices."""
        return Cells(*(getattr(self, field.name)[where] for field in fields(self)))

    def between(self, start: int, stop: int) -> "Cells":
        """A view of the cells of neighbouring series, of one week."""
        return Cells(*(getattr(self, field.name)[start:stop] for field in fields(self)))

    def freeze(
        self, *, method: str, mode: Mode, alpha: float, weeks: IntArray, observed: FloatArray
    ) -> DetectionResult:
        """The result that a caller receives."""
        numbers = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name != "reason"
        }
        return DetectionResult(
            method=method,
            mode=mode,
            alpha=alpha,
            weeks=weeks,
            observed=observed,
            reason_code=self.reason,
            **numbers,
        )


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
    """Turn input into a panel; refuse what is wrong as a whole, mark single bad series.

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
    """Which series hold what is no count; and whether every count of all series is one."""
    is_count = np.ones(values.shape[1], dtype=np.bool_)
    blocks = list(runs(*values.shape)) if values.size else []
    scratch = np.empty_like(values[blocks[0]]) if blocks else values
    with np.errstate(invalid="ignore"):
        for weeks in blocks:
            part = values[weeks]
            rest = np.abs(part, out=scratch[: part.shape[0]])
            np.floor(rest, out=rest)
            np.subtract(part, rest, out=rest)
            # Nothing is left of a count: of a fraction its part, of what is below 0, infinite or
            # NaN more. Sizes are added, so that nothing cancels or vanishes.
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
    """The rows to test: those asked for, or every row from `first` on.

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
        still ends with a stated reason.

    Raises
    ------
    ValueError
        If a row lies outside the panel.
    """
    if weeks is None:
        return np.arange(min(first, length - 1), length, dtype=np.int64)
    rows = np.asarray(list(weeks), dtype=np.int64)
    if rows.size and (rows.min() < 0 or rows.max() >= length):
        raise ValueError(
            f"Weeks to test must lie between 0 and {length - 1}; "
            f"{rows.min()} to {rows.max()} were asked for."
        )
    return rows


def check_following(rows: IntArray) -> None:
    """Refuse weeks with others between them, for methods that carry something from week to week.

    Raises
    ------
    ValueError
        If a week does not follow the one before it.
    """
    if rows.size > 1 and np.any(np.diff(rows) != 1):
        raise ValueError("Weeks to test must follow each other: what they add up is carried over.")


def check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not one of those allowed.

    Raises
    ------
    ValueError
        With the values that are allowed.
    """
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; it is {value!r}.")


def check_alpha(alpha: float) -> None:
    """Refuse a false-alarm probability outside (0, 0.5).

    Raises
    ------
    ValueError
        If `alpha` lies outside.
    """
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha must lie between 0 and 0.5; it is {alpha}.")


def check_threads(threads: int) -> None:
    """Refuse a number of threads below 1.

    Raises
    ------
    ValueError
        If `threads` is below 1.
    """
    if threads < 1:
        raise ValueError(f"threads must be at least 1; it is {threads}.")
