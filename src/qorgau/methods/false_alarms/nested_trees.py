"""Two trees joined into one: every node of the outer tree has the whole inner tree below it.

Units are the outer tree, causes the inner one. Below a unit are the unit as such and the units
under it; below the unit as such its widest causes; below a cause this cause as such and the
narrower ones. The tests, one for each pair of a unit and a cause, are the leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qorgau.methods.arrays import IntArray

TOP = -1


def nest_trees(
    outer: ArrayLike, inner: ArrayLike, *, outer_parents: ArrayLike, inner_parents: ArrayLike
) -> tuple[IntArray, IntArray]:
    """Make tests of pairs of nodes the leaves of one tree.

    Parameters
    ----------
    outer, inner : array_like of int, shape (tests,)
        Node of the outer and of the inner tree that each test is about; no pair twice.
    outer_parents : array_like of int, shape (outer nodes,)
        Index of the outer node above each, -1 at the top.
    inner_parents : array_like of int, shape (inner nodes,)
        The same of the inner tree.

    Returns
    -------
    parents : ndarray of int, shape (nodes,)
        Index of the node above each in the one tree, -1 at the top. Only nodes with a test below
        them are there.
    leaves : ndarray of int, shape (tests,)
        Node of each test.

    Raises
    ------
    ValueError
        If a test names a node that is not in its tree.
    """
    outer_node = np.asarray(outer, dtype=np.int64)
    inner_node = np.asarray(inner, dtype=np.int64)
    outer_above = np.asarray(outer_parents, dtype=np.int64)
    inner_above = np.asarray(inner_parents, dtype=np.int64)
    for name, nodes, tree in (
        ("outer", outer_node, outer_above),
        ("inner", inner_node, inner_above),
    ):
        if ((nodes < 0) | (nodes >= tree.size)).any():
            raise ValueError(f"{name} must name nodes of its tree, 0 to {tree.size - 1}.")
    codes = _Codes(outer_above, inner_above)
    above_tests = codes.above_test(outer_node, inner_node)
    inside = codes.with_all_above(above_tests)
    above_inside = codes.above(inside)
    parents = np.concatenate(
        [
            np.where(above_inside == TOP, TOP, np.searchsorted(inside, above_inside)),
            np.searchsorted(inside, above_tests),
        ]
    )
    return parents, inside.size + np.arange(outer_node.size)


@dataclass(frozen=True, eq=False)
class _Codes:
    """Numbers for the nodes above the tests: all below an outer node, it as such, and its groups.

    With ``O`` outer nodes and ``M`` inner ones, ``o`` is outer node ``o`` and all below it,
    ``O + o`` that node as such, ``2 O + o M + m`` in it inner node ``m`` and all below.
    """

    outer_above: IntArray
    inner_above: IntArray

    def above_test(self, outer: IntArray, inner: IntArray) -> IntArray:
        # A cause with narrower ones is tested as such beside them, below itself; a narrowest one is
        # tested below the cause above it.
        has_narrower = np.zeros(self.inner_above.size, dtype=np.bool_)
        has_narrower[self.inner_above[self.inner_above != TOP]] = True
        group = np.where(has_narrower[inner], inner, self.inner_above[inner])
        return self._group(outer, group)

    def above(self, codes: IntArray) -> IntArray:
        units, causes = self.outer_above.size, self.inner_above.size
        is_all_below, is_as_such = codes < units, (codes >= units) & (codes < 2 * units)
        outer, inner = np.divmod(codes - 2 * units, causes)
        above = self._group(outer, self.inner_above[inner])
        above[is_as_such] = codes[is_as_such] - units
        above[is_all_below] = self.outer_above[codes[is_all_below]]
        return above

    def with_all_above(self, codes: IntArray) -> IntArray:
        layers = [np.unique(codes)]
        while layers[-1].size:
            above = np.unique(self.above(layers[-1]))
            layers.append(above[above != TOP])
            if len(layers) > 2 * (self.outer_above.size + self.inner_above.size) + 2:
                raise ValueError(
                    "outer_parents or inner_parents form a circle; every node must lead up "
                    "to the top."
                )
        return np.unique(np.concatenate(layers))

    def _group(self, outer: IntArray, inner: IntArray) -> IntArray:
        units, causes = self.outer_above.size, self.inner_above.size
        return np.where(inner == TOP, units + outer, 2 * units + outer * causes + inner)
