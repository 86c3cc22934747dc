"""Rises in any week, as of any moment: exactly the analysis's answer, and nothing is stored."""

from __future__ import annotations

import pytest

from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun, Signal
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.api.calling import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, Unit]:
    made = make_units()
    happen(made["B-2"], *map(weeks_before, range(4, 130, 4)), cause="exertion.running")
    happen(made["B-1-1"], WEEK, number=5, cause="fall.height")
    happen(made["B-1-1"], WEEK, number=3, cause="fall.height", recorded_on=weeks_before(-2))
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def test_the_answer_is_that_of_the_analysis_and_nothing_is_stored(
    units: dict[str, Unit], analyst: User
) -> None:
    (body,) = Program(analyst).get("/rises", unit="B", week=WEEK).json()
    (found,) = rising_signals(analyst, SignalQuestion(units["B"], WEEK))
    assert [rise["observed"] for rise in body["rises"]] == [8]
    assert body["rises"][0]["p_value"] == pytest.approx(found.rises[0].p_value)
    assert (body["week_start"], body["method"]) == (WEEK.isoformat(), found.provenance.method)
    assert not DetectionRun.objects.exists()
    assert not Signal.objects.exists()


def test_as_of_a_past_moment_only_incidents_recorded_before_count(analyst: User) -> None:
    query = {"unit": "B", "week": WEEK, "as_of": "2024-05-13T00:00:00+05:00", "weeks": 2}
    before, body = Program(analyst).get("/rises", **query).json()
    assert before["rises"] == []
    assert [rise["observed"] for rise in body["rises"]] == [5]


@pytest.mark.parametrize("as_of", ["1800-01-01T00:00:00Z", "2999-12-31T00:00:00Z", None])
@pytest.mark.parametrize("week", ["1800-01-01", "2999-12-31"])
def test_the_first_and_last_days_of_the_calendar_are_not_an_error(
    analyst: User, week: str, as_of: str | None
) -> None:
    query = {"unit": "B", "week": week} | ({"as_of": as_of} if as_of else {})
    assert Program(analyst).get("/rises", **query).status_code in (200, 422)


def test_a_week_that_has_not_begun_is_refused_in_a_sentence(analyst: User) -> None:
    refused = Program(analyst).get("/rises", unit="B", week="2900-01-01")
    assert problem(refused, 422)["detail"].endswith(".")
