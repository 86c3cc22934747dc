"""Registers small enough that everything a reader may be shown of them can be gone through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from qorgau.methods.arrays import BoolArray, IntArray
from qorgau.methods.disclosure import BoxPlan, CountLimits, ShownBoxes, bound_count, plan_boxes


def small_plan(units: int, causes: int, months: int, target_expected: float) -> BoxPlan:
    """A plan for units in two branches, with one expected incident in each cell."""
    return plan_boxes(
        np.full((units, months), 30.0),
        np.full((units, causes, months), 1.0),
        np.stack([np.arange(units) // 2, np.arange(units)]),
        np.arange(causes)[None],
        target_expected=target_expected,
    )


def registers(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to put at most so many incidents into so many cells."""
    if cells == 0:
        yield ()
        return
    for here in range(most + 1):
        for others in registers(cells - 1, most - here):
            yield (here, *others)


def regions(shape: tuple[int, ...]) -> list[tuple[BoolArray, ...]]:
    """Every product of a set of units, a set of causes and a set of months, none of them empty."""
    subsets = [
        [np.array(bits, dtype=np.bool_) for bits in product([False, True], repeat=n) if any(bits)]
        for n in shape
    ]
    return list(product(*subsets))


def count_in(several: IntArray, region: tuple[BoolArray, ...]) -> IntArray:
    """What each of several registers holds in a region."""
    return np.einsum("nucm,u,c,m->n", several, *(axis.astype(np.int64) for axis in region))


def limits_of(shown: ShownBoxes, region: tuple[BoolArray, ...]) -> CountLimits:
    units, causes, months = region
    return bound_count(shown, np.outer(units, months), causes)


def everything_answered(
    shown: ShownBoxes, asked: list[tuple[BoolArray, ...]]
) -> tuple[tuple[float, float], ...]:
    """All that a reader learns who asks about every region."""
    answers = (limits_of(shown, region) for region in asked)
    return tuple((answer.lower, answer.upper) for answer in answers)
