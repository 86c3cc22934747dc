"""What a reader is shown of protected counts: a box with enough of them exactly, another not.

Every answer about protected incidents is computed from boxes alone, so that nothing can be
subtracted from it. A region with 1 to 4 protected incidents holds no shown box (that alone would be
5 or more), and a shown box that only touches the region may have all its incidents outside: the
lower limit of every such region is 0, whatever is asked, also to a reader who knows the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray, as_counts
from qorgau.methods.disclosure.box_plan import BoxPlan

# Statistical offices hide counts below 3 to 10.
LEAST_COUNT = 5


@dataclass(frozen=True, eq=False)
class ShownBoxes:
    """Limits of the protected count of each box of a plan, as one reader is shown them.

    Attributes
    ----------
    plan : BoxPlan
    lower, upper : ndarray, shape (boxes,)
        Equal where the box is shown; 0 and the largest hidden count where it is not, the upper one
        infinite where the box is not published yet or may never be shown.
    """

    plan: BoxPlan
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class CountLimits:
    """Between which numbers the protected count of a region lies.

    Attributes
    ----------
    lower, upper : float
        Both included; the upper one is infinite where part of it is not published.
    """

    lower: float
    upper: float


def show_boxes(
    plan: BoxPlan,
    protected: ArrayLike,
    *,
    is_published: ArrayLike | None = None,
    least_count: int = LEAST_COUNT,
) -> ShownBoxes:
    """Say of each box as much as its protected count allows.

    Parameters
    ----------
    plan : BoxPlan
        Made before the counts were known.
    protected : array_like, shape (units, causes, months) or (boxes,)
        Incidents of each cell, or of each box, that the reader may neither open nor count.
    is_published : array_like of bool, shape (boxes,), optional
        Whether a box may be shown yet; by default every one.
    least_count : int
        A box with fewer is not shown, and one with none looks the same as one with few.

    Returns
    -------
    ShownBoxes

    Raises
    ------
    InputError
        If a count is negative or not whole.
    ValueError
        If the arrays do not fit the plan, or `least_count` is below 2.

    Examples
    --------
    >>> from qorgau.methods.disclosure import plan_boxes
    >>> plan = plan_boxes([[100.0], [100.0]], [[[10.0]], [[10.0]]], [[0, 1]], [[0]])
    >>> shown = show_boxes(plan, [[[7]], [[2]]])
    >>> shown.lower.tolist(), shown.upper.tolist()
    ([7.0, 0.0], [7.0, 4.0])
    """
    counts = as_counts(protected, "protected")
    if counts.shape not in (plan.box_of.shape, (plan.boxes,)):
        raise ValueError(
            f"protected must have the plan's shape {plan.box_of.shape}, or a value for each of "
            f"{plan.boxes} boxes; it has {counts.shape}."
        )
    if least_count < 2:
        raise ValueError(f"least_count must be 2 or more, such as 5; it is {least_count}.")
    published = np.ones(plan.boxes, dtype=np.bool_)
    if is_published is not None:
        published = np.asarray(is_published, dtype=np.bool_)
        if published.shape != (plan.boxes,):
            raise ValueError(
                f"is_published needs a value for each of {plan.boxes} boxes; "
                f"it has the shape {published.shape}."
            )
    cells = plan.box_of.ravel() if counts.ndim > 1 else np.arange(plan.boxes)
    remaining = np.bincount(cells, weights=counts.ravel(), minlength=plan.boxes)
    may_show = published & plan.has_population
    is_shown = may_show & (remaining >= least_count)
    lower = np.where(is_shown, remaining, 0.0)
    hidden = np.where(may_show, least_count - 1.0, np.inf)
    upper = np.where(is_shown, remaining, hidden)
    for array in (lower, upper):
        array.setflags(write=False)
    return ShownBoxes(plan, lower, upper)


def restate_counts(
    published: ArrayLike, later: ArrayLike, *, least_count: int = LEAST_COUNT
) -> IntArray:
    """Counts of boxes when they are published a second time, with what was recorded since.

    Parameters
    ----------
    published, later : array_like of int, shape (boxes,)
        What each box held when it was published, and what it holds now.
    least_count : int
        A smaller change is not shown: it would tell of few incidents that were recorded late.

    Returns
    -------
    ndarray of int, shape (boxes,)

    Raises
    ------
    InputError
        If a count is negative or not whole.

    Examples
    --------
    >>> restate_counts([7, 7, 0], [9, 12, 3]).tolist()
    [7, 12, 0]
    """
    before, after = as_counts(published, "published"), as_counts(later, "later")
    return np.where(np.abs(after - before) >= least_count, after, before).astype(np.int64)


def bound_count(
    shown: ShownBoxes,
    asked: ArrayLike,
    causes: ArrayLike,
    *,
    whole: ArrayLike | None = None,
    empty: ArrayLike | None = None,
) -> CountLimits:
    """Limits of the protected count of some units, months and causes.

    Parameters
    ----------
    shown : ShownBoxes
        What the reader is shown.
    asked : array_like of bool, shape (units, months)
        Which months of which units are asked about, also in part: a unit may have moved.
    causes : array_like of bool, shape (causes,)
        The causes asked about.
    whole : array_like of bool, shape (units, months), optional
        Of these, the months that are asked about from first to last day and without a further
        condition; by default all of `asked`.
    empty : array_like of bool, shape (units, months), optional
        Where nothing protected can have happened, so that it does not matter whether it is asked
        about: the unit did not exist, or the reader counts its incidents himself. Default: nowhere.

    Returns
    -------
    CountLimits
        The boxes that lie inside give the lower limit, those that are touched the upper one.

    Raises
    ------
    ValueError
        If a mask does not fit the plan, or a month is whole that is not asked about.

    Examples
    --------
    >>> from qorgau.methods.disclosure import plan_boxes
    >>> plan = plan_boxes([[100.0], [100.0]], [[[10.0]], [[10.0]]], [[0, 1]], [[0]])
    >>> shown = show_boxes(plan, [[[7]], [[2]]])
    >>> bound_count(shown, [[True], [True]], [True])
    CountLimits(lower=7.0, upper=11.0)
    >>> bound_count(shown, [[False], [True]], [True])
    CountLimits(lower=0.0, upper=4.0)
    """
    plan = shown.plan
    units, months = plan.units.shape[1], plan.months.shape[1]
    touching = _mask(asked, (units, months), "asked")
    inner = touching if whole is None else _mask(whole, (units, months), "whole")
    if (inner & ~touching).any():
        raise ValueError("A month of whole is not among those asked about.")
    if empty is not None:
        inner = inner | _mask(empty, (units, months), "empty")
    chosen = _mask(causes, (plan.causes.shape[1],), "causes")
    inside = (_pairs(plan, inner) == _pairs(plan, np.ones_like(inner))) & ~(
        plan.causes & ~chosen
    ).any(axis=1)
    touched = (_pairs(plan, touching) > 0) & (plan.causes & chosen).any(axis=1)
    return CountLimits(float(shown.lower[inside].sum()), float(shown.upper[touched].sum()))


def _pairs(plan: BoxPlan, mask: BoolArray) -> FloatArray:
    """How many pairs of a unit and a month of each box are in the mask."""
    in_units: FloatArray = plan.units.astype(np.float64) @ mask.astype(np.float64)
    return np.asarray((in_units * plan.months).sum(axis=1))


def _mask(values: ArrayLike, shape: tuple[int, ...], field: str) -> BoolArray:
    mask = np.asarray(values, dtype=np.bool_)
    if mask.shape != shape:
        raise ValueError(f"{field} must have the shape {shape}; it has {mask.shape}.")
    return mask
