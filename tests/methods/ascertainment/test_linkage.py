"""Linkage by hand, against the assignment problem, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from qorgau.methods.arrays import InputError
from qorgau.methods.ascertainment import link_registers
from qorgau.methods.ascertainment.linkage import MOST_IN_A_RUN

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "link_registers"
GIVEN = json.loads((REFERENCE / "cases.json").read_text(encoding="utf-8"))


def links_of(found):
    return found.positions[found.held.all(axis=1)].tolist()


@pytest.mark.parametrize("case", GIVEN["cases"], ids=lambda case: case["what"])
def test_links_are_those_made_by_hand(case):
    found = link_registers(case["people"], case["days"], tolerance_days=case["tolerance_days"])
    assert links_of(found) == case["links"]


def test_three_registers_are_counted_by_pattern():
    case = GIVEN["three_registers"]
    found = link_registers(case["people"], case["days"], tolerance_days=case["tolerance_days"])
    patterns = [[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 0], [0, 0, 1]]
    assert [int((found.held == p).all(axis=1).sum()) for p in patterns] == case["counts"]


def test_links_are_the_most_and_of_these_the_nearest():
    rng = np.random.default_rng(5)
    for _draw in range(400):
        who = [rng.integers(0, 3, size) for size in rng.integers(0, 12, 2)]
        day = [rng.integers(0, 25, each.size) for each in who]
        tolerance = int(rng.integers(0, 5))
        found = link_registers(who, day, tolerance_days=tolerance)
        pairs = np.array(links_of(found), dtype=int).reshape(-1, 2)
        apart = np.abs(day[0][pairs[:, 0]] - day[1][pairs[:, 1]])
        assert (who[0][pairs[:, 0]] == who[1][pairs[:, 1]]).all()
        assert (apart <= tolerance).all()
        assert len({*pairs[:, 0]}) == len({*pairs[:, 1]}) == len(pairs)
        assert len(found.positions) == who[0].size + who[1].size - len(pairs)
        assert (1000 - apart).sum() == best_worth(who, day, tolerance)


def best_worth(who, day, tolerance):
    """Each link is worth 1000 less its distance, by another solver."""
    apart = np.abs(day[0][:, None] - day[1][None])
    is_allowed = (who[0][:, None] == who[1][None]) & (apart <= tolerance)
    worth = np.where(is_allowed, 1000 - apart, 0)
    return worth[linear_sum_assignment(-worth)].sum()


def test_every_case_of_every_register_occurs_once():
    rng = np.random.default_rng(6)
    who = [rng.integers(0, 40, 200) for _register in range(3)]
    day = [rng.integers(0, 90, 200) for _register in range(3)]
    found = link_registers(who, day)
    for register in range(3):
        held = found.positions[found.held[:, register], register]
        assert sorted(held) == list(range(200))


def test_runs_of_one_shape_are_cut_to_fit_the_memory(monkeypatch):
    who, day = np.repeat(np.arange(50), 2), np.tile([0, 2], 50)
    whole = links_of(link_registers([who, who], [day, day]))
    monkeypatch.setattr("qorgau.methods.ascertainment.linkage.CELLS_AT_ONCE", 20)
    assert links_of(link_registers([who, who], [day, day])) == whole
    assert len(whole) == 100


def test_registers_that_share_nobody_say_so():
    found = link_registers([[1, 2], [3, 4]], [[1, 2], [1, 2]])
    assert found.shared_people == 0
    assert not found.held.all(axis=1).any()
    # The same person half a year apart is shared, and no link.
    found = link_registers([[1, 2], [2, 3]], [[1, 2], [200, 2]])
    assert found.shared_people == 1
    assert not links_of(found)


@pytest.mark.parametrize(
    ("people", "days", "tolerance", "words"),
    [
        ([[1]], [[1]], 3, "two or three registers"),
        ([[1], [1], [1], [1]], [[1], [1], [1], [1]], 3, "two or three registers"),
        ([[1], [1, 2]], [[1], [1]], 3, "another number of days"),
        ([[1.5], [1]], [[1], [1]], 3, "whole numbers"),
        ([[1], [1]], [[1], ["x"]], 3, "whole numbers"),
        ([[1], [1]], [[1], [1]], -1, "tolerance_days"),
        ([[0] * (MOST_IN_A_RUN + 1), [0]], [[5] * (MOST_IN_A_RUN + 1), [5]], 3, "own number"),
    ],
)
def test_what_cannot_be_linked_is_refused_in_a_sentence(people, days, tolerance, words):
    with pytest.raises(InputError, match=words):
        link_registers(people, days, tolerance_days=tolerance)


def test_empty_registers_are_no_fault():
    assert link_registers([[], [4]], [[], [9]]).positions.tolist() == [[-1, 0]]
    assert link_registers([[], []], [[], []]).positions.shape == (0, 2)
