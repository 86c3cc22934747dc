"""Rates: exactly the answer of the analysis, and questions without an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.question import RateQuestion
from qorgau.foundation.identity.roles import Role
from tests.api.calling import Program, fields, problem
from tests.world import World

pytestmark = pytest.mark.django_db

YEAR = {"unit": "BDE-1", "since": "2024-01-01", "until": "2024-12-31"}


@pytest.fixture
def program(world: World) -> Program:
    return Program(world.inside[Role.ANALYST])


def test_the_answer_is_that_of_the_analysis(world: World, program: Program) -> None:
    answer = program.get("/rates", **YEAR).json()
    question = RateQuestion(world.battalion, dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    rates = injury_rates(world.inside[Role.ANALYST], question)
    # 200 people for the 366 days of 2024, and one injury.
    assert answer["overall"]["cases"] == rates.overall.cases == 1
    assert answer["overall"]["person_days"] == rates.overall.person_days == 200 * 366
    assert answer["overall"]["rate"] == pytest.approx(rates.overall.rate)
    assert answer["overall"]["upper"] == pytest.approx(rates.overall.upper)
    assert len(answer["months"]) == 12
    assert answer["method"] == rates.provenance.method
    assert answer["as_of"]


def test_conditions_reach_the_question(program: Program) -> None:
    narrow = {
        "kind": ["near_miss", "hazard"],
        "cause": "fall",
        "severity_class": ["A", "B"],
        "category": "officer",
        "per": "per_100000_person_years",
        "depth": 2,
    }
    inputs = program.get("/rates", **YEAR, **narrow).json()["inputs"]
    assert inputs["kinds"] == "near_miss, hazard"
    assert inputs["severity_classes"] == "A, B"
    assert (inputs["cause"], inputs["category"], inputs["depth"]) == ("fall", "officer", "2")
    assert inputs["denominator"] == "per_100000_person_years"


def test_as_of_a_moment_before_it_was_recorded_nothing_had_happened(program: Program) -> None:
    then = program.get("/rates", **YEAR, as_of="2025-01-15T00:00:00+05:00").json()
    assert then["overall"]["cases"] == 0


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({"since": "2025-06-01", "until": "2024-06-01"}, None),
        ({"since": "2900-01-01", "until": "2900-12-31"}, None),
        ({"per": "per_dragon"}, None),
    ],
)
def test_a_question_without_an_answer_is_refused_in_a_sentence(
    program: Program, query: dict[str, Any], body: str | None
) -> None:
    detail = problem(program.get("/rates", **YEAR | query), 422)["detail"]
    assert detail.endswith(".")
    assert detail != "Check the marked fields."


@pytest.mark.parametrize("until", ["1800-01-01", "2999-12-31"])
def test_the_first_and_last_days_of_the_calendar_are_not_an_error(
    program: Program, until: str
) -> None:
    answer = program.get("/rates", unit="BDE-1", until=until)
    assert answer.status_code in (200, 422)


def test_a_unit_with_hidden_rates_is_refused(world: World) -> None:
    assert set(fields(Program(world.outside[Role.ANALYST]).get("/rates", **YEAR))) == {"unit"}
