"""Hypotheses on a tree: false discoveries controlled at every level of a hierarchy.

Tests are the leaves of a tree. The hypothesis of a node above them is that nothing below it
is there; its p-value is Simes' combination of those of its children. From the top down, each family
of children is tested by a step-up method. Its level is smaller, the fewer nodes of the family above
were selected.

Input: p-values of the leaves and the parent of every node. Source: Bogomolov, Peterson, Benjamini
and Sabatti (2021), Biometrika 108, 575-590; Simes (1986), Biometrika 73, 751-754.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import BoolArray, FloatArray, IntArray
from qorgau.methods.false_alarms.benjamini_hochberg import (
    check_p_values,
    check_rate,
    harmonic_numbers,
    read_only,
)

WithinFamilies = Literal["benjamini_hochberg", "benjamini_yekutieli"]
METHODS: dict[WithinFamilies, str] = {
    "benjamini_hochberg": "hypotheses on a tree, Benjamini-Hochberg (Bogomolov et al. 2021)",
    "benjamini_yekutieli": "hypotheses on a tree, Benjamini-Yekutieli (Bogomolov et al. 2021)",
}
TOP = -1


@dataclass(frozen=True, eq=False)
class TreeSelection:
    """Which nodes of a tree are selected; arrays have the shape ``(nodes,)``.

    Attributes
    ----------
    p_values : ndarray
        Of the tests at the leaves; above them Simes' combinations of the children's.
    is_selected : ndarray of bool
        Whether the node is selected; it can be only if all nodes above it are.
    level : ndarray
        False discovery rate at which the node's family was tested; NaN where it was not reached.
    false_discovery_rate : float
        Stated rate: the expected share of false ones among those chosen, on average over the
        families tested, at each depth of the tree.
    method : str
        Name and source of the method.
    """

    p_values: FloatArray
    is_selected: BoolArray
    level: FloatArray
    false_discovery_rate: float
    method: str


def tree_benjamini_hochberg(
    p_values: ArrayLike,
    parents: ArrayLike,
    *,
    false_discovery_rate: float = 0.1,
    within_families: WithinFamilies = "benjamini_hochberg",
) -> TreeSelection:
    """Choose tests in a tree from the top down, family by family.

    Parameters
    ----------
    p_values : array_like, shape (nodes,)
        Between 0 and 1 at the leaves; NaN at every node that has children.
    parents : array_like of int, shape (nodes,)
        Index of the node above each, -1 for the family at the top.
    false_discovery_rate : float
        Largest expected share of false ones among those chosen, at each depth.
    within_families : {'benjamini_hochberg', 'benjamini_yekutieli'}
        Step-up method for the children of one node; the second holds however these depend on
        each other.

    Returns
    -------
    TreeSelection

    Raises
    ------
    ValueError
        If the parents do not form a tree, or a p-value or an option cannot be used.

    Notes
    -----
    The families below the selected nodes of a family of ``n`` children, ``R`` of them selected, are
    tested at its level times ``R / n``. Where nothing is there at all, the probability that
    anything is chosen is at most the stated rate, provided that Simes' inequality holds for the top
    family.

    References
    ----------
    Bogomolov, Peterson, Benjamini and Sabatti (2021), Biometrika 108, 575-590.

    Examples
    --------
    Two battalions; the first has two companies, the second one.

    >>> found = tree_benjamini_hochberg(
    ...     [float("nan"), float("nan"), 0.001, 0.6, 0.4], [-1, -1, 0, 0, 1]
    ... )
    >>> found.p_values.tolist(), found.is_selected.tolist()
    ([0.002, 0.4, 0.001, 0.6, 0.4], [True, False, True, False, False])
    """
    check_rate(false_discovery_rate)
    if within_families not in METHODS:
        raise ValueError(
            f"within_families must be one of {', '.join(METHODS)}; it is {within_families!r}."
        )
    above = np.array(parents, dtype=np.int64)
    depth = _depths(above)
    values = _check_leaves(p_values, above)
    _combine(values, above, depth)
    is_selected, level = _descend(
        values, above, depth, false_discovery_rate, within_families == "benjamini_yekutieli"
    )
    return TreeSelection(
        p_values=read_only(values),
        is_selected=read_only(is_selected),
        level=read_only(level),
        false_discovery_rate=false_discovery_rate,
        method=METHODS[within_families],
    )


def _depths(parents: IntArray) -> IntArray:
    """Steps from each node to the top."""
    if parents.ndim != 1 or ((parents < TOP) | (parents >= parents.size)).any():
        raise ValueError(
            "parents must name, for each node, the index of the node above it, or -1 at the top."
        )
    depth = np.zeros(parents.size, dtype=np.int64)
    above = parents.copy()
    while (is_below := above != TOP).any():
        depth[is_below] += 1
        if depth.max() > parents.size:
            raise ValueError("parents form a circle; every node must lead up to the top.")
        above[is_below] = parents[above[is_below]]
    return depth


def _check_leaves(p_values: ArrayLike, parents: IntArray) -> FloatArray:
    values = np.array(p_values, dtype=np.float64)
    if values.shape != parents.shape:
        raise ValueError(
            f"There must be one p-value for each node; there are {values.size} for {parents.size}."
        )
    has_children = np.zeros(parents.size, dtype=np.bool_)
    has_children[parents[parents != TOP]] = True
    if not np.isnan(values[has_children]).all():
        raise ValueError(
            "A node with children takes its p-value from them: give NaN there, and make what the "
            "node itself counts a child of it."
        )
    check_p_values(values[~has_children])
    return values


@dataclass(frozen=True, eq=False)
class _Families:
    """Nodes of one depth, sorted by parent and p-value; arrays run over the nodes but `starts`."""

    nodes: IntArray
    starts: IntArray
    size: IntArray
    rank: IntArray

    @classmethod
    def of(cls, nodes: IntArray, parents: IntArray, values: FloatArray) -> _Families:
        ordered = nodes[np.lexsort((values[nodes], parents[nodes]))]
        is_first = np.ones(ordered.size, dtype=np.bool_)
        is_first[1:] = parents[ordered[1:]] != parents[ordered[:-1]]
        starts = np.flatnonzero(is_first)
        sizes = np.diff(np.append(starts, ordered.size))
        rank = np.arange(ordered.size) - np.repeat(starts, sizes) + 1
        return cls(ordered, starts, np.repeat(sizes, sizes), rank)


def _combine(values: FloatArray, parents: IntArray, depth: IntArray) -> None:
    """Write Simes' combination of the children into every node above the leaves."""
    for deep in range(int(depth.max(initial=0)), 0, -1):
        families = _Families.of(np.flatnonzero(depth == deep), parents, values)
        # Simes (1986): the smallest of n p(k) / k over the sorted p-values of the children.
        scaled = values[families.nodes] * families.size / families.rank
        above = parents[families.nodes[families.starts]]
        values[above] = np.minimum.reduceat(scaled, families.starts)


