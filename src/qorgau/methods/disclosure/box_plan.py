"""Boxes of units, causes and months whose counts can be shown, planned before there are any counts.

A box is a set of units times a set of causes times a set of months. The boxes of a plan cover every
cell once. Because they are chosen from what was *expected*, their shape says nothing about what
happened: a rule that chooses from the counts tells a reader who knows the rule why a cell is hidden
(the minimality attack, Wong et al. 2007).

Input: strength by unit and month, expected counts by unit, cause and month, and the trees of units
and causes. Source: the partition follows the idea of fixed output categories in statistical
disclosure control (Hundepool et al. 2012, Statistical Disclosure Control, ch. 4 and 5).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray, as_non_negative

METHOD = "Fixed boxes planned from expected counts"
MONTHS_PER_QUARTER = 3
# A box of mean 10 holds fewer than 5 in 3 % of years, of mean 8 in 10 %.
TARGET_EXPECTED = 10.0
LEAST_POPULATION = 20.0


@dataclass(frozen=True, eq=False)
class BoxPlan:
    """A partition of all cells into boxes, each a product of three sets.

    Attributes
    ----------
    box_of : ndarray of int, shape (units, causes, months)
        Number of the box that a cell belongs to.
    units : ndarray of bool, shape (boxes, units)
    causes : ndarray of bool, shape (boxes, causes)
    months : ndarray of bool, shape (boxes, months)
        The three sets of each box.
    expected : ndarray, shape (boxes,)
        Expected count of each box.
    has_population : ndarray of bool, shape (boxes,)
        Whether a box has enough people to be shown at all; False only where the whole has not.
    method : str
        Name of the method.
    """

    box_of: IntArray
    units: BoolArray
    causes: BoolArray
    months: BoolArray
    expected: FloatArray
    has_population: BoolArray
    method: str = METHOD

    @classmethod
    def of_boxes(
        cls,
        units: BoolArray,
        causes: BoolArray,
        months: BoolArray,
        expected: FloatArray,
        has_population: BoolArray,
    ) -> BoxPlan:
        """A plan that was made earlier, from the three sets of its boxes.

        Parameters
        ----------
        units, causes, months, expected, has_population : ndarray
            As the attributes of those names.

        Returns
        -------
        BoxPlan
        """
        box_of = np.empty((units.shape[1], causes.shape[1], months.shape[1]), dtype=np.int64)
        for number in range(expected.size):
            members = (np.flatnonzero(mask[number]) for mask in (units, causes, months))
            box_of[np.ix_(*members)] = number
        arrays = (box_of, units, causes, months, expected, has_population)
        for array in arrays:
            array.setflags(write=False)
        return cls(*arrays)

    @property
    def boxes(self) -> int:
        """How many boxes there are."""
        return int(self.expected.size)


@dataclass(frozen=True, eq=False)
class _Box:
    """Indices of the units, causes and months of a box, each in ascending order."""

    units: IntArray
    causes: IntArray
    months: IntArray


@dataclass(frozen=True, eq=False)
class _Facts:
    """What boxes are judged by, and the levels along which they are split."""

    strength: FloatArray
    expected: FloatArray
    unit_levels: IntArray
    cause_levels: IntArray
    month_levels: IntArray
    target_expected: float
    least_population: float

    def expected_in(self, box: _Box) -> float:
        return float(self.expected[np.ix_(box.units, box.causes, box.months)].sum())

    def has_population(self, box: _Box) -> bool:
        persons = self.strength[np.ix_(box.units, box.months)].sum(axis=0)
        return bool(persons.mean() >= self.least_population)

    def passes(self, box: _Box) -> bool:
        return self.expected_in(box) >= self.target_expected and self.has_population(box)


def plan_boxes(
    strength: ArrayLike,
    expected: ArrayLike,
    unit_levels: ArrayLike,
    cause_levels: ArrayLike,
    *,
    target_expected: float = TARGET_EXPECTED,
    least_population: float = LEAST_POPULATION,
) -> BoxPlan:
    """Divide units, causes and months into boxes that can be shown.

    Parameters
    ----------
    strength : array_like, shape (units, months)
        Persons of each leaf unit in each month.
    expected : array_like, shape (units, causes, months)
        Expected counts by leaf unit, leaf cause and month, from figures that are already released
        or from person-time and the rate of the whole; never from the counts to be protected.
    unit_levels : array_like of int, shape (levels, units)
        For each level of the unit tree, from the coarsest, the node that a leaf unit belongs to.
        The last level is the leaves themselves; a leaf higher up repeats its own number.
    cause_levels : array_like of int, shape (levels, causes)
        The same for the cause tree.
    target_expected : float
        Least expected count of a box that is divided off.
    least_population : float
        Least persons, as a mean over the months of the box.

    Returns
    -------
    BoxPlan
        With at least one box.

    Raises
    ------
    InputError
        If strength or expected counts are missing or negative.
    ValueError
        If the arrays do not belong together, or a least number is not positive.

    Notes
    -----
    Boxes are taken in order, first in first out, and divided by unit, else by quarter and month,
    else by cause: the first division in which at least two parts pass. The parts that do not pass
    are put together; while they do not pass even so, the passing part with the smallest expected
    count joins them (of equal ones the first in the tree). No count is looked at, so the plan is
    the same whatever happens.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapters 4 and 5.

    Examples
    --------
    >>> strength = np.full((2, 12), 100.0)
    >>> expected = np.full((2, 1, 12), 1.0)
    >>> plan = plan_boxes(strength, expected, [[0, 1]], [[0]])
    >>> plan.boxes, plan.units.tolist()
    (2, [[True, False], [False, True]])
    """
    facts = _check(strength, expected, unit_levels, cause_levels, target_expected, least_population)
    units, causes, months = facts.expected.shape
    whole = _Box(np.arange(units), np.arange(causes), np.arange(months))
    waiting, boxes = deque([whole]), []
    while waiting:
        box = waiting.popleft()
        parts = _divide(box, facts)
        if parts:
            waiting.extend(parts)
        else:
            boxes.append(box)
    return _plan_of(boxes, facts)


def _divide(box: _Box, facts: _Facts) -> list[_Box]:
    """The parts of the first division that holds; none if the box stays whole."""
    for parts in _divisions(box, facts):
        kept = _passing_parts(parts, facts)
        if len(kept) > 1:
            return kept
    return []


def _divisions(box: _Box, facts: _Facts) -> Iterator[list[_Box]]:
    """The divisions to try, in their order: by unit, by time, by cause."""
    for units in _branches(box.units, facts.unit_levels):
        yield [_Box(part, box.causes, box.months) for part in units]
    for months in _branches(box.months, facts.month_levels):
        yield [_Box(box.units, box.causes, part) for part in months]
    for causes in _branches(box.causes, facts.cause_levels):
        yield [_Box(box.units, part, box.months) for part in causes]


def _branches(members: IntArray, levels: IntArray) -> Iterator[list[IntArray]]:
    """The members by the branch of the tree that they belong to, where they first part."""
    for level in levels:
        branches = level[members]
        if (branches != branches[0]).any():
            # In the order in which the branches first occur, which is that of the tree.
            _numbers, first, which = np.unique(branches, return_index=True, return_inverse=True)
            yield [members[which == number] for number in np.argsort(first)]
            return


def _passing_parts(parts: Sequence[_Box], facts: _Facts) -> list[_Box]:
    """The parts that pass, and the others put together; fewer than two if that cannot be."""
    passing = [part for part in parts if facts.passes(part)]
    failing = [part for part in parts if not facts.passes(part)]
    if not failing:
        return passing
    rest = _together(failing)
    while passing and not facts.passes(rest):
        # min() takes the first of equals, which is the first in the tree.
        smallest = min(range(len(passing)), key=lambda each: facts.expected_in(passing[each]))
        rest = _together([rest, passing.pop(smallest)])
    return [*passing, rest] if facts.passes(rest) else []


def _together(parts: Sequence[_Box]) -> _Box:
    """Boxes that differ in one of their three sets as one box."""
    return _Box(
        np.unique(np.concatenate([part.units for part in parts])),
        np.unique(np.concatenate([part.causes for part in parts])),
        np.unique(np.concatenate([part.months for part in parts])),
    )


def _plan_of(boxes: Sequence[_Box], facts: _Facts) -> BoxPlan:
    units, causes, months = facts.expected.shape
    return BoxPlan.of_boxes(
        units=_masks([box.units for box in boxes], units),
        causes=_masks([box.causes for box in boxes], causes),
        months=_masks([box.months for box in boxes], months),
        expected=np.array([facts.expected_in(box) for box in boxes]),
        has_population=np.array([facts.has_population(box) for box in boxes]),
    )


def _masks(members: Sequence[IntArray], length: int) -> BoolArray:
    masks = np.zeros((len(members), length), dtype=np.bool_)
    for mask, each in zip(masks, members, strict=True):
        mask[each] = True
    return masks


def _check(
    strength: ArrayLike,
    expected: ArrayLike,
    unit_levels: ArrayLike,
    cause_levels: ArrayLike,
    target_expected: float,
    least_population: float,
) -> _Facts:
    persons = as_non_negative(strength, "strength")
    counts = as_non_negative(expected, "expected")
    if counts.ndim != 3 or 0 in counts.shape:
        raise ValueError(
            "expected must have the shape (units, causes, months), with at least one of each; "
            f"it has {counts.shape}."
        )
    units, causes, months = counts.shape
    if persons.shape != (units, months):
        raise ValueError(
            f"strength must have the shape (units, months), here {(units, months)}; "
            f"it has {persons.shape}."
        )
    for name, value in (
        ("target_expected", target_expected),
        ("least_population", least_population),
    ):
        if not value > 0:
            raise ValueError(f"{name} must be above zero; it is {value}.")
    every_month = np.arange(months)
    return _Facts(
        persons,
        counts,
        _levels(unit_levels, units, "unit_levels"),
        _levels(cause_levels, causes, "cause_levels"),
        np.stack([every_month // MONTHS_PER_QUARTER, every_month]),
        target_expected,
        least_population,
    )


def _levels(values: ArrayLike, leaves: int, field: str) -> IntArray:
    levels = np.asarray(values)
    if levels.ndim != 2 or levels.shape[1] != leaves or not np.issubdtype(levels.dtype, np.integer):
        raise ValueError(
            f"{field} must hold whole numbers in the shape (levels, {leaves}); "
            f"it has {levels.shape}."
        )
    if np.unique(levels[-1]).size != leaves:
        raise ValueError(f"The last level of {field} must give every leaf a number of its own.")
    for coarse, fine in pairwise(levels):
        if np.unique(np.stack([coarse, fine]), axis=1).shape[1] != np.unique(fine).size:
            raise ValueError(
                f"{field} is not a tree: a node belongs to two nodes of the level above."
            )
    return levels.astype(np.int64)
