"""What rises below a unit in a week, from the register, as a user."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.figures.measures import ALL_MEASURES
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import RisingSignals
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import Unit
from qorgau.records.signals.services import RiseRecord, RunRecord, record_detection_run
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@shared_register
def units() -> dict[str, Unit]:
    """Five years of one injury every four weeks in each of two battalions."""
    made = make_units()
    mondays = [weeks_before(week) for week in range(4, 330, 4)]
    happen(made["B-2"], *mondays, cause="exertion.running")
    happen(made["B-1-1"], *mondays)
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def result_of(user: User, unit: Unit, **more: object) -> RisingSignals:
    return rising_signals(user, SignalQuestion(unit, WEEK, **more))[0]


def test_a_rise_is_reported_once_where_it_happened(units, analyst):
    happen(units["B-1-1"], WEEK, number=6, cause="fall.height")
    result = result_of(analyst, units["B"])
    rise = result.rises[0]
    assert len(result.rises) == 1
    assert (rise.unit_code, rise.measure) == ("B-1-1", "injury:fall.height")
    assert rise.unit_name == "Unit B-1-1"
    assert rise.observed == 6
    assert rise.expected < 0.1
    assert rise.p_value < 1e-6
    assert (rise.method, rise.years) == ("farrington_flexible", 5)
    assert {(one.unit_code, one.measure) for one in rise.explains} >= {
        ("B-1", "injury"),
        ("B", "injury:fall"),
    }


def test_it_carries_its_question_and_its_method(units, analyst):
    result = result_of(analyst, units["B"])
    assert result.rises == ()
    assert (result.week_start, result.provenance.last_day) == (WEEK, WEEK + dt.timedelta(days=6))
    assert result.provenance.inputs["unit"] == "B"
    assert result.provenance.inputs["history_begins"] == weeks_before(268).isoformat()
    assert result.series_tested == 4 * len(ALL_MEASURES)
    assert result.series_untested == 0
    assert result.provenance.method == "farrington_flexible, ears_c2"
    keys = {caveat.key for caveat in result.caveats}
    assert keys == {"exact_counts", "reports_come_late", "chance", "chance_assumes"}
    assert result.false_alarm_method.startswith("hypotheses on a tree")
    assert result.provenance.inputs["false_discovery_rate"] == "0.2"


def test_any_day_names_its_week_and_no_day_the_newest_whole_one(units, analyst):
    thursday = WEEK + dt.timedelta(days=3)
    found = rising_signals(analyst, SignalQuestion(units["B"], thursday))[0]
    assert found.week_start == WEEK
    sunday_evening = dt.datetime.combine(WEEK + dt.timedelta(days=13), dt.time(9), tzinfo=dt.UTC)
    newest = rising_signals(analyst, SignalQuestion(units["B"], as_of=sunday_evening))[0]
    assert newest.week_start == WEEK


def test_a_week_that_is_not_over_says_so(units, analyst):
    tuesday = dt.datetime.combine(WEEK + dt.timedelta(days=1), dt.time(9), tzinfo=dt.UTC)
    result = rising_signals(analyst, SignalQuestion(units["B"], WEEK, tuesday))[0]
    assert "week_not_over" in {caveat.key for caveat in result.caveats}


def test_a_week_that_begins_today_can_be_chosen(units, analyst):
    monday = dt.datetime.combine(WEEK, dt.time(9), tzinfo=dt.UTC)
    assert rising_signals(analyst, SignalQuestion(units["B"], WEEK, monday))[0].week_start == WEEK
    sunday = monday - dt.timedelta(days=1)
    with pytest.raises(QuestionError, match="has not begun"):
        rising_signals(analyst, SignalQuestion(units["B"], WEEK, sunday))


def test_signals_of_today_say_nothing_about_a_past_moment(units, analyst):
    """What goes on needs only its own bound; at the moment in question nothing had been found."""
    happen(units["B-2"], WEEK, number=4, cause="exertion.running")
    then = dt.datetime.combine(WEEK, dt.time(9), tzinfo=dt.UTC) + dt.timedelta(days=10)
    record = RunRecord(units["B"], weeks_before(1), then, "farrington_flexible", "1", 1)
    rise = RiseRecord(units["B-2"].pk, "injury:exertion.running", 12, 1.0, 3.0, 1e-6)
    record_detection_run(record=record, rises=[rise], acting_user=None)
    strict = {"false_discovery_rate": 1e-6}
    assert [rise.observed for rise in result_of(analyst, units["B"], **strict).rises] == [4]
    assert result_of(analyst, units["B"], as_of=then, **strict).rises == ()


def test_a_young_register_is_watched_by_its_recent_weeks(db):
    units = make_units()
    analyst = make_user("analyst", Role.ANALYST, units["B"])
    happen(units["B-2"], *map(weeks_before, range(1, 40)))
    happen(units["B-2"], WEEK, number=9)
    result = result_of(analyst, units["B"])
    assert [(r.unit_code, r.method, r.years) for r in result.rises] == [("B-2", "ears_c2", 0)]
    assert "short_history" in {caveat.key for caveat in result.caveats}


def test_a_register_of_a_few_weeks_is_not_tested(db):
    units = make_units()
    analyst = make_user("analyst", Role.ANALYST, units["B"])
    happen(units["B"], weeks_before(5))
    happen(units["B"], WEEK, number=9)
    result = result_of(analyst, units["B"])
    assert result.rises == ()
    assert result.series_tested == 0
    assert result.series_untested == 4 * len(ALL_MEASURES)
    assert "no_history" in {caveat.key for caveat in result.caveats}


def test_an_event_that_goes_on_stays_the_same_series(units, analyst):
    happen(units["B-1-1"], weeks_before(1), number=3, cause="fall.height")
    happen(units["B-1-1"], WEEK, number=3, cause="fall.height")
    happen(units["B-1-1"], WEEK, number=1, cause="fall")
    weeks = rising_signals(analyst, SignalQuestion(units["B"], WEEK), weeks=2)
    assert [[(r.unit_code, r.measure) for r in week.rises] for week in weeks] == [
        [("B-1-1", "injury:fall.height")],
        [("B-1-1", "injury:fall.height")],
    ]


def test_an_event_that_spreads_is_reported_of_the_wider_unit(units, analyst):
    happen(units["B-1-1"], weeks_before(1), number=4, cause="fall.height")
    for code in ("B-1-1", "B-1"):
        happen(units[code], WEEK, number=4, cause="fall.height")
    weeks = rising_signals(analyst, SignalQuestion(units["B"], WEEK), weeks=2)
    assert [[(r.unit_code, r.observed) for r in week.rises] for week in weeks] == [
        [("B-1-1", 4)],
        [("B-1", 8)],
    ]


def test_fewer_than_three_cases_are_not_a_signal_unless_the_question_says_so(units, analyst):
    happen(units["B-1-1"], WEEK, number=2, cause="fall.height")
    assert result_of(analyst, units["B"]).rises == ()
    found = result_of(analyst, units["B"], least_cases=2)
    assert [rise.observed for rise in found.rises] == [2]


def test_what_is_not_a_signal_among_so_many_tests_is_withheld_and_counted(units, analyst):
    happen(units["B-2"], WEEK, number=4, cause="exertion.running")
    strict, lenient = (
        result_of(analyst, units["B"], false_discovery_rate=rate) for rate in (1e-6, 0.4)
    )
    assert strict.rises == ()
    assert strict.caveat_facts.rises_withheld == 1
    withheld = next(one for one in strict.caveats if one.key == "withheld")
    assert withheld.sentence.startswith("1 more rise is above its own limit")
    assert [(rise.unit_code, rise.observed) for rise in lenient.rises] == [("B-2", 4)]
    assert lenient.caveat_facts.rises_withheld == 0
    chance = next(one for one in lenient.caveats if one.key == "chance")
    assert "at most 40 of 100 weeks" in chance.sentence


def test_an_event_under_way_needs_only_its_own_bound(units, analyst):
    happen(units["B-2"], weeks_before(1), number=12, cause="exertion.running")
    happen(units["B-2"], WEEK, number=4, cause="exertion.running")
    question = SignalQuestion(units["B"], WEEK, false_discovery_rate=1e-6)
    weeks = rising_signals(analyst, question, weeks=2)
    assert [[rise.observed for rise in week.rises] for week in weeks] == [[12], [4]]


def test_a_safety_officer_sees_the_rises_of_their_own_units(units, analyst):
    officer = make_user("officer", Role.SAFETY_OFFICER, units["B-2"])
    happen(units["B-1-1"], WEEK, number=6, cause="fall.height")
    assert result_of(officer, units["B-2"]).rises == ()
    with pytest.raises(QuestionError, match="does not let you see signals"):
        result_of(officer, units["B"])


def test_questions_without_an_answer(units, analyst):
    with pytest.raises(QuestionError, match="has not begun"):
        rising_signals(analyst, SignalQuestion(units["B"], dt.date(9000, 1, 1)))
    with pytest.raises(QuestionError, match="from 1 to 520"):
        rising_signals(analyst, SignalQuestion(units["B"], WEEK), weeks=0)
    with pytest.raises(QuestionError, match="above 0 and below 1"):
        result_of(analyst, units["B"], false_discovery_rate=1.0)
