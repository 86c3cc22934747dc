"""Shares of linked registers, and what is withheld."""

from __future__ import annotations

import numpy as np
import pytest

from qorgau.analysis.under_reporting.ascertained_cases import (
    FEW_LINKS,
    NO_CASES,
    PROTECTS_ANOTHER,
    SAME_CASES,
    SHOWN,
    SMALL_CELL,
    CaseCells,
    RegisterCases,
    cells_by_group,
    cells_of,
    figure_of,
    figures_by_group,
    linked_cases,
)
from qorgau.methods.ascertainment import two_registers

LARGE = CaseCells(both=49, first_alone=86, second_alone=73)


def test_the_figure_is_the_method_s():
    figure = figure_of(LARGE)
    expected = two_registers(135, 122, 49)
    assert (figure.first, figure.second, figure.both) == (135, 122, 49)
    assert (figure.total, figure.lower, figure.upper) == pytest.approx(
        (float(expected.total), float(expected.lower), float(expected.upper))
    )
    assert figure.first_share == pytest.approx(135 / float(expected.total))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (CaseCells(), NO_CASES),
        (CaseCells(0, 40, 40), FEW_LINKS),
        (CaseCells(6, 40, 40), FEW_LINKS),
        (CaseCells(7, 40, 40), SHOWN),
        (CaseCells(20, 4, 40), SMALL_CELL),
        (CaseCells(20, 40, 1), SMALL_CELL),
        (CaseCells(20, 0, 40), SHOWN),
        (CaseCells(20, 0, 0), SAME_CASES),
    ],
)
def test_few_links_and_few_people_are_withheld(cells, reason):
    figure = figure_of(cells)
    assert figure.withheld == reason
    assert (figure.total is None) == bool(reason)
    assert (figure.both is None) == bool(reason)


def withheld(**cells):
    return {name: f.withheld for name, f in figures_by_group(cells).items()}


def test_what_is_withheld_alone_could_be_found_by_subtraction():
    assert withheld(a=LARGE, b=CaseCells(6, 9, 9)) == {"a": PROTECTS_ANOTHER, "b": FEW_LINKS}
    three = withheld(a=LARGE, b=CaseCells(6, 9, 9), c=CaseCells(20, 20, 20))
    assert three == {"a": SHOWN, "b": FEW_LINKS, "c": PROTECTS_ANOTHER}


def test_two_withheld_together_must_not_identify_few_either():
    told = withheld(a=LARGE, b=CaseCells(1, 9, 9), c=CaseCells(2, 9, 9), d=CaseCells(20, 20, 20))
    assert told == {"a": SHOWN, "b": FEW_LINKS, "c": FEW_LINKS, "d": PROTECTS_ANOTHER}
    told = withheld(a=LARGE, b=CaseCells(4, 9, 9), c=CaseCells(5, 9, 9), d=CaseCells(20, 20, 20))
    assert told["d"] == SHOWN


def test_a_unit_without_cases_needs_no_protection():
    assert withheld(a=LARGE, b=CaseCells()) == {"a": SHOWN, "b": NO_CASES}


def test_cells_are_counted_from_linked_cases():
    one = RegisterCases(["p", "q", "r"], np.array([1, 5, 9]))
    other = RegisterCases(["q", "p", "s"], np.array([6, 200, 9]))
    linked = linked_cases([one, other], tolerance_days=3)
    assert cells_of(linked.held) == CaseCells(both=1, first_alone=2, second_alone=2)
    groups = np.array(["a", "b", "a", "a", "b"], dtype=object)
    assert cells_by_group(linked.held, groups) == {
        "a": CaseCells(0, 2, 1),
        "b": CaseCells(1, 0, 1),
    }


def test_the_injected_share_is_found_again():
    """400 injuries, 60 % in the first register and 70 % in the second, some seen days later."""
    rng = np.random.default_rng(4)
    person, day = rng.integers(0, 3000, 400), rng.integers(0, 365, 400)
    kept = rng.random((400, 2)) < [0.6, 0.7]
    registers = [
        RegisterCases([f"P-{p}" for p in person[kept[:, r]]], (day + later)[kept[:, r]])
        for r, later in enumerate((0, rng.integers(0, 3, 400)))
    ]
    figure = figure_of(cells_of(linked_cases(registers, tolerance_days=3).held))
    assert figure.lower < 400 < figure.upper
    assert figure.first_share == pytest.approx(kept[:, 0].mean(), abs=0.02)
