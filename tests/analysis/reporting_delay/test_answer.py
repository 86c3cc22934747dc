"""How late incidents are recorded, and what the newest weeks will come to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.utils.translation import override

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.reporting_delay.results import ReportingDelay
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident
from qorgau.records.people.models import Unit
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register

# The Monday after the week, before anything of it can have happened.
AS_OF = dt.datetime.combine(WEEK + dt.timedelta(weeks=1), dt.time(), tzinfo=dt.UTC)
WEEKS_KNOWN = 24


@shared_register
def units() -> dict[str, Unit]:
    """Four incidents a week; three are recorded at once and one two weeks later."""
    made = make_units()
    days = [weeks_before(week) for week in range(WEEKS_KNOWN, -1, -1)]
    for code, number, delay in (("B-1-1", 3, {"hours": 2}), ("B-2", 1, {"weeks": 2, "days": 1})):
        happen(made[code], *days, number=number)
        recorded_at = F("occurred_at") + dt.timedelta(**delay)
        Incident.objects.filter(unit=made[code]).update(
            recorded_at=recorded_at, revised_at=recorded_at
        )
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def delay_of(user: User, unit: Unit, **more: object) -> ReportingDelay:
    with override("en"):
        return reporting_delay(user, DelayQuestion(unit, **{"as_of": AS_OF, **more}))


def keys(found: ReportingDelay) -> list[str]:
    return [caveat.key for caveat in found.caveats]


def test_newest_weeks_are_shown_as_reported_and_as_they_will_be(units, analyst):
    found = delay_of(analyst, units["B"])
    newest, before, oldest = found.weeks[-1], found.weeks[-2], found.weeks[0]
    assert (newest.week, newest.reported) == (WEEK, 3)
    assert newest.share_reported == pytest.approx(0.75)
    assert newest.corrected == pytest.approx(4)
    assert newest.lower <= 4 <= newest.upper
    assert not newest.is_complete
    assert (before.reported, before.corrected) == (3, pytest.approx(4))
    assert (oldest.reported, oldest.upper, oldest.is_complete) == (4, 4, True)
    assert len(found.weeks) == 12
    assert found.provenance.as_of == AS_OF
    assert keys(found) == ["exact_counts", "delays_as_before", "recorded_at_once"]


def test_the_share_reported_is_known_for_every_week_that_is_over(units, analyst):
    found = delay_of(analyst, units["B"])
    assert found.share_on(WEEK) == pytest.approx(0.75)
    assert found.share_on(weeks_before(20)) == 1
    assert found.share_on(WEEK + dt.timedelta(weeks=1)) is None


def test_as_of_another_weekday_the_weeks_are_cut_at_that_weekday(units, analyst):
    """On Friday two weeks later everything of the week is there."""
    friday = AS_OF + dt.timedelta(weeks=1, days=4)
    found = delay_of(analyst, units["B"], as_of=friday)
    reported = {week.week: week.reported for week in found.weeks}
    assert reported[WEEK] == 4
    assert found.share_on(WEEK) == pytest.approx(1)


def test_a_run_says_how_complete_its_week_was(units, analyst):
    with override("en"):
        (result,) = rising_signals(analyst, SignalQuestion(units["B"], WEEK, AS_OF))
    assert result.caveat_facts.share_reported == pytest.approx(0.75)
    sentences = {caveat.key: caveat.sentence for caveat in result.caveats}
    assert sentences["reports_come_late"].startswith("About 75% of the week's incidents had been")


def test_a_run_of_a_complete_week_says_nothing_about_delays(units, analyst):
    (result,) = rising_signals(analyst, SignalQuestion(units["B"], weeks_before(4), AS_OF))
    assert result.caveat_facts.share_reported == 1
    assert "reports_come_late" not in {caveat.key for caveat in result.caveats}


def test_a_smaller_series_is_corrected_by_the_delays_of_all(units, analyst):
    found = delay_of(analyst, units["B"], so_far={WEEK: 6.0})
    assert found.weeks[-1].reported == 6
    assert found.weeks[-1].corrected == pytest.approx(8)
    assert found.weeks[-2].reported == 0


def test_a_history_imported_at_once_says_nothing_about_delays(units, analyst):
    happen(units["B-1"], *map(weeks_before, range(1, WEEKS_KNOWN)), number=2, recorded_on=WEEK)
    Incident.objects.filter(unit=units["B-1"]).update(source="archive")
    found = delay_of(analyst, units["B"])
    # And those of the first two weeks, when hand entry began.
    assert found.without_delay == 2 * 23 + 2 * 4
    assert found.share_on(WEEK) == pytest.approx(0.75)
    assert "recorded_at_once" in keys(found)


def test_where_all_was_imported_the_delay_is_not_known(units, analyst):
    early = AS_OF - dt.timedelta(days=1)
    Incident.objects.update(recorded_at=early, revised_at=early)
    found = delay_of(analyst, units["B"])
    assert (found.weeks, found.cases) == ((), 0)
    assert found.share_on(WEEK) is None
    assert "delay_not_known" in keys(found)


def test_a_young_register_says_how_far_its_delays_reach(units, analyst):
    found = delay_of(analyst, units["B"], as_of=AS_OF - dt.timedelta(weeks=WEEKS_KNOWN - 9))
    assert len(found.weeks) < 12
    assert "young" in keys(found)
    assert found.share_on(weeks_before(WEEKS_KNOWN)) is None


def test_incidents_recorded_months_later_are_named_and_left_out(units, analyst):
    happen(units["B-2"], weeks_before(18), number=2, recorded_on=WEEK)
    found = delay_of(analyst, units["B"])
    assert found.recorded_later == 2
    assert "recorded_later" in keys(found)


def test_delays_come_from_the_units_that_the_reader_may_see(units, analyst):
    officer = make_user("officer", Role.SAFETY_OFFICER, units["B-1"])
    found = delay_of(officer, units["B-1"])
    assert found.share_on(WEEK) == pytest.approx(1)
    with pytest.raises(QuestionError, match="does not let you see signals"):
        delay_of(officer, units["B"])


def test_reports_of_the_future_are_not_known_and_a_future_moment_is_now(units, analyst):
    found = delay_of(analyst, units["B"], as_of=AS_OF + dt.timedelta(days=36500))
    assert found.provenance.as_of < AS_OF + dt.timedelta(days=36500)
    assert found.weeks == ()