def _descend(
    values: FloatArray, parents: IntArray, depth: IntArray, rate: float, is_any: bool
) -> tuple[BoolArray, FloatArray]:
    """Test the families from the top down; return the selected nodes and the levels of families."""
    is_selected = np.zeros(values.size, dtype=np.bool_)
    level = np.where(parents == TOP, rate, np.nan)
    factors = harmonic_numbers(values.size) if is_any else np.ones(values.size + 1)
    for deep in range(int(depth.max(initial=-1)) + 1):
        reached = np.flatnonzero((depth == deep) & ~np.isnan(level))
        if reached.size == 0:
            break
        families = _Families.of(reached, parents, values)
        # Step-up within each family, at the level that it was reached with.
        needed = values[families.nodes] * families.size * factors[families.size] / families.rank
        passing = np.where(needed <= level[families.nodes], families.rank, 0)
        sizes = families.size[families.starts]
        count = np.repeat(np.maximum.reduceat(passing, families.starts), sizes)
        is_selected[families.nodes] = families.rank <= count
        # Bogomolov et al. (2021): the families below are tested at the level times the share
        # selected.
        level_below = np.full(values.size, np.nan)
        level_below[families.nodes] = np.where(
            families.rank <= count, level[families.nodes] * count / families.size, np.nan
        )
        below = np.flatnonzero(depth == deep + 1)
        level[below] = level_below[parents[below]]
    return is_selected, level
