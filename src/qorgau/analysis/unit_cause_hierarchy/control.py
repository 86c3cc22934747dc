"""Which rises of a week hold when the false alarms of the whole run are controlled.

Every unit is tested for every measure, thousands of tests in a run. They are laid out as one tree,
units and in each of them the causes, and tested from the top down family by family; tests that can
hardly raise an alarm are not counted among them: docs/methods/tree_benjamini_hochberg.md and
docs/methods/tarone_screening.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.unit_cause_hierarchy.counts import Floats, Ints, Series
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance
from qorgau.analysis.unit_cause_hierarchy.measure_tree import NONE
from qorgau.methods.false_alarms import (
    WithinFamilies,
    nest_trees,
    tarone_screening,
    tree_benjamini_hochberg,
)

Bools = npt.NDArray[np.bool_]

# Where nothing has risen at most one run in five raises a signal.
FALSE_DISCOVERY_RATE = 0.2
# This part of the budget pays for the tests that can hardly raise an alarm.
ALLOWANCE_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class RunTests:
    """All tests of one week.

    Attributes
    ----------
    unit_parents : ndarray of int, shape (units,)
        Index of the unit above each, -1 at the top.
    measure_parents : ndarray of int, shape (measures,)
        Index of the next wider measure of each, -1 for the widest.
    cases : ndarray of int, shape (units, measures)
        Cases of every pair in the history before the week.
    weeks : ndarray of int, shape (units,)
        Weeks of this history; 0 where it is too short for a test.
    units, measures : ndarray of int, shape (reached,)
        Indices of the pairs that had enough cases in the week and were tested.
    p_values : ndarray, shape (reached,)
        How unusual these counts are.
    """

    unit_parents: Ints
    measure_parents: Ints
    cases: Ints
    weeks: Ints
    units: Ints
    measures: Ints
    p_values: Floats


@dataclass(frozen=True, eq=False)
class RunControl:
    """What the control of false alarms decided.

    Attributes
    ----------
    holds : ndarray of bool, shape (reached,)
        Whether the rise of each pair that had enough cases holds.
    counted : int
        Tests that count among the many; the others can hardly raise an alarm.
    false_discovery_rate : float
        Stated rate.
    method : str
        Name and source of the procedure.
    """

    holds: Bools
    counted: int
    false_discovery_rate: float
    method: str


def control_false_alarms(
    tests: RunTests,
    *,
    least_cases: int,
    false_discovery_rate: float = FALSE_DISCOVERY_RATE,
    within_families: WithinFamilies = "benjamini_yekutieli",
) -> RunControl:
    """Decide which rises of a run hold.

    Parameters
    ----------
    tests : RunTests
        All tests of the run.
    least_cases : int
        Fewer cases in the week raise no signal.
    false_discovery_rate : float
        Where nothing has risen, the largest share of runs that raise a signal; otherwise the
        largest expected share of false ones among what is raised.
    within_families : {'benjamini_yekutieli', 'benjamini_hochberg'}
        As of ``tree_benjamini_hochberg``.

    Returns
    -------
    RunControl

    Raises
    ------
    ValueError
        If the rate is not between 0 and 1.
    """
    is_tested = tests.weeks > 0
    screened = tarone_screening(
        tests.cases[is_tested],
        tests.weeks[is_tested, None],
        least_cases=least_cases,
        allowance=ALLOWANCE_SHARE * false_discovery_rate,
    )
    is_counted = np.zeros(tests.cases.shape, dtype=np.bool_)
    is_counted[is_tested] = screened.is_counted
    is_counted[tests.units, tests.measures] = True
    units, measures = np.nonzero(is_counted)
    parents, leaves = nest_trees(
        units, measures, outer_parents=tests.unit_parents, inner_parents=tests.measure_parents
    )
    width = tests.measure_parents.size
    reached = leaves[
        np.searchsorted(units * width + measures, tests.units * width + tests.measures)
    ]
    p_values = np.full(parents.size, np.nan)
    p_values[leaves] = 1.0
    p_values[reached] = tests.p_values
    found = tree_benjamini_hochberg(
        p_values,
        parents,
        false_discovery_rate=false_discovery_rate - screened.spent,
        within_families=within_families,
    )
    return RunControl(
        holds=found.is_selected[reached],
        counted=int(units.size),
        false_discovery_rate=false_discovery_rate,
        method=found.method,
    )


def parents_within(below: Mapping[int, frozenset[int]], units: Sequence[int]) -> Ints:
    """The unit next above each of these units.

    Parameters
    ----------
    below : mapping of unit id to set of unit ids
        The units below each unit, itself included.
    units : sequence of int
        Ids of the units.

    Returns
    -------
    ndarray of int, shape (units,)
        Index into `units`, -1 where none of them is above.
    """
    place = {unit: index for index, unit in enumerate(units)}
    # Of units that changed places within the week the one with more units below it counts as above.
    rank = {unit: (len(below.get(unit, ())), unit) for unit in units}
    parents = np.full(len(units), NONE, dtype=np.int64)
    for above in sorted(units, key=rank.__getitem__, reverse=True):
        for unit in below.get(above, ()):
            if unit in place and rank[unit] < rank[above]:
                parents[place[unit]] = place[above]
    return parents


def events_that_hold(
    events: Sequence[tuple[Exceedance, list[Exceedance]]], holding: Set[Series]
) -> list[tuple[Exceedance, list[Exceedance]]]:
    """Of explained events those that are raised.

    A new event holds if any of its series does. One that is under way goes on while it is above its
    bound: it was raised before, and ending it would raise no fewer signals.

    Parameters
    ----------
    events : sequence of (Exceedance, list of Exceedance)
        Rises chosen, each with those that it explains.
    holding : set of Series
        Series whose rise holds over the whole run.

    Returns
    -------
    list of (Exceedance, list of Exceedance)
    """
    raised = []
    for chosen, explained in events:
        members = [chosen, *explained]
        if chosen.goes_on or any(one.series in holding for one in members):
            raised.append((chosen, explained))
            continue
        under_way = next((one for one in explained if one.goes_on), None)
        if under_way is not None:
            raised.append((under_way, [one for one in members if one is not under_way]))
    return raised
