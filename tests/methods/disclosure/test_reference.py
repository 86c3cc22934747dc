"""The cases worked by hand, and the examples of the pages."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qorgau.methods.disclosure import BoxPlan, bound_count, plan_boxes, restate_counts, show_boxes

ROOT = Path(__file__).resolve().parents[3]


def cases(name: str) -> list[dict[str, Any]]:
    path = ROOT / "tests" / "reference" / name / "cases.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return found


def plan_of(case: dict[str, Any]) -> BoxPlan:
    return plan_boxes(case["strength"], case["expected"], case["unit_levels"], case["cause_levels"])


@pytest.mark.parametrize("case", cases("plan_boxes"), ids=lambda case: case["name"])
def test_the_boxes_are_those_worked_by_hand(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    found = [
        {
            "units": np.flatnonzero(plan.units[box]).tolist(),
            "causes": np.flatnonzero(plan.causes[box]).tolist(),
            "months": np.flatnonzero(plan.months[box]).tolist(),
        }
        for box in range(plan.boxes)
    ]
    assert found == case["boxes"]


@pytest.mark.parametrize("case", cases("show_boxes"))
def test_the_limits_are_those_worked_by_hand(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    shown = show_boxes(plan, case["protected"])
    assert shown.lower[plan.box_of].tolist() == case["lower"]
    assert shown.upper[plan.box_of].tolist() == case["upper"]


@pytest.mark.parametrize("case", cases("bound_count"))
def test_the_answers_are_those_worked_by_hand(case: dict[str, Any]) -> None:
    shown = show_boxes(plan_of(case), case["protected"])
    for question in case["questions"]:
        limits = bound_count(shown, np.c_[question["units"]], question["causes"])
        assert (limits.lower, limits.upper) == (question["lower"], question["upper"])


@pytest.mark.parametrize("case", cases("restate_counts"))
def test_the_restated_counts_are_those_worked_by_hand(case: dict[str, Any]) -> None:
    assert restate_counts(case["published"], case["later"]).tolist() == case["restated"]


@pytest.mark.parametrize("name", ["plan_boxes", "show_boxes", "restate_counts", "bound_count"])
def test_the_examples_print_what_the_page_says(name: str) -> None:
    page = ROOT / "docs" / "methods" / f"{name}.md"
    outcome = doctest.testfile(str(page), module_relative=False)
    assert outcome.attempted > 1
    assert outcome.failed == 0
