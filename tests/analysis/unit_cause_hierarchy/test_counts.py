"""Counts rolled up along two trees, against adding them up one by one."""

from __future__ import annotations

import numpy as np
import pytest

from qorgau.analysis.unit_cause_hierarchy import counts as counting
from qorgau.analysis.unit_cause_hierarchy.counts import IncidentRows, Stay, counts_by_unit

FIRST_DAY, WEEKS, MEASURES = 1000, 6, 5
# Unit 3 belongs to unit 2 until the middle of the fourth week, then below unit 4; all below 1.
MOVED = FIRST_DAY + 24
END = FIRST_DAY + 7 * WEEKS
STAYS = [
    *(Stay(unit, unit, FIRST_DAY, END) for unit in (1, 2, 3, 4)),
    *(Stay(1, unit, FIRST_DAY, END) for unit in (2, 3, 4)),
    Stay(2, 3, FIRST_DAY, MOVED),
    Stay(4, 3, MOVED, END),
]


def rows_of(seed: int, number: int, *, weighted: bool = False) -> IncidentRows:
    """Some in weeks before and after those counted, some with a single measure."""
    rng = np.random.default_rng(seed)
    unit = rng.choice([2, 3, 4, 9], number)
    day = rng.integers(FIRST_DAY - 20, END + 20, number)
    measures = np.column_stack([rng.integers(0, 2, number), rng.integers(2, MEASURES, number)])
    measures[rng.random(number) < 0.3, 1] = -1
    order = np.lexsort((day, unit))
    cases = rng.integers(1, 4, number) if weighted else None
    return IncidentRows(unit[order], day[order], measures[order], cases)


def added_up(rows: IncidentRows) -> dict[int, np.ndarray]:
    found: dict[int, np.ndarray] = {}
    for place, (unit, day) in enumerate(zip(rows.unit, rows.day, strict=True)):
        for stay in STAYS:
            if stay.descendant == unit and stay.first_day <= day < stay.end_day:
                counts = found.setdefault(stay.ancestor, np.zeros((WEEKS, MEASURES), dtype=int))
                for measure in rows.measures[place]:
                    if measure >= 0:
                        cases = 1 if rows.cases is None else rows.cases[place]
                        counts[(day - FIRST_DAY) // 7, measure] += cases
    return found


def counted(rows: IncidentRows) -> dict[int, np.ndarray]:
    return dict(counts_by_unit(STAYS, rows, first_day=FIRST_DAY, weeks=WEEKS, measures=MEASURES))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("at_a_time", [1, 50, 1 << 21])
def test_as_added_up_one_by_one(monkeypatch, weighted, at_a_time):
    monkeypatch.setattr(counting, "CELLS_AT_A_TIME", at_a_time)
    rows = rows_of(5, 400, weighted=weighted)
    expected, found = added_up(rows), counted(rows)
    assert list(found) == sorted(expected) == [1, 2, 3, 4]
    for unit, counts in expected.items():
        np.testing.assert_array_equal(found[unit], counts)


def test_a_unit_that_moves_takes_only_its_later_counts_along():
    rows = IncidentRows(
        unit=np.array([3, 3]),
        day=np.array([MOVED - 1, MOVED]),
        measures=np.array([[0], [0]]),
    )
    found = counted(rows)
    assert [found[unit][3, 0] for unit in (1, 2, 3, 4)] == [2, 1, 2, 1]


def test_a_unit_without_anything_is_left_out():
    none = np.zeros(0, dtype=np.int64)
    assert counted(IncidentRows(none, none, np.zeros((0, 2), dtype=np.int64))) == {}
    of_another = IncidentRows(np.array([9]), np.array([FIRST_DAY]), np.array([[0]]))
    assert counted(of_another) == {}
