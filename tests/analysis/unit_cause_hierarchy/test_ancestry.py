"""From each unit's parents to all units above it."""

from __future__ import annotations

import pytest

from qorgau.analysis.unit_cause_hierarchy.ancestry import (
    CircleError,
    Placement,
    below_during,
    stays_of,
)
from qorgau.analysis.unit_cause_hierarchy.counts import Stay

BRIGADE, FIRST, SECOND, COMPANY = range(4)
TREE = [
    Placement(BRIGADE, -1, 0, 100),
    Placement(FIRST, BRIGADE, 0, 100),
    Placement(SECOND, BRIGADE, 20, 100),
]


def test_a_company_that_moves_belongs_to_both_battalions_each_in_its_days():
    moved = [Placement(COMPANY, FIRST, 0, 40), Placement(COMPANY, SECOND, 40, 100)]
    stays = set(stays_of([*moved, *TREE]))
    assert {one for one in stays if one.descendant == COMPANY} == {
        Stay(COMPANY, COMPANY, 0, 40),
        Stay(COMPANY, COMPANY, 40, 100),
        Stay(FIRST, COMPANY, 0, 40),
        Stay(SECOND, COMPANY, 40, 100),
        Stay(BRIGADE, COMPANY, 0, 40),
        Stay(BRIGADE, COMPANY, 40, 100),
    }
    assert below_during(list(stays), 33, 40)[SECOND] == {SECOND}
    assert below_during(list(stays), 37, 44)[SECOND] == {SECOND, COMPANY}


def test_a_unit_is_under_its_parent_only_while_that_exists():
    stays = stays_of([*TREE, Placement(COMPANY, SECOND, 0, 100)])
    assert Stay(SECOND, COMPANY, 20, 100) in stays
    assert Stay(BRIGADE, COMPANY, 20, 100) in stays


@pytest.mark.parametrize("parents", [{0: 0}, {0: 1, 1: 0}, {0: 1, 1: 2, 2: 1}])
def test_units_that_belong_to_each_other_are_refused(parents):
    with pytest.raises(CircleError) as refused:
        stays_of([Placement(unit, parent, 0, 9) for unit, parent in parents.items()])
    assert refused.value.unit in parents
