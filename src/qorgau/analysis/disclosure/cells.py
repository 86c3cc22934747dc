"""The cells that boxes are made of: a unit, a kind of incident with a cause, and a month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from qorgau.records.incidents.choices import Cause, Kind

MONTHS = 12
# A branch of the cause tree is a cell too: for incidents of which the register knows no more.
CAUSES: tuple[str, ...] = tuple(f"{kind}:{cause}" for kind in Kind.values for cause in Cause.values)


def cause_cell(kind: str, cause: str) -> str:
    """The name of a kind with a cause."""
    return f"{kind}:{cause}"


def causes_asked(
    causes: Sequence[str], kinds: Collection[str], cause: str
) -> npt.NDArray[np.bool_]:
    """Which cells a question is about.

    Parameters
    ----------
    causes : sequence of str
        Cells of a plan.
    kinds : collection of str
    cause : str
        A cause with its branch; empty for all.

    Returns
    -------
    ndarray of bool, shape (causes,)
    """
    pairs = [name.partition(":")[::2] for name in causes]
    return np.array(
        [
            kind in kinds and (not cause or leaf == cause or leaf.startswith(f"{cause}."))
            for kind, leaf in pairs
        ]
    )


def cause_levels() -> npt.NDArray[np.int64]:
    """Kinds, branches of causes, and causes: the levels along which boxes are divided."""
    branches = [name.partition(".")[0] for name in CAUSES]
    kinds = [name.partition(":")[0] for name in CAUSES]
    return np.stack([_numbers(kinds), _numbers(branches), np.arange(len(CAUSES))])


def unit_levels(units: Sequence[int], parents: Mapping[int, int | None]) -> npt.NDArray[np.int64]:
    """The units above each unit, from the top; one that has fewer above it repeats itself.

    Parameters
    ----------
    units : sequence of int
        Ids.
    parents : mapping of int to int or None
        The parent of each.

    Returns
    -------
    ndarray of int, shape (levels, units)
    """
    number = {unit: place for place, unit in enumerate(units)}
    chains = [[number[each] for each in _chain(unit, parents)] for unit in units]
    depth = max(map(len, chains), default=1)
    return np.array([chain + [chain[-1]] * (depth - len(chain)) for chain in chains]).T


def _chain(unit: int, parents: Mapping[int, int | None]) -> list[int]:
    chain, above = [unit], parents.get(unit)
    # A unit that moved while others were opened could come up twice.
    while above is not None and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain[::-1]


def _numbers(names: Sequence[str]) -> npt.NDArray[np.int64]:
    """Equal numbers for equal names, in the order in which they first come up."""
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    return np.array([first[name] for name in names])
