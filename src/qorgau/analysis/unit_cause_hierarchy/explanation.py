"""One event, one signal: which rise explains the others around it in the two trees.

A rise in a company raises the counts of its battalion and brigade too, and of every wider cause.
Rises are taken in the order of how unusual they are, each at the narrowest place that holds all of
its cases. One that is below a rise already taken is part of it; one that shares its cases
in another way is explained if it would be no rise without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree

# An event stays where it was first seen unless another place is so many times less likely.
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
    column : int
        Column of the series in its panel.
    """

    series: Series
    observed: float
    upper_bound: float
    p_value: float
    goes_on: bool = False
    column: int = -1


@dataclass(frozen=True, eq=False)
class UnitCauseTrees:
    """How units and measures relate to each other in one week.

    Attributes
    ----------
    below : mapping of unit id to set of unit ids
        The units below each unit, itself included.
    measures : MeasureTree
        All that is counted.
    """

    below: Mapping[int, frozenset[int]]
    measures: MeasureTree

    @cached_property
    def _above(self) -> dict[int, list[int]]:
        above: dict[int, list[int]] = {}
        for unit, units in self.below.items():
            for one in units:
                above.setdefault(one, []).append(unit)
        return above

    def in_line(self, unit: int, units: Set[int]) -> Set[int]:
        """Those of the units that are above or below one, or are it."""
        return units & self.below.get(unit, frozenset()).union(self._above.get(unit, ()))

    def is_within(self, narrow: Series, wide: Series) -> bool:
        """Whether all cases of one series are cases of the other."""
        is_below = narrow.unit_id in self.below.get(wide.unit_id, ())
        return is_below and self.measures.is_within(narrow.measure, wide.measure)

    def share_cases(self, one: Series, other: Series) -> bool:
        """Whether any case can belong to both: both trees lead from one to the other."""
        by_unit = one.unit_id in self.below.get(other.unit_id, ()) or (
            other.unit_id in self.below.get(one.unit_id, ())
        )
        return by_unit and (
            self.measures.is_within(one.measure, other.measure)
            or self.measures.is_within(other.measure, one.measure)
        )


def explain(
    exceedances: Sequence[Exceedance], trees: UnitCauseTrees
) -> list[tuple[Exceedance, list[Exceedance]]]:
    """Choose the rises that explain the others.

    Parameters
    ----------
    exceedances : sequence of Exceedance
        All series above their bounds in one week; each series once.
    trees : UnitCauseTrees
        How units and measures relate to each other in that week.

    Returns
    -------
    list of (Exceedance, list of Exceedance)
        Each chosen rise with those that it explains, the most unusual first.
    """
    order = sorted(
        exceedances,
        key=lambda one: (_rank(one), -one.observed, one.series.measure),
    )
    alike: dict[float, _Placed] = {}
    for one in exceedances:
        alike.setdefault(one.observed, _Placed(trees)).add(one)
    chosen = _Placed(trees)
    explained_by: dict[Series, list[Exceedance]] = {}
    for one in order:
        if one.series in explained_by:
            continue
        explainer = _explainer(one, chosen, trees)
        if explainer is not None:
            explained_by[explainer.series].append(one)
            continue
        narrow = one if one.goes_on else _narrowest(one, alike[one.observed], trees)
        chosen.add(narrow)
        explained_by[narrow.series] = [] if narrow is one else [one]
    return [(one, explained_by[one.series]) for one in chosen.all]


class _Placed:
    """Rises by unit, so that a search around a company does not go through all of a force."""

    def __init__(self, trees: UnitCauseTrees) -> None:
        self.all: list[Exceedance] = []
        self._trees = trees
        self._by_unit: dict[int, list[int]] = {}

    def add(self, one: Exceedance) -> None:
        self._by_unit.setdefault(one.series.unit_id, []).append(len(self.all))
        self.all.append(one)

    def near(self, one: Exceedance) -> list[Exceedance]:
        """Those in units above or below, in the order in which they were added."""
        units = self._trees.in_line(one.series.unit_id, self._by_unit.keys())
        return [self.all[place] for place in sorted(p for u in units for p in self._by_unit[u])]


def _rank(one: Exceedance) -> float:
    return one.p_value / LOYALTY if one.goes_on else one.p_value


def _narrowest(one: Exceedance, alike: _Placed, trees: UnitCauseTrees) -> Exceedance:
    """The narrowest rise with as many cases, all of them its own: that says best what happened."""
    same = [other for other in alike.near(one) if trees.is_within(other.series, one.series)]
    return min(
        same,
        key=lambda other: (
            len(trees.below[other.series.unit_id]),
            -trees.measures.depth(other.series.measure),
        ),
    )


def _explainer(one: Exceedance, chosen: _Placed, trees: UnitCauseTrees) -> Exceedance | None:
    """The rise that explains this one, if any does."""
    sharing = []
    for taken in chosen.near(one):
        if trees.is_within(one.series, taken.series):
            return taken
        if trees.share_cases(one.series, taken.series):
            sharing.append(taken)
    left = one.observed - _separate_cases(sharing, trees)
    return sharing[0] if sharing and left <= one.upper_bound else None


def _separate_cases(taken: Sequence[Exceedance], trees: UnitCauseTrees) -> float:
    """Cases of rises already taken; of those that share cases the largest counts."""
    counted = _Placed(trees)
    for one in sorted(taken, key=lambda one: -one.observed):
        if not any(trees.share_cases(one.series, other.series) for other in counted.near(one)):
            counted.add(one)
    return sum(one.observed for one in counted.all)
