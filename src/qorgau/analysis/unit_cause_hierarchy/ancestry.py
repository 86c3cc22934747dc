"""Which unit belonged to which, when: from each unit's parents to all units above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qorgau.analysis.unit_cause_hierarchy.counts import Stay
from qorgau.analysis.unit_cause_hierarchy.measure_tree import NONE


@dataclass(frozen=True)
class Placement:
    """A unit belonged directly to a parent (-1: none) during a span, in day numbers."""

    unit: int
    parent: int
    first_day: int
    end_day: int


class CircleError(ValueError):
    """Units that belong to each other.

    Attributes
    ----------
    unit : int
        One of them.
    """

    def __init__(self, unit: int) -> None:
        self.unit = unit
        super().__init__(f"Unit {unit} belongs to itself.")


def stays_of(placements: Sequence[Placement]) -> list[Stay]:
    """Every unit under itself, its parent, and all units above its parent on the same days.

    Parameters
    ----------
    placements : sequence of Placement
        Those of one unit do not overlap.

    Returns
    -------
    list of Stay

    Raises
    ------
    CircleError
        If the parents of a unit lead back to it.
    """
    by_unit: dict[int, list[Placement]] = {}
    for one in placements:
        by_unit.setdefault(one.unit, []).append(one)
    done: dict[int, list[Stay]] = {}
    for unit in by_unit:
        # Without recursion: a tree may be deeper than Python's stack.
        waiting = [unit]
        while waiting:
            at = waiting[-1]
            above = {one.parent for one in by_unit.get(at, ()) if one.parent != NONE}
            missing = [parent for parent in above if parent not in done]
            if at in done or not missing:
                done.setdefault(at, _stays_under(by_unit.get(at, ()), done))
                waiting.pop()
            elif any(parent in waiting for parent in missing):
                raise CircleError(at)
            else:
                waiting.append(missing[0])
    return [stay for stays in done.values() for stay in stays]


def _stays_under(placements: Sequence[Placement], done: Mapping[int, Sequence[Stay]]) -> list[Stay]:
    stays = []
    for one in placements:
        stays.append(Stay(one.unit, one.unit, one.first_day, one.end_day))
        for above in done.get(one.parent, ()):
            first, end = max(above.first_day, one.first_day), min(above.end_day, one.end_day)
            if first < end:
                stays.append(Stay(above.ancestor, one.unit, first, end))
    return stays


def below_during(stays: Sequence[Stay], first_day: int, end_day: int) -> dict[int, frozenset[int]]:
    """The units below each unit on some day of a span, itself included."""
    below: dict[int, set[int]] = {}
    for stay in stays:
        if stay.first_day < end_day and first_day < stay.end_day:
            below.setdefault(stay.ancestor, set()).add(stay.descendant)
    return {unit: frozenset(units) for unit, units in below.items()}
