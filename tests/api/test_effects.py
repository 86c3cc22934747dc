"""``GET /effects``: the answer of the analysis, and refusals in sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import EffectQuestion
from qorgau.foundation.identity.roles import Role
from tests.api.calling import Program, fields, problem
from tests.world import World

ACTION = {"unit": "BDE-1", "since": "2024-06-10", "cause": "fall"}


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.ANALYST])


def test_the_answer_is_that_of_the_analysis(world: World, program: Program) -> None:
    answer = program.get("/effects", **ACTION).json()
    question = EffectQuestion(world.battalion, "injury:fall", dt.date(2024, 6, 10))
    effect = effect_of_action(world.inside[Role.ANALYST], question)
    assert answer["before"]["cases"] == effect.before.cases == 1
    assert answer["ratio"] == effect.estimate.ratio == 0
    assert answer["averted"] == pytest.approx(effect.estimate.averted)
    assert answer["verdict"] == "open"
    assert answer["method_key"] == "before_after"
    assert len(answer["periods"]) == len(effect.periods)
    assert {"few_cases", "same_time"} <= {caveat["key"] for caveat in answer["caveats"]}


def test_conditions_reach_the_question(program: Program) -> None:
    more = {"kind": "near_miss", "weeks_before": 5, "weeks_after": 8}
    inputs = program.get("/effects", **ACTION, **more).json()["inputs"]
    assert inputs["measure"] == "near_miss:fall"
    assert (inputs["weeks_before"], inputs["weeks_after"]) == ("5", "8")


def test_as_of_a_moment_before_it_was_recorded_the_register_had_not_begun(
    program: Program,
) -> None:
    then = program.get("/effects", **ACTION, as_of="2025-01-15T00:00:00+05:00")
    assert "The register begins on" in problem(then, 422)["detail"]


@pytest.mark.parametrize(
    "query",
    [{"since": "2024-05-08"}, {"since": "2900-01-01"}, {"compared_with": "BDE-1-1"}],
)
def test_a_question_without_an_answer_is_refused_in_a_sentence(
    program: Program, query: dict[str, Any]
) -> None:
    detail = problem(program.get("/effects", **ACTION | query), 422)["detail"]
    assert detail.endswith(".")
    assert detail != "Check the marked fields."


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"unit": "BDE-2"}, "unit"),
        ({"compared_with": "BDE-2"}, "compared_with"),
        ({"cause": "fate"}, "cause"),
        ({"weeks_before": 0}, "weeks_before"),
        ({"since": "soon"}, "since"),
        ({"from": "2024-06-10"}, "from"),
    ],
)
def test_what_cannot_be_read_is_named(program: Program, query: dict[str, Any], field: str) -> None:
    assert set(fields(program.get("/effects", **ACTION | query))) == {field}
