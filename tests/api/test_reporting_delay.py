"""Reported and expected final counts of the newest weeks: exactly the analysis's answer."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.services import IncidentDraft, record_incidents
from tests.api.calling import Program, problem
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(world: World) -> Program:
    """Four incidents a week, recorded on the same day, for the last twenty weeks."""
    now = clock.now()
    for week in range(20, 0, -1):
        moment = now - dt.timedelta(weeks=week)
        drafts = [IncidentDraft("injury", world.company, moment)] * 4
        record_incidents(drafts=drafts, acting_user=None, recorded_at=moment)
    return Program(world.inside[Role.ANALYST])


def test_the_answer_is_that_of_the_analysis(world: World, program: Program) -> None:
    body = program.get("/reporting-delay", unit="BDE-1").json()
    as_of = dt.datetime.fromisoformat(body["as_of"])
    question = DelayQuestion(world.battalion, as_of)
    found = reporting_delay(world.inside[Role.ANALYST], question)
    assert [week["corrected"] for week in body["weeks"]] == [week.corrected for week in found.weeks]
    assert body["weeks"][-1]["reported"] == 4
    assert body["cases"] == found.cases
    assert body["method"] == "correct_for_delay"
    assert "delays_as_before" in [caveat["key"] for caveat in body["caveats"]]


def test_as_of_a_moment_before_anything_the_delay_is_not_known(program: Program) -> None:
    body = program.get("/reporting-delay", unit="BDE-1", as_of="2000-01-15T00:00:00+05:00").json()
    assert (body["weeks"], body["cases"]) == ([], 0)
    assert "delay_not_known" in [caveat["key"] for caveat in body["caveats"]]


@pytest.mark.parametrize("as_of", ["1800-01-01T00:00:00Z", "2999-12-31T00:00:00Z"])
def test_the_first_and_last_days_of_the_calendar_are_not_an_error(
    program: Program, as_of: str
) -> None:
    assert program.get("/reporting-delay", unit="BDE-1", as_of=as_of).status_code == 200


def test_a_unit_of_others_is_refused(program: Program) -> None:
    problem(program.get("/reporting-delay", unit="NOWHERE"), 422)
