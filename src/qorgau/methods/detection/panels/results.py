"""The answer of every detection method: for each cell a test, or the reason why there is none."""

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray

Mode = Literal["corrected", "reference"]
MODES: tuple[Mode, ...] = ("corrected", "reference")


class CellReason(IntEnum):
    """Why a series-week has a result or not; ``text`` is the code given to users."""

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
        """The code in results and files."""
        return self.name.lower()


# The reasons of cells that were compared with a bound.
TESTED_REASONS = (CellReason.TESTED, CellReason.TESTED_SPARSE, CellReason.TOO_FEW_CASES)
REASON_TEXTS = np.array([reason.text for reason in CellReason])


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
        ``(observed - expected) / (upper_bound - expected)``; an alarm is above 1.
    dispersion
        Variance of a count divided by its mean, at least 1.
    trend, trend_per_week
        Whether a linear trend was kept, and its slope on the log scale per week.
    threshold_mean
        Mean of the law from which the upper bound was taken.
    alarm
        Whether the observed count is above the upper bound.
    reason_code
        Members of `CellReason`; `reason` gives them as text.
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
        """Why each cell has a result or not, shape ``(weeks tested, series)``.

        ``tested``, ``tested_sparse``, ``too_few_cases``, ``missing_counts``,
        ``insufficient_history``, ``not_converged``, ``missing_population``, ``invalid_counts`` or
        ``zero_variance``. Written out at the first use, because it is larger than all the rest.
        """
        texts: NDArray[np.str_] = REASON_TEXTS[self.reason_code]
        return texts

    @property
    def is_tested(self) -> BoolArray:
        """Which cells were compared with a bound, shape ``(weeks tested, series)``."""
        return np.isin(self.reason_code, TESTED_REASONS)


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
    def empty(cls, shape: tuple[int, ...], reason: CellReason) -> "Cells":
        """Cells without any number, all with the same reason."""
        arrays: dict[str, Any] = {
            field.name: np.full(shape, np.nan) for field in fields(cls) if field.name != "reason"
        }
        arrays["trend"] = np.zeros(shape, dtype=np.bool_)
        arrays["alarm"] = np.zeros(shape, dtype=np.bool_)
        return cls(**arrays, reason=np.full(shape, reason, dtype=np.int8))

    @classmethod
    def having(cls, shape: tuple[int, ...], reason: CellReason, **numbers: Any) -> "Cells":
        """Cells with the arrays given; the others are absent: one value, repeated in all places."""
        no_number, no_flag = np.broadcast_to(np.nan, shape), np.broadcast_to(np.False_, shape)
        arrays: dict[str, Any] = {field.name: no_number for field in fields(cls)}
        arrays |= {"trend": no_flag, "alarm": no_flag}
        arrays["reason"] = np.full(shape, reason, dtype=np.int8)
        return cls(**{**arrays, **numbers})

    def withdraw(self, where: Any, reason: CellReason) -> None:
        """Leave only a reason in the places `where`, in the arrays that are not absent."""
        for field in fields(self):
            array = getattr(self, field.name)
            if array.flags.writeable:
                array[where] = np.nan if array.dtype == np.float64 else False
        self.reason[where] = reason

    def name_missing(self, observed: FloatArray, population: FloatArray | None) -> None:
        """Name what is missing, and leave no alarm, score or bound where there was no test.

        For methods that pass over such weeks and carry a sum on to the next.
        """
        if population is not None:
            self.reason[np.isnan(population)] = CellReason.MISSING_POPULATION
        self.reason[np.isnan(observed)] = CellReason.MISSING_COUNTS
        untested = ~np.isin(self.reason, TESTED_REASONS)
        self.alarm &= ~untested
        for array in (self.score, self.upper_bound):
            array[untested] = np.nan

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
