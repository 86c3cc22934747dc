"""Rates of a unit's subtree from the register, as a user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.utils.translation import override
from numpy.testing import assert_allclose

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.question import RateQuestion, default_period
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.identity.services import create_user
from qorgau.methods.rates import crude_rate
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.services import (
    IncidentDraft,
    InjuryDraft,
    InvolvedDraft,
    merge_incidents,
    record_incidents,
)
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Unit
from qorgau.records.people.services import (
    UnitDraft,
    create_organisation,
    create_units,
    grant_role,
    report_strength,
    revise_unit,
)
from tests.shared_registers import shared_register

OPENED = dt.date(2022, 1, 1)
FIRST, LAST = dt.date(2023, 1, 1), dt.date(2023, 12, 31)
TREE = [("R", None), ("R-1", "R"), ("R-2", "R"), ("R-1-A", "R-1"), ("R-1-B", "R-1")]


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@shared_register
def units() -> dict[str, Unit]:
    """A regiment: conscripts in two companies and one battalion, officers in its staff."""
    organisation = create_organisation(code="F", names={"en": "Force"}, acting_user=None)
    drafts = [UnitDraft(code, OPENED, {"en": f"Unit {code}"}, parent) for code, parent in TREE]
    made = create_units(organisation=organisation, drafts=drafts, acting_user=None)
    by_code = {unit.code: unit for unit in made}
    for code, category, strength in [
        ("R", Category.OFFICER, 20),
        ("R-2", Category.CONSCRIPT, 400),
        ("R-1-A", Category.CONSCRIPT, 100),
        ("R-1-B", Category.CONSCRIPT, 150),
    ]:
        report_strength(
            unit=by_code[code],
            category=category,
            valid_from=OPENED,
            valid_until=dt.date(2024, 1, 1),
            strength=strength,
            acting_user=None,
        )
    return by_code


def make_user(username: str, role: str, unit: Unit) -> User:
    user = create_user(username=username, password="not signed in with", acting_user=None)
    grant_role(user=user, role=role, unit=unit, acting_user=None)
    return user


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["R"])


def moment(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T09:00:00+00:00")


def hurt(
    unit: Unit,
    day: str,
    *,
    number: int = 1,
    kind: str = Kind.INJURY,
    category: str = Category.CONSCRIPT,
    injury: InjuryDraft | None = None,
    recorded_on: str | None = None,
    **fields: object,
) -> Sequence[object]:
    person = InvolvedDraft(injuries=(injury,) if injury else (), fields={"category": category})
    draft = IncidentDraft(kind, unit, moment(day), involved=(person,), fields=fields)
    return record_incidents(
        drafts=[draft] * number,
        acting_user=None,
        recorded_at=moment(recorded_on or day),
    )


def question(unit: Unit, **conditions: object) -> RateQuestion:
    return RateQuestion(unit=unit, first_day=FIRST, last_day=LAST, **conditions)


def test_the_headline_is_incidents_below_the_unit_over_the_person_time_below_it(units, analyst):
    hurt(units["R-1-A"], "2023-02-10", number=6)
    hurt(units["R-2"], "2023-07-01", number=3)
    hurt(units["R"], "2023-12-31")
    hurt(units["R"], "2022-12-31")
    hurt(units["R"], "2024-01-01")
    result = injury_rates(analyst, question(units["R"]))
    person_years = 670 * 365 / 365.25
    expected = crude_rate(10, person_years, per=1000)
    assert result.overall.cases == 10
    assert result.overall.exposure == pytest.approx(person_years)
    assert_allclose(
        [result.overall.rate, result.overall.lower, result.overall.upper],
        [expected.rate, expected.lower, expected.upper],
    )
    assert result.unit_name == "Unit R"
    assert result.denominator_key == "per_1000_person_years"
    assert result.exposure_unit == "person_years"


def test_months_add_up_to_the_whole(units, analyst):
    hurt(units["R-1-A"], "2023-02-10", number=6)
    hurt(units["R-2"], "2023-02-28", number=2)
    hurt(units["R-2"], "2023-12-31")
    result = injury_rates(analyst, question(units["R"]))
    assert [month.figure.cases for month in result.months] == [0, 8, *[0] * 9, 1]
    assert sum(m.figure.person_days for m in result.months) == result.overall.person_days
    assert result.months[1].starts_on == dt.date(2023, 2, 1)


def test_a_period_that_begins_within_a_month_counts_from_that_day(units, analyst):
    hurt(units["R-2"], "2023-02-10")
    hurt(units["R-2"], "2023-02-20")
    wanted = replace(question(units["R"]), first_day=dt.date(2023, 2, 15))
    months = injury_rates(analyst, wanted).months
    assert months[0].starts_on == dt.date(2023, 2, 15)
    assert months[0].figure.cases == 1
    assert months[0].figure.person_days == 670 * 14


def test_sub_units_and_the_rest_add_up_to_the_whole(units, analyst):
    hurt(units["R-1-A"], "2023-02-10", number=30)
    hurt(units["R-1"], "2023-03-10")
    hurt(units["R-2"], "2023-04-10", number=10)
    hurt(units["R"], "2023-05-10", number=2)
    result = injury_rates(analyst, question(units["R"]))
    by_code = {unit.code: unit for unit in result.comparison.units}
    assert {code: unit.figure.cases for code, unit in by_code.items()} == {"R-1": 31, "R-2": 10}
    assert by_code["R-1"].figure.person_days == 250 * 365
    assert by_code["R-1"].name == "Unit R-1"
    assert result.elsewhere.cases == 2
    assert result.elsewhere.person_days == 20 * 365
    assert by_code["R-1"].position == "above_998"
    assert by_code["R-2"].position.startswith("below")
    assert by_code["R-1"].shrunk_rate < by_code["R-1"].figure.rate
    assert_allclose(result.comparison.pooled_rate, 41 / (650 * 365 / 365.25) * 1000)


def test_deeper_sub_units_can_be_compared(units, analyst):
    hurt(units["R-1-A"], "2023-02-10", number=4)
    hurt(units["R-1-B"], "2023-02-10", number=5)
    result = injury_rates(analyst, question(units["R"], depth=2))
    assert [u.code for u in result.comparison.units] == ["R-1-A", "R-1-B"]
    assert [u.figure.cases for u in result.comparison.units] == [4, 5]


def test_a_company_that_moved_counts_where_it_was_on_each_day(units, analyst):
    revise_unit(unit=units["R-1-B"], on=dt.date(2023, 7, 1), parent=units["R-2"], acting_user=None)
    hurt(units["R-1-B"], "2023-06-30")
    hurt(units["R-1-B"], "2023-07-01", number=2)
    result = injury_rates(analyst, question(units["R"]))
    figures = {u.code: u.figure for u in result.comparison.units}
    assert (figures["R-1"].cases, figures["R-2"].cases) == (1, 2)
    assert figures["R-1"].person_days == 100 * 365 + 150 * 181
    assert figures["R-2"].person_days == 400 * 365 + 150 * 184


def test_every_kind_has_its_rate_and_the_headline_only_those_of_the_question(units, analyst):
    hurt(units["R-2"], "2023-04-10", number=3)
    hurt(units["R-2"], "2023-04-11", number=7, kind=Kind.NEAR_MISS)
    by_kind = injury_rates(analyst, question(units["R"])).by_kind
    assert {one.kind: one.figure.cases for one in by_kind} == {
        "injury": 3,
        "near_miss": 7,
        "hazard": 0,
        "dangerous_occurrence": 0,
        "illness": 0,
    }
    both = question(units["R"], kinds=(Kind.INJURY, Kind.NEAR_MISS))
    assert injury_rates(analyst, both).overall.cases == 10


def test_a_category_limits_incidents_and_person_time(units, analyst):
    hurt(units["R-2"], "2023-04-10", number=3)
    hurt(units["R"], "2023-04-10", category=Category.OFFICER)
    hurt(units["R"], "2023-04-12", category="", number=2)
    result = injury_rates(analyst, question(units["R"], category=Category.CONSCRIPT))
    assert result.overall.cases == 3
    assert result.overall.person_days == 650 * 365
    sentences = {caveat.key: caveat.sentence for caveat in result.caveats}
    assert sentences["category_not_known"].startswith("2 incidents")


def test_an_accident_that_hurts_several_of_a_category_counts_once(units, analyst):
    people = tuple(InvolvedDraft(fields={"category": Category.CONSCRIPT}) for _ in range(4))
    draft = IncidentDraft(Kind.INJURY, units["R-2"], moment("2023-05-01"), involved=people)
    record_incidents(drafts=[draft], acting_user=None)
    for category in ("", Category.CONSCRIPT):
        result = injury_rates(analyst, question(units["R"], category=category))
        assert result.overall.cases == 1
        assert sum(u.figure.cases for u in result.comparison.units) == 1


def test_a_cause_covers_its_branch_and_no_other(units, analyst):
    hurt(units["R-2"], "2023-04-10", number=2, cause="fall.same_level")
    hurt(units["R-2"], "2023-04-10", cause="fall")
    hurt(units["R-2"], "2023-04-10", cause="fire")
    assert injury_rates(analyst, question(units["R"], cause="fall")).overall.cases == 3
    wanted = question(units["R"], cause="fall.same_level")
    assert injury_rates(analyst, wanted).overall.cases == 2


def test_severity_classes_limit_the_count(units, analyst):
    hurt(units["R-2"], "2023-04-10", injury=InjuryDraft(outcome="fatal"))
    hurt(units["R-2"], "2023-04-10", injury=InjuryDraft(outcome="days_away", days_away=3))
    result = injury_rates(analyst, question(units["R"], severity_classes=("A", "B")))
    assert result.overall.cases == 1


def test_other_denominators_change_the_figures_in_proportion(units, analyst):
    hurt(units["R-2"], "2023-04-10", number=5)
    years = injury_rates(analyst, question(units["R"])).overall
    weeks = injury_rates(analyst, question(units["R"], denominator="per_10000_person_weeks"))
    assert weeks.exposure_unit == "person_weeks"
    assert_allclose(weeks.overall.rate, years.rate / 1000 * 10_000 * 7 / 365.25)


def test_a_past_moment_gives_the_figure_known_then(units, analyst):
    hurt(units["R-2"], "2023-04-10", number=2)
    hurt(units["R-2"], "2023-04-11", recorded_on="2023-09-01")
    then = moment("2023-06-01")
    result = injury_rates(analyst, question(units["R"], as_of=then))
    assert result.overall.cases == 2
    assert result.provenance.as_of == then
    assert result.provenance.last_day == dt.date(2023, 6, 1)
    assert "period_cut" in {caveat.key for caveat in result.caveats}
    assert injury_rates(analyst, question(units["R"])).overall.cases == 3


def test_what_was_merged_counts_once(units, analyst):
    one, other = hurt(units["R-2"], "2023-04-10", number=2)
    officer = make_user("officer", Role.SAFETY_OFFICER, units["R"])
    merge_incidents(incident=other, into=one, acting_user=officer)
    assert injury_rates(analyst, question(units["R"])).overall.cases == 1


def test_without_strength_there_is_a_count_and_no_rate(units, analyst):
    hurt(units["R-2"], "2025-02-10", number=3)
    wanted = replace(
        question(units["R"]), first_day=dt.date(2025, 1, 1), last_day=dt.date(2025, 3, 31)
    )
    result = injury_rates(analyst, wanted)
    assert result.overall.cases == 3
    assert result.overall.rate is None
    keys = [caveat.key for caveat in result.caveats]
    assert "no_person_time" in keys
    assert "units_without_person_time" in keys
    assert "small_count" in keys


def test_months_without_strength_are_named(units, analyst):
    wanted = replace(question(units["R"]), last_day=dt.date(2024, 2, 15))
    result = injury_rates(analyst, wanted)
    sentences = {caveat.key: caveat.sentence for caveat in result.caveats}
    assert sentences["months_without_person_time"].startswith("2 of 14 months")


def test_strength_of_all_categories_together_is_not_the_strength_of_one(units, analyst):
    report_strength(
        unit=units["R-1"],
        category=Category.ALL,
        valid_from=FIRST,
        valid_until=LAST,
        strength=10,
        acting_user=None,
    )
    result = injury_rates(analyst, question(units["R"], category=Category.CONSCRIPT))
    assert "category_not_reported" in {caveat.key for caveat in result.caveats}
    assert result.overall.person_days == 650 * 365


def test_synthetic_incidents_mark_the_figures(units, analyst):
    hurt(units["R-2"], "2023-04-10", is_synthetic=True)
    result = injury_rates(analyst, question(units["R"]))
    assert result.provenance.is_synthetic
    assert result.caveats[0].key == "synthetic"
    assert not injury_rates(analyst, question(units["R-1"])).provenance.is_synthetic


def test_somebody_of_another_unit_gets_no_answer(units):
    stranger = make_user("stranger", Role.ANALYST, units["R-1"])
    with pytest.raises(QuestionError, match="does not let you see"):
        injury_rates(stranger, question(units["R"]))
    with pytest.raises(QuestionError, match="does not let you see"):
        injury_rates(stranger, question(units["R-2"]))
    assert injury_rates(stranger, question(units["R-1"])).unit_code == "R-1"


def test_a_role_without_rates_gets_no_answer(units):
    duty_officer = make_user("duty", Role.DUTY_OFFICER, units["R"])
    with pytest.raises(QuestionError):
        injury_rates(duty_officer, question(units["R"]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": dt.date(2022, 12, 31)}, "ends before it begins"),
        ({"first_day": dt.date(9000, 1, 1), "last_day": dt.date(9000, 2, 1)}, "has not begun"),
        ({"denominator": "per_200000_hours"}, "person-time"),
        ({"denominator": "per_head"}, "per_1000_person_years"),
    ],
)
def test_a_question_without_an_answer_is_refused(units, analyst, changes, sentence):
    with pytest.raises(QuestionError, match=sentence):
        injury_rates(analyst, replace(question(units["R"]), **changes))


def test_the_result_holds_the_question(units, analyst):
    wanted = question(units["R"], category=Category.CONSCRIPT, cause="fall")
    result = injury_rates(analyst, wanted)
    assert result.provenance.inputs["unit"] == "R"
    assert result.provenance.inputs["category"] == "conscript"
    assert result.provenance.inputs["cause"] == "fall"
    assert result.provenance.inputs["counted"] == "incidents"
    assert result.provenance.version
    assert "Garwood" in result.provenance.method
    assert (result.provenance.first_day, result.provenance.last_day) == (FIRST, LAST)


def test_more_sub_units_and_incidents_need_no_more_queries(
    units, analyst, django_assert_max_num_queries
):
    hurt(units["R-2"], "2023-04-10")
    with django_assert_max_num_queries(16) as few:
        injury_rates(analyst, question(units["R"]))
    drafts = [UnitDraft(f"R-X{n}", OPENED, {"en": "More"}, "R") for n in range(6)]
    for unit in create_units(organisation=units["R"].organisation, drafts=drafts, acting_user=None):
        hurt(unit, "2023-06-10", number=3)
    with django_assert_max_num_queries(len(few)):
        injury_rates(analyst, question(units["R"]))


@pytest.mark.parametrize(
    ("last_day", "first_day"),
    [
        ("2024-11-23", "2023-12-01"),
        ("2024-12-31", "2024-01-01"),
        ("2024-01-05", "2023-02-01"),
        ("0001-06-01", "0001-01-01"),
    ],
)
def test_the_default_period_is_twelve_calendar_months(last_day, first_day):
    last = dt.date.fromisoformat(last_day)
    assert default_period(last) == (dt.date.fromisoformat(first_day), last)
