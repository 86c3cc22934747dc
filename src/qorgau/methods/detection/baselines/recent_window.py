"""Mean and deviation of the few weeks before each tested one, for all series at once.

With persons ``n`` behind the counts ``y``, a window gives a rate, ``r = sum(y) / sum(n)``, and the
variance of counts around it per person, ``sum((y - r n)**2 / n) / (weeks - 1)``; both are brought
to the persons of the tested week, as the variance of a sum over persons grows with their number.
With the same persons in every week these are the plain mean and the plain variance.
"""

from dataclasses import dataclass

import numpy as np

from qorgau.methods.arrays import FloatArray, IntArray

# What rounding leaves of the residuals of equal rates, as a share of the counts, squared.
ROUNDING_SQUARED = 1e-24
LARGEST_EXACT_NUMBER = 2.0**53


@dataclass(frozen=True, eq=False)
class WeekRows:
    """WeekRows of a panel: a slice of those that follow each other, or any."""

    at: slice | IntArray

    @classmethod
    def of_weeks(cls, rows: IntArray) -> "WeekRows":
        """WeekRows by their numbers."""
        follow = rows.size > 0 and bool(np.all(np.diff(rows) == 1))
        return cls(slice(int(rows[0]), int(rows[-1]) + 1) if follow else rows)

    def moved(self, weeks: int) -> "WeekRows":
        """The same number of rows, this many weeks later."""
        if isinstance(self.at, slice):
            return WeekRows(slice(self.at.start + weeks, self.at.stop + weeks))
        return WeekRows(self.at + weeks)

    def of(self, values: FloatArray) -> FloatArray:
        """These rows of an array; a view if they follow each other."""
        return values[self.at]

    def sums_from(self, values: FloatArray, weeks: int) -> FloatArray:
        """Sum of this number of weeks, starting at each of these rows."""
        total = self.of(values).copy()
        for week in range(1, weeks):
            total += self.moved(week).of(values)
        return total


@dataclass(frozen=True, eq=False)
class RecentWindow:
    """Expected count and deviation of the tested weeks, shape ``(weeks, series)``.

    Attributes
    ----------
    mean, deviation
        Expected count, and standard deviation of a count; NaN where too few weeks are known.
    mean_of_one_case
        Expected count after a single case in the whole window; a number if it is the same
        for all.
    """

    mean: FloatArray
    deviation: FloatArray
    mean_of_one_case: FloatArray | float


@dataclass(frozen=True, eq=False)
class RecentWeeks:
    """The weeks that windows are cut from, shape ``(time, series)``.

    Attributes
    ----------
    counts
        Counts; NaN is unknown.
    cases, is_known, persons, population
        Counts, whether they count (1 or 0), the persons behind them, 0 where they do not, and the
        persons of every week, NaN where unknown. All but `cases` are None where each week counts
        as it is.
    sums, sums_of_squares
        Of the cases of all weeks before, one row more; None where these would not be exact.
    """

    counts: FloatArray
    cases: FloatArray
    is_known: FloatArray | None = None
    persons: FloatArray | None = None
    population: FloatArray | None = None
    sums: FloatArray | None = None
    sums_of_squares: FloatArray | None = None

    @classmethod
    def as_they_are(cls, counts: FloatArray, baseline: int) -> "RecentWeeks":
        """Weeks as they are: an unknown week leaves every window with it without numbers."""
        largest = counts.max(initial=0.0)
        # Whole numbers are added and multiplied without rounding up to here; false for NaN.
        if not max(counts.shape[0], baseline**2) * largest**2 < LARGEST_EXACT_NUMBER:
            return cls(counts, counts)
        sums = np.zeros((2, counts.shape[0] + 1, counts.shape[1]))
        sums[0, 1:] = counts
        np.multiply(counts, counts, out=sums[1, 1:])
        # Row by row, which is many times as fast as NumPy's cumsum.
        for week in range(counts.shape[0]):
            sums[:, week + 1] += sums[:, week]
        return cls(counts, counts, sums=sums[0], sums_of_squares=sums[1])

    @classmethod
    def leaving_out_unknown(
        cls, counts: FloatArray, population: FloatArray | None
    ) -> "RecentWeeks":
        """Weeks without a count, or without persons, are left out of windows."""
        is_unknown = np.isnan(counts)
        if population is not None:
            is_unknown |= np.isnan(population)
        is_known = (~is_unknown).astype(np.float64)
        cases = np.where(is_unknown, 0.0, counts)
        if population is None:
            return cls(counts, cases, is_known, is_known)
        return cls(counts, cases, is_known, np.where(is_unknown, 0.0, population), population)

    def before(self, tested: WeekRows, guard: int, baseline: int) -> RecentWindow:
        """Windows of `baseline` weeks before each tested one, with `guard` weeks between.

        Where unknown weeks are left out, half of a window's weeks and at least two must be known.
        Equal counts, or equal rates, have the deviation 0.
        """
        window = tested.moved(-guard - baseline)
        if self.is_known is not None and self.persons is not None:
            known = window.sums_from(self.is_known, baseline)
            persons = window.sums_from(self.persons, baseline)
            persons[known < fewest_known(baseline)] = np.nan
            return self._by_person(tested, window, known, persons, baseline)
        if self.sums is not None and self.sums_of_squares is not None:
            after = window.moved(baseline)
            mean = after.of(self.sums) - window.of(self.sums)
            squares = self.sums_of_squares
            variance = after.of(squares) - window.of(squares)
            # n sum(y^2) - (sum y)^2, over n (n - 1): exact in whole numbers up to the division.
            variance *= baseline
            variance -= mean * mean
            variance /= baseline * (baseline - 1)
            mean /= baseline
        else:
            mean = window.sums_from(self.cases, baseline)
            mean /= baseline
            variance = self._squares(mean, window, baseline)
            variance /= baseline - 1
        return RecentWindow(mean, np.sqrt(variance, out=variance), 1.0 / baseline)

    def _by_person(
        self,
        tested: WeekRows,
        window: WeekRows,
        known: FloatArray,
        persons: FloatArray,
        baseline: int,
    ) -> RecentWindow:
        cases = window.sums_from(self.cases, baseline)
        rate = cases / persons
        variance = self._squares(rate, window, baseline)
        variance /= np.maximum(known - 1, 1)
        if self.population is None:
            return RecentWindow(rate, np.sqrt(variance, out=variance), 1.0 / persons)
        # Equal rates leave rounding errors only: their deviation is 0.
        variance[variance <= ROUNDING_SQUARED * rate * cases] = 0.0
        here = tested.of(self.population)
        # A sum over n persons has n times the variance of one.
        variance *= here
        return RecentWindow(rate * here, np.sqrt(variance, out=variance), here / persons)

    def _squares(self, rate: FloatArray, window: WeekRows, baseline: int) -> FloatArray:
        """Squared residuals of a window's weeks, each over its persons, added up."""
        total = np.zeros(rate.shape)
        residual = np.empty(rate.shape)
        for week in range(baseline):
            rows = window.moved(week)
            expected = rate
            if self.persons is not None:
                persons = rows.of(self.persons)
                expected = np.multiply(rate, persons, out=residual)
            np.subtract(rows.of(self.cases), expected, out=residual)
            np.multiply(residual, residual, out=residual)
            if self.population is not None:
                residual /= np.where(persons > 0, persons, 1.0)
            total += residual
        return total


def fewest_known(baseline: int) -> int:
    """Known weeks that a window must have: half of them, and two."""
    return max((baseline + 1) // 2, 2)
