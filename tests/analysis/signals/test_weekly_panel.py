"""Weekly counts rolled up along the unit tree and the cause tree."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from qorgau.analysis.figures.measures import ALL_MEASURES
from qorgau.analysis.signals.weekly_panel import PanelQuestion, RegisterPanel, weekly_panel
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import merge_incidents
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Unit
from qorgau.records.people.rules import Span
from qorgau.records.people.services import UnitDraft, create_units, report_strength, revise_unit
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register

FIRST = weeks_before(9)
DAY = dt.timedelta(days=1)


@shared_register
def units() -> dict[str, Unit]:
    made = make_units()
    happen(made["B"], FIRST, kind="hazard")
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def panel(user: User, unit: Unit, **more: object) -> RegisterPanel:
    tested = Span(WEEK, WEEK + dt.timedelta(weeks=1))
    return weekly_panel(user, PanelQuestion(unit, FIRST, tested, **more))


def column(found: RegisterPanel, unit: Unit, measure: str) -> np.ndarray:
    return found.counts[:, found.series.index(Series(unit.pk, measure))]


def test_an_incident_counts_for_every_unit_above_and_every_wider_cause(units, analyst):
    happen(units["B-1-1"], WEEK, number=2)
    happen(units["B-1-1"], weeks_before(3) + 6 * DAY)
    happen(units["B-2"], WEEK + 6 * DAY, cause="fall.height")
    happen(units["B-2"], WEEK + 7 * DAY)
    found = panel(analyst, units["B"])
    assert column(found, units["B-1-1"], "injury:fall.same_level").tolist() == [0] * 6 + [
        1,
        0,
        0,
        2,
    ]
    assert column(found, units["B-1"], "injury:fall").tolist() == [0] * 6 + [1, 0, 0, 2]
    assert column(found, units["B"], "injury:fall").tolist() == [0] * 6 + [1, 0, 0, 3]
    assert column(found, units["B"], "injury:fall.height")[-1] == 1
    assert column(found, units["B"], "injury")[-1] == 3
    assert Series(units["B-1"].pk, "injury:fall.height") not in found.series
    assert found.mondays[-1].astype(object) == WEEK


def test_only_series_with_enough_cases_in_the_tested_weeks_are_laid_out(units, analyst):
    happen(units["B-1-1"], WEEK, number=2)
    happen(units["B-2"], weeks_before(1), number=9)
    found = panel(analyst, units["B"], least_cases=2)
    assert {one.unit_id for one in found.series} == {
        units[code].pk for code in ("B", "B-1", "B-1-1")
    }
    assert panel(analyst, units["B"], least_cases=3).series == ()


def test_every_pair_has_its_cases_before_each_tested_week(units, analyst):
    happen(units["B-1-1"], weeks_before(5), weeks_before(1), WEEK)
    happen(units["B-2"], weeks_before(3), number=2)
    tested = Span(weeks_before(1), WEEK + dt.timedelta(weeks=1))
    question = PanelQuestion(units["B"], weeks_before(5), tested, history_begins=weeks_before(5))
    history = weekly_panel(analyst, question).history
    injuries = history.measures == ALL_MEASURES.index("injury")
    cases = dict(zip(history.units[injuries], history.cases[:, injuries].T.tolist(), strict=True))
    # The four weeks before each tested one.
    assert cases == {
        units["B"].pk: [3, 3],
        units["B-1"].pk: [1, 1],
        units["B-1-1"].pk: [1, 1],
        units["B-2"].pk: [2, 2],
    }
    assert ALL_MEASURES.index("hazard") not in history.measures


def test_one_series_can_be_laid_out_whatever_it_had(units, analyst):
    happen(units["B-1-1"], weeks_before(2))
    only = Series(units["B-1"].pk, "injury")
    found = panel(analyst, units["B-1"], only=only, history_begins=FIRST)
    assert found.series == (only,)
    assert found.counts[:, 0].tolist() == [0] * 7 + [1, 0, 0]


def test_a_company_counts_where_it_was_on_each_day(units, analyst):
    moved_on = WEEK + 3 * DAY
    revise_unit(unit=units["B-1-1"], on=moved_on, parent=units["B-2"], acting_user=None)
    happen(units["B-1-1"], WEEK + 2 * DAY)
    happen(units["B-1-1"], moved_on, number=4)
    happen(units["B-1-1"], weeks_before(1))
    found = panel(analyst, units["B"])
    assert column(found, units["B-1"], "injury")[-2:].tolist() == [1, 1]
    assert column(found, units["B-2"], "injury")[-2:].tolist() == [0, 4]
    assert column(found, units["B-1-1"], "injury")[-2:].tolist() == [1, 5]


def test_weeks_before_a_unit_or_the_register_began_are_missing(units, analyst):
    opened = weeks_before(4) + DAY
    drafts = [UnitDraft("B-3", opened, {"en": "New"}, "B")]
    organisation = units["B"].organisation
    new = create_units(organisation=organisation, drafts=drafts, acting_user=None)[0]
    happen(new, WEEK)
    found = panel(analyst, units["B"])
    of_new = column(found, new, "injury")
    assert np.isnan(of_new).tolist() == [True] * 6 + [False] * 4
    assert not np.isnan(column(found, units["B"], "injury")).any()
    late = panel(analyst, units["B"], history_begins=weeks_before(2))
    assert np.isnan(column(late, units["B"], "injury")).sum() == 7


def test_the_register_as_it_was(units, analyst):
    happen(units["B-1"], WEEK)
    happen(units["B-1"], WEEK, recorded_on=WEEK + 20 * DAY)
    then = dt.datetime.combine(WEEK + 10 * DAY, dt.time(12), tzinfo=dt.UTC)
    assert column(panel(analyst, units["B"]), units["B"], "injury")[-1] == 2
    assert column(panel(analyst, units["B"], as_of=then), units["B"], "injury")[-1] == 1


def test_what_was_merged_counts_once(units, analyst):
    happen(units["B-1"], WEEK, number=2)
    twice = Incident.objects.filter(unit=units["B-1"]).order_by("id")
    merge_incidents(incident=twice[1], into=twice[0], acting_user=None)
    assert column(panel(analyst, units["B"]), units["B"], "injury")[-1] == 1


def test_a_user_counts_only_what_they_may_see(units, analyst):
    happen(units["B-1"], WEEK)
    happen(units["B-2"], WEEK)
    officer = make_user("officer", Role.SAFETY_OFFICER, units["B-1"])
    found = panel(officer, units["B"])
    assert {one.unit_id for one in found.series} == {units["B-1"].pk}
    assert found.counts[-1].tolist() == [1, 1, 1]


def test_person_time_is_rolled_up_and_missing_where_any_week_lacks_it(units, analyst):
    for code, strength, until in (("B-1", 100, 60), ("B-1-1", 30, 60), ("B-2", 50, 20)):
        report_strength(
            unit=units[code],
            category=Category.ALL,
            valid_from=FIRST,
            valid_until=FIRST + until * DAY if code == "B-2" else WEEK + until * DAY,
            strength=strength,
            acting_user=None,
        )
    happen(units["B-1-1"], WEEK)
    happen(units["B-2"], WEEK)
    found = panel(analyst, units["B"])
    place = found.series.index
    days = found.person_days
    assert (days[:, place(Series(units["B-1"].pk, "injury"))] == 130 * 7).all()
    assert (days[:, place(Series(units["B-1-1"].pk, "injury"))] == 30 * 7).all()
    assert np.isnan(days[:, place(Series(units["B-2"].pk, "injury"))]).all()
    assert days[0, place(Series(units["B"].pk, "injury"))] == 180 * 7
    assert days[-1, place(Series(units["B"].pk, "injury"))] == 130 * 7


def test_an_empty_register_gives_an_empty_panel(db):
    units = make_units()
    analyst = make_user("analyst", Role.ANALYST, units["B"])
    found = panel(analyst, units["B"])
    assert found.series == ()
    assert found.counts.shape == (10, 0)
