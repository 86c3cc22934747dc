"""The weeks around a signal, each tested as it would have been then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.history import SignalHistory, signal_history
from qorgau.analysis.signals.question import HistoryQuestion, SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import Unit
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register


@shared_register
def units() -> dict[str, Unit]:
    made = make_units()
    happen(made["B-2"], *map(weeks_before, range(4, 160, 4)), cause="exertion.running")
    happen(made["B-1-1"], WEEK, number=5, cause="fall.height")
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def history(user: User, unit: Unit, weeks: int = 10, **more: object) -> SignalHistory:
    question = HistoryQuestion(
        unit, "injury:fall.height", weeks_before(weeks), WEEK + dt.timedelta(weeks=1), **more
    )
    return signal_history(user, question)


def test_the_week_of_the_signal_has_its_figures(units, analyst):
    result = rising_signals(analyst, SignalQuestion(units["B"], WEEK))[0]
    rise = result.rises[0]
    begins = dt.date.fromisoformat(result.provenance.inputs["history_begins"])
    found = history(analyst, units["B-1-1"], history_begins=begins)
    week = next(one for one in found.weeks if one.week == WEEK)
    assert week.is_rise
    assert (week.observed, week.upper_bound) == (rise.observed, rise.upper_bound)
    assert week.expected == pytest.approx(rise.expected)
    assert week.p_value == pytest.approx(rise.p_value)


def test_every_week_is_there_in_order(units, analyst):
    found = history(analyst, units["B-1-1"], history_begins=weeks_before(156))
    assert [week.week for week in found.weeks] == [
        weeks_before(number) for number in range(10, -2, -1)
    ]
    assert [week.observed for week in found.weeks] == [0] * 10 + [5, 0]
    assert [week.is_rise for week in found.weeks] == [False] * 10 + [True, False]


def test_weeks_too_young_for_a_test_have_a_count_and_no_bound(units, analyst):
    found = history(analyst, units["B-1-1"], history_begins=weeks_before(5))
    assert len(found.weeks) == 7
    assert all(week.upper_bound is None and not week.is_rise for week in found.weeks)


def test_a_unit_of_others_is_refused(units, analyst):
    officer = make_user("officer", Role.SAFETY_OFFICER, units["B-2"])
    with override("en"), pytest.raises(QuestionError, match="does not let you see signals"):
        history(officer, units["B-1-1"])
