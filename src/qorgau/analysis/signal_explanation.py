"""One event, one signal: which rise explains the others around it in the two trees.

A rise in a company raises the counts of its battalion and brigade too, and of every wider cause.
Rises are taken in the order of how unusual they are, each at the narrowest place that holds all of
its cases. One that lies below a rise already taken is
part of it; one that shares its cases otherwise is explained if it would be no rise without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qorgau.analysis.measures import is_within
from qorgau.analysis.two_tree_counts import Series

# An event stays where it was first seen unless another place is so many times more telling.
LOYALTY = 100.0


@dataclass(frozen=True)
class Exceedance:
    """A series above its bound.

    Attributes
    ----------
    series : Series
        Unit and measure.
    observed, upper_bound : float
        Its count and its bound.
    p_value : float
        How unusual the count is.
    goes_on : bool
        Whether a signal of this series is under way.
    """

    series: Series
    observed: float
    upper_bound: float
    p_value: float
    goes_on: bool = False


def explain(
    exceedances: Sequence[Exceedance], below: Mapping[int, frozenset[int]]
) -> list[tuple[Exceedance, list[Exceedance]]]:
    """Choose the rises that explain the others.

    Parameters
    ----------
    exceedances : sequence of Exceedance
        All series above their bounds in one week.
    below : mapping of unit id to set of unit ids
        The units below each unit in that week, itself included.

    Returns
    -------
    list of (Exceedance, list of Exceedance)
        Each chosen rise with those that it explains, the most unusual first.
    """
    order = sorted(
        exceedances,
        key=lambda one: (_rank(one), -one.observed, one.series.measure),
    )
    chosen: list[tuple[Exceedance, list[Exceedance]]] = []
    for one in order:
        if any(one is taken for taken, _ in chosen):
            continue
        explained = _explainer(one, chosen, below)
        if explained is not None:
            explained.append(one)
            continue
        narrow = one if one.goes_on else _narrowest(one, exceedances, below)
        chosen.append((narrow, [] if narrow is one else [one]))
    return chosen


def _rank(one: Exceedance) -> float:
    return one.p_value / LOYALTY if one.goes_on else one.p_value


def _narrowest(
    one: Exceedance, exceedances: Sequence[Exceedance], below: Mapping[int, frozenset[int]]
) -> Exceedance:
    """The narrowest rise in which all of its cases lie: that says best what happened."""
    same = [
        other
        for other in exceedances
        if other.observed == one.observed and _lies_within(other.series, one.series, below)
    ]
    return min(
        same, key=lambda other: (len(below[other.series.unit_id]), -len(other.series.measure))
    )


def _explainer(
    one: Exceedance,
    chosen: Sequence[tuple[Exceedance, list[Exceedance]]],
    below: Mapping[int, frozenset[int]],
) -> list[Exceedance] | None:
    """The list of the rise that explains this one, if any does."""
    sharing = []
    for taken, explained in chosen:
        if _lies_within(one.series, taken.series, below):
            return explained
        if _overlaps(one.series, taken.series, below):
            sharing.append((taken, explained))
    left = one.observed - _separate_cases([taken for taken, _ in sharing], below)
    return sharing[0][1] if sharing and left <= one.upper_bound else None


def _separate_cases(taken: Sequence[Exceedance], below: Mapping[int, frozenset[int]]) -> float:
    """Cases of rises already taken; of those that share cases the largest counts."""
    counted: list[Exceedance] = []
    for one in sorted(taken, key=lambda one: -one.observed):
        if not any(_overlaps(one.series, other.series, below) for other in counted):
            counted.append(one)
    return sum(one.observed for one in counted)


def _lies_within(narrow: Series, wide: Series, below: Mapping[int, frozenset[int]]) -> bool:
    return narrow.unit_id in below.get(wide.unit_id, ()) and is_within(narrow.measure, wide.measure)


def _lies_across(one: Series, other: Series, below: Mapping[int, frozenset[int]]) -> bool:
    """Whether one is narrower by unit and the other by measure: they share their cases."""
    narrower_unit = one.unit_id in below.get(other.unit_id, ())
    wider_unit = other.unit_id in below.get(one.unit_id, ())
    return (narrower_unit and is_within(other.measure, one.measure)) or (
        wider_unit and is_within(one.measure, other.measure)
    )


def _overlaps(one: Series, other: Series, below: Mapping[int, frozenset[int]]) -> bool:
    return (
        _lies_within(one, other, below)
        or _lies_within(other, one, below)
        or _lies_across(one, other, below)
    )
