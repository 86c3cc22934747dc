"""Boxes cover every cell once, have what they must have, and do not depend on what happened."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.methods.disclosure import BoxPlan, plan_boxes

PEOPLE, MONTHS = 30.0, 12


def tree(leaves: int, width: int) -> np.ndarray:
    return np.stack([np.arange(leaves) // width, np.arange(leaves)])


def plan_of(expected: np.ndarray, people: float = PEOPLE, **options: float) -> BoxPlan:
    units, causes, months = expected.shape
    strength = np.full((units, months), people)
    return plan_boxes(strength, expected, tree(units, 2), tree(causes, 2), **options)


@st.composite
def expected_counts(draw: st.DrawFn) -> np.ndarray:
    shape = (draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.sampled_from([1, 3, 12])))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.gamma(0.5, draw(st.sampled_from([0.2, 1.0, 5.0])), size=shape)


@given(expected_counts())
def test_every_cell_is_in_one_box_and_boxes_are_products(expected: np.ndarray) -> None:
    plan = plan_of(expected)
    covered = np.zeros(expected.shape, dtype=int)
    for box in range(plan.boxes):
        cells = np.ix_(plan.units[box], plan.causes[box], plan.months[box])
        covered[cells] += 1
        assert (plan.box_of[cells] == box).all()
        assert plan.expected[box] == pytest.approx(expected[cells].sum())
    assert (covered == 1).all()


@given(expected_counts(), st.floats(1.0, 20.0))
def test_a_box_that_was_divided_off_has_what_it_must_have(
    expected: np.ndarray, target: float
) -> None:
    plan = plan_of(expected, target_expected=target)
    assert plan.boxes == 1 or (plan.expected >= target).all()
    assert plan.has_population.all()


def test_few_people_are_one_box_that_is_never_shown() -> None:
    plan = plan_of(np.full((2, 1, MONTHS), 100.0), people=5.0)
    assert plan.boxes == 1
    assert plan.has_population.tolist() == [False]


def test_a_box_needs_people_as_well_as_incidents() -> None:
    strength = np.array([[100.0], [10.0], [100.0]])
    plan = plan_boxes(strength, np.full((3, 1, 1), 50.0), [[0, 1, 2]], [[0]])
    # The unit of ten people joins the smaller sibling; of equal ones, the first.
    assert plan.units.tolist() == [[False, False, True], [True, True, False]]


def test_parts_that_fail_are_put_together_before_another_joins_them() -> None:
    expected = np.array([4.0, 30.0, 4.0, 20.0]).reshape(4, 1, 1)
    plan = plan_boxes(np.full((4, 1), PEOPLE), expected, [[0, 1, 2, 3]], [[0]])
    sets = {tuple(np.flatnonzero(units)) for units in plan.units}
    assert sets == {(1,), (0, 2, 3)}


def test_units_are_divided_before_months_and_months_before_causes() -> None:
    assert plan_of(np.full((2, 2, 3), 10 / 6)).units.tolist() == [[True, False], [False, True]]
    months = plan_of(np.full((1, 2, 6), 10 / 6)).months
    assert months.tolist() == [[True] * 3 + [False] * 3, [False] * 3 + [True] * 3]
    causes = plan_of(np.full((1, 2, 1), 10.0)).causes
    assert causes.tolist() == [[True, False], [False, True]]


def test_the_same_input_gives_the_same_plan() -> None:
    expected = np.random.default_rng(7).gamma(1.0, 1.0, size=(6, 4, MONTHS))
    one, other = plan_of(expected), plan_of(expected.copy())
    assert one.box_of.tobytes() == other.box_of.tobytes()


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        plan_of(np.full((2, 1, 1), 10.0)).box_of[0] = 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"strength": [[-1.0], [1.0]]}, "strength has a negative value"),
        ({"expected": [[[np.nan]], [[1.0]]]}, "expected has a missing"),
        ({"expected": [[1.0], [1.0]]}, r"shape \(units, causes, months\)"),
        ({"expected": np.ones((2, 0, 1))}, "at least one of each"),
        ({"strength": [[1.0, 1.0], [1.0, 1.0]]}, r"strength must have the shape"),
        ({"unit_levels": [[0, 0]]}, "every leaf a number of its own"),
        ({"unit_levels": [[0, 1, 2]]}, "unit_levels must hold whole numbers"),
        ({"unit_levels": [[0.5, 1.0]]}, "unit_levels must hold whole numbers"),
        ({"cause_levels": [0]}, "cause_levels must hold whole numbers"),
        ({"unit_levels": [[0, 1], [5, 5], [0, 1]]}, "unit_levels is not a tree"),
        ({"target_expected": 0.0}, "target_expected must be above zero"),
        ({"least_population": -1.0}, "least_population must be above zero"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    given_ = {
        "strength": [[30.0], [30.0]],
        "expected": [[[1.0]], [[1.0]]],
        "unit_levels": [[0, 1]],
        "cause_levels": [[0]],
    } | change
    with pytest.raises(ValueError, match=sentence):
        plan_boxes(**given_)  # type: ignore[arg-type]
