"""What is shown of boxes: limits that hold, and that say nothing of a region with 1 to 4."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from qorgau.methods.disclosure import BoxPlan, bound_count, plan_boxes, show_boxes
from tests.how_long import how_many
from tests.methods.disclosure.small_registers import (
    count_in,
    everything_answered,
    limits_of,
    regions,
    registers,
    small_plan,
)

SHAPES = [(3, 2, 1, 5.0), (3, 2, 1, 2.0), (2, 1, 3, 2.0)]
LEAST = 5


@pytest.mark.parametrize(("units", "causes", "months", "target"), SHAPES)
def test_no_set_of_questions_proves_that_a_region_with_few_is_not_empty(
    units: int, causes: int, months: int, target: float
) -> None:
    """Enumeration: another register, in which the region is empty, answers everything alike."""
    plan = small_plan(units, causes, months, target)
    asked = regions(plan.box_of.shape)
    alike: dict[object, list[np.ndarray]] = defaultdict(list)
    # What is answered follows from what is shown, which is the same of many registers.
    answers: dict[bytes, object] = {}
    for counts in registers(units * causes * months, how_many(7, 10)):
        register = np.array(counts).reshape(plan.box_of.shape)
        shown = show_boxes(plan, register)
        key = shown.lower.tobytes() + shown.upper.tobytes()
        if key not in answers:
            answers[key] = everything_answered(shown, asked)
        alike[answers[key]].append(register)
    assert len(alike) > 1
    for group in alike.values():
        registers_alike = np.array(group)
        for region in asked:
            counts = count_in(registers_alike, region)
            assert (counts == 0).any() or counts.min() >= LEAST


@given(st.integers(0, 2**32 - 1))
def test_linear_programs_over_every_answer_prove_nothing_of_a_small_cell(seed: int) -> None:
    """The attacker solves for the least count of a cell, given all that was answered."""
    rng = np.random.default_rng(seed)
    plan = small_plan(3, 2, 2, 3.0)
    register = rng.poisson(1.5, size=plan.box_of.shape)
    shown = show_boxes(plan, register)
    asked = regions(plan.box_of.shape)[::3]
    rows, highest = [], []
    for region in asked:
        limits = limits_of(shown, region)
        row = np.zeros(plan.box_of.shape)
        row[np.ix_(*region)] = 1.0
        rows += [row.ravel(), -row.ravel()]
        highest += [limits.upper, -limits.lower]
    cells = np.flatnonzero((register.ravel() >= 1) & (register.ravel() < LEAST))
    for cell in cells[:3]:
        goal = np.zeros(register.size)
        goal[cell] = 1.0
        least = linprog(goal, A_ub=np.array(rows), b_ub=np.array(highest))
        assert least.status == 0
        assert least.fun == pytest.approx(0.0, abs=1e-9)


def two_units() -> BoxPlan:
    return plan_boxes(np.full((2, 12), 100.0), np.full((2, 1, 12), 2.0), [[0, 1]], [[0]])


@given(st.lists(st.integers(0, 9), min_size=24, max_size=24), st.data())
def test_the_true_count_lies_within_the_limits(counts: list[int], data: st.DataObject) -> None:
    plan = two_units()
    register = np.array(counts).reshape(2, 1, 12)
    units = data.draw(st.lists(st.booleans(), min_size=2, max_size=2))
    months = data.draw(st.lists(st.booleans(), min_size=12, max_size=12))
    limits = bound_count(show_boxes(plan, register), np.outer(units, months), [True])
    assert limits.lower <= register[units][:, :, months].sum() <= limits.upper


def test_none_and_few_look_the_same() -> None:
    plan = two_units()
    none, few = np.zeros(plan.box_of.shape), np.zeros(plan.box_of.shape)
    few[0, 0, 0] = LEAST - 1
    one, other = show_boxes(plan, none), show_boxes(plan, few)
    assert one.lower.tobytes() == other.lower.tobytes()
    assert one.upper.tobytes() == other.upper.tobytes()


def test_a_count_that_reaches_the_least_is_exact() -> None:
    plan = two_units()
    register = np.zeros(plan.box_of.shape)
    register[0, 0, 3] = LEAST
    shown = show_boxes(plan, register)
    assert shown.lower.max() == shown.upper.max() == LEAST


def test_a_month_that_is_asked_about_in_part_counts_for_the_upper_limit_alone() -> None:
    plan = plan_boxes([[100.0, 100.0]], [[[6.0, 6.0]]], [[0]], [[0]])
    shown = show_boxes(plan, [[[20, 0]]])
    every = [[True, True]]
    part = bound_count(shown, every, [True], whole=[[True, False]])
    assert (part.lower, part.upper) == (0.0, 20.0)
    assert bound_count(shown, every, [True]).lower == 20.0


def test_a_unit_that_moved_in_the_year_counts_in_each_place_for_its_months() -> None:
    """The months of one unit are asked about up to March, those of the other from April on."""
    plan = plan_boxes(np.full((2, 12), 100.0), np.full((2, 1, 12), 4.0), [[0, 1]], [[0]])
    register = np.zeros(plan.box_of.shape)
    register[0, 0, 1], register[1, 0, 1] = 9, 6
    asked = np.zeros((2, 12), dtype=bool)
    asked[0, :3], asked[1, 3:] = True, True
    limits = bound_count(show_boxes(plan, register), asked, [True])
    assert (limits.lower, limits.upper) == (9.0, 9.0 + 3 * 4)


def test_counts_by_box_are_shown_as_counts_by_cell_are() -> None:
    plan = two_units()
    register = np.zeros(plan.box_of.shape)
    register[0, 0, 3] = 7
    by_box = [register[plan.box_of == box].sum() for box in range(plan.boxes)]
    assert show_boxes(plan, by_box).lower.tolist() == show_boxes(plan, register).lower.tolist()


def test_what_is_not_published_has_no_upper_end() -> None:
    plan = two_units()
    published = np.zeros(plan.boxes, dtype=bool)
    shown = show_boxes(plan, np.full(plan.box_of.shape, 9), is_published=published)
    limits = bound_count(shown, np.full((2, 12), True), [True])
    assert (limits.lower, limits.upper) == (0.0, np.inf)


def test_too_few_people_are_never_shown() -> None:
    plan = plan_boxes([[3.0]], [[[50.0]]], [[0]], [[0]])
    limits = bound_count(show_boxes(plan, [[[50]]]), [[True]], [True])
    assert (limits.lower, limits.upper) == (0.0, np.inf)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"protected": [[[1]]]}, "plan's shape"),
        ({"protected": np.full((2, 1, 12), -1)}, "negative count"),
        ({"protected": np.full((2, 1, 12), 0.5)}, "not whole"),
        ({"least_count": 1}, "least_count must be 2 or more"),
        ({"is_published": [True]}, "is_published needs a value"),
    ],
)
def test_bad_counts_are_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    given_: dict[str, object] = {"protected": np.zeros((2, 1, 12))} | change
    with pytest.raises(ValueError, match=sentence):
        show_boxes(two_units(), given_.pop("protected"), **given_)  # type: ignore[arg-type]


def test_masks_that_do_not_fit_are_refused() -> None:
    shown = show_boxes(two_units(), np.zeros((2, 1, 12)))
    none, every = np.zeros((2, 12)), np.ones((2, 12))
    with pytest.raises(ValueError, match="asked must have the shape"):
        bound_count(shown, every[:1], [True])
    with pytest.raises(ValueError, match="not among those asked about"):
        bound_count(shown, none, [True], whole=every)
