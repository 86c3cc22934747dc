"""Which cases of two or three registers are the same: one person, days not far apart.

Input: of each register the people as whole numbers (equal numbers are one person) and the days of
their cases. A case is linked at most once with each register, so that several injuries of one
person stay several (Fellegi, Sunter 1969, Journal of the American Statistical Association
64:1183-1210; here the person must agree exactly, and the day within a tolerance).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.methods.arrays import BoolArray, InputError, IntArray

METHOD = (
    "one-to-one linkage by person and day within a tolerance: as many links as possible, of these "
    "the nearest in time (maximum matching, Glover 1967)"
)
# Nobody is hurt so often within days of each other: such a number belongs to many people.
MOST_IN_A_RUN = 300
# Cells of the tables that are worked on together, so that memory stays bounded.
CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class LinkedRegisters:
    """Every case once, with where each register holds it.

    Attributes
    ----------
    positions : ndarray of int64, shape (cases, registers)
        Position of the case among the cases of each register; -1 where it does not hold it.
    held : ndarray of bool, shape (cases, registers)
        Whether each register holds the case.
    tolerance_days : int
        Largest number of days between linked cases.
    shared_people : int
        People of whom more than one register has a case, whether linked or not.
    method : str
        Name and source of the method.
    """

    positions: IntArray
    held: BoolArray
    tolerance_days: int
    shared_people: int
    method: str = METHOD


def link_registers(
    people: Sequence[npt.ArrayLike], days: Sequence[npt.ArrayLike], *, tolerance_days: int = 3
) -> LinkedRegisters:
    """Find the cases that two or three registers have in common.

    Parameters
    ----------
    people : sequence of array_like, each of shape (n,)
        Of each register, who each case is of; whole numbers.
    days : sequence of array_like, each of shape (n,)
        Of each register, the day number of each case; whole numbers.
    tolerance_days : int
        Largest number of days between the dates of one case in two registers.

    Returns
    -------
    LinkedRegisters
        First the cases of the first register, in their order; then those that only later ones
        hold.

    Raises
    ------
    InputError
        If there are not two or three registers, a number is not whole, lengths differ, the
        tolerance is negative, or one person has more cases within days of each other than anybody
        can have.

    Notes
    -----
    Within one person both registers' cases are points on a line, and a largest set of links that do
    not cross exists (Glover F 1967, Naval Research Logistics Quarterly 14:313-316); of the largest
    the one with the smallest sum of distances is taken. A third register is linked with the cases
    of the first two, whose day is that of the earlier register in the order given.
    """
    if len(people) not in (2, 3) or len(people) != len(days):
        raise InputError(
            "people", "not_two_or_three", "Give the people and the days of two or three registers."
        )
    if tolerance_days < 0 or tolerance_days != int(tolerance_days):
        raise InputError(
            "tolerance_days", "negative", "tolerance_days must be 0 or a larger whole number."
        )
    registers = [_register(who, when) for who, when in zip(people, days, strict=True)]
    who, day = registers[0]
    positions = np.arange(who.size, dtype=np.int64)[:, None]
    for new_who, new_day in registers[1:]:
        known, found = _links(who, day, new_who, new_day, int(tolerance_days))
        alone = np.setdiff1d(np.arange(new_who.size), found)
        column = np.full(who.size + alone.size, -1, dtype=np.int64)
        column[known] = found
        column[who.size :] = alone
        unheld = np.full((alone.size, positions.shape[1]), -1, dtype=np.int64)
        positions = np.column_stack([np.vstack([positions, unheld]), column])
        who, day = np.append(who, new_who[alone]), np.append(day, new_day[alone])
    positions.setflags(write=False)
    held = positions >= 0
    held.setflags(write=False)
    return LinkedRegisters(
        positions=positions,
        held=held,
        tolerance_days=int(tolerance_days),
        shared_people=_shared([who for who, _day in registers]),
    )


def _register(people: npt.ArrayLike, days: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    who, day = _whole(people, "people"), _whole(days, "days")
    if who.shape != day.shape:
        raise InputError(
            "days", "shapes_differ", "A register has another number of days than of people."
        )
    return who, day


def _whole(values: npt.ArrayLike, field: str) -> IntArray:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise InputError(field, "not_whole", f"{field} must be one row of whole numbers.")
    return array.astype(np.int64)


def _shared(people: Sequence[IntArray]) -> int:
    of_each = np.concatenate([np.unique(who) for who in people])
    _who, registers = np.unique(of_each, return_counts=True)
    return int((registers > 1).sum())


def _links(
    who: IntArray, day: IntArray, other_who: IntArray, other_day: IntArray, tolerance: int
) -> tuple[IntArray, IntArray]:
    """Positions of linked cases in one register and in the other."""
    everybody, every_day = np.append(who, other_who), np.append(day, other_day)
    order = np.lexsort((every_day, everybody))
    everybody, every_day = everybody[order], every_day[order]
    # Cases further apart than the tolerance cannot be linked across the gap: each run by itself.
    begins = np.ones(order.size, dtype=bool)
    begins[1:] = (np.diff(everybody) != 0) | (np.diff(every_day) > tolerance)
    run = np.cumsum(begins) - 1
    is_other = order >= who.size
    here = np.bincount(run[~is_other], minlength=int(begins.sum()))
    there = np.bincount(run[is_other], minlength=int(begins.sum()))
    if max(here.max(initial=0), there.max(initial=0)) > MOST_IN_A_RUN:
        raise InputError(
            "people",
            "too_many_of_one",
            f"One person has more than {MOST_IN_A_RUN} cases within days of each other: "
            "each person must have an own number, and each case one row.",
        )
    return _links_of_runs(
        (order[~is_other], here, day), (order[is_other] - who.size, there, other_day), tolerance
    )


def _links_of_runs(
    one: tuple[IntArray, IntArray, IntArray],
    other: tuple[IntArray, IntArray, IntArray],
    tolerance: int,
) -> tuple[IntArray, IntArray]:
    """Of each register: positions in order of runs, how many each run has, and the days."""
    (rows, here, day), (columns, there, other_day) = one, other
    first, second = np.cumsum(here) - here, np.cumsum(there) - there
    none = np.zeros(0, dtype=np.int64)
    found, other_found = [none], [none]
    for runs, (n, m) in _runs_of_a_size(here, there):
        row = rows[first[runs][:, None] + np.arange(n)]
        column = columns[second[runs][:, None] + np.arange(m)]
        i, j, is_link = _matched(day[row], other_day[column], tolerance)
        found.append(np.take_along_axis(row, i, axis=1)[is_link])
        other_found.append(np.take_along_axis(column, j, axis=1)[is_link])
    return np.concatenate(found), np.concatenate(other_found)


def _runs_of_a_size(here: IntArray, there: IntArray) -> Iterator[tuple[IntArray, tuple[int, int]]]:
    """Runs in which both registers have cases, those with equal numbers of them together."""
    both = np.flatnonzero((here > 0) & (there > 0))
    sizes, group = np.unique(np.column_stack([here, there])[both], axis=0, return_inverse=True)
    by_size = np.argsort(group.ravel(), kind="stable")
    bounds = np.searchsorted(group.ravel()[by_size], np.arange(len(sizes) + 1))
    for at, (n, m) in enumerate(sizes):
        runs = both[by_size[bounds[at] : bounds[at + 1]]]
        step = max(CELLS_AT_ONCE // int((n + 1) * (m + 1)), 1)
        for start in range(0, runs.size, step):
            yield runs[start : start + step], (int(n), int(m))


def _matched(
    days: IntArray, other_days: IntArray, tolerance: int
) -> tuple[IntArray, IntArray, BoolArray]:
    """Links within runs of n and m cases in order of their days; arrays of shape (runs, least)."""
    n, m = days.shape[1], other_days.shape[1]
    # One more link outweighs whatever nearness could gain.
    link = (tolerance + 1) * (min(n, m) + 1)
    distance = np.abs(days[:, :, None] - other_days[:, None, :])
    gain = np.where(distance <= tolerance, link - distance, -1)
    best = np.zeros((len(days), n + 1, m + 1), dtype=np.int64)
    # With days in order the best links never cross, so they follow from those of shorter runs, as
    # in the alignment of two sequences.
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            linked = np.where(gain[:, i - 1, j - 1] < 0, -1, best[:, i - 1, j - 1])
            best[:, i, j] = np.maximum(
                np.maximum(best[:, i - 1, j], best[:, i, j - 1]),
                linked + gain[:, i - 1, j - 1],
            )
    return _traced(best, gain)


def _traced(best: IntArray, gain: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
    """The links behind the best sums, found from the end."""
    runs, n, m = len(best), best.shape[1] - 1, best.shape[2] - 1
    i, j = np.full(runs, n), np.full(runs, m)
    number = np.zeros(runs, dtype=np.int64)
    shape = (runs, min(n, m))
    ones, others = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for _step in range(n + m):
        at = np.flatnonzero((i > 0) & (j > 0))
        one, other = i[at] - 1, j[at] - 1
        here, weight = best[at, i[at], j[at]], gain[at, one, other]
        is_link = (weight >= 0) & (here == best[at, one, other] + weight)
        linked = at[is_link]
        ones[linked, number[linked]], others[linked, number[linked]] = one[is_link], other[is_link]
        number[linked] += 1
        is_up = ~is_link & (here == best[at, one, j[at]])
        i[at[is_link | is_up]] -= 1
        j[at[~is_up]] -= 1
    return ones, others, np.arange(shape[1]) < number[:, None]
