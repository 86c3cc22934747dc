"""Counts as each reader is told them: exact by right, otherwise limits that hold."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Q

from qorgau.analysis.disclosure.counts import CountQuestion, disclosed_counts
from qorgau.analysis.disclosure.plans import make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.analysis.disclosure.series import series_counts
from qorgau.analysis.figures.person_time import months_of
from qorgau.analysis.figures.rate_figures import Count
from qorgau.analysis.figures.sub_units import stays_during
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability, Role
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import edit_incident
from qorgau.records.people.rules import Span
from qorgau.records.people.services import UnitDraft, create_units
from qorgau.records.publication.models import Publication, PublicationPlan
from tests.analysis.disclosure.conftest import (
    NEW_YEAR,
    PUBLISHED,
    SMALL,
    Brigade,
    fill,
    record,
)
from tests.how_long import how_many

pytestmark = pytest.mark.django_db

YEAR = Span(dt.date(2024, 1, 1), dt.date(2025, 1, 1))
KINDS = tuple(Kind.values)
TELLING = (Role.COMMANDER, Role.PLANNER, Role.AUDITOR)


def counts(brigade: Brigade, role: str, unit: str = "B", span: Span = YEAR, **conditions: object):
    question = CountQuestion(brigade.units[unit], span, Capability.SEE_RATES, **conditions)
    return disclosed_counts(brigade.readers[role], question)


def total(brigade: Brigade, role: str, unit: str = "B", span: Span = YEAR, **conditions) -> Count:
    return counts(brigade, role, unit, span, **conditions).total(KINDS)


def test_who_may_see_exact_counts_sees_them(brigade: Brigade) -> None:
    assert counts(brigade, Role.ANALYST).is_exact
    assert total(brigade, Role.ANALYST) == Count(100, 100)


def test_others_see_exactly_what_they_may_open_and_a_band_of_the_rest(brigade: Brigade) -> None:
    plain = Incident.objects.filter(confidentiality="plain").count()
    commander, planner = total(brigade, Role.COMMANDER), total(brigade, Role.PLANNER)
    assert plain <= commander.lower <= 100 <= commander.upper
    assert 0 < planner.lower <= 100 <= planner.upper
    one, other = (total(brigade, role, "B-2-2") for role in (Role.PLANNER, Role.COMMANDER))
    assert one.upper - one.lower > other.upper - other.lower > 0


@pytest.mark.parametrize("unit", ["B", "B-1", "B-2-2"][: how_many(2, 3)])
@pytest.mark.parametrize("cause", ["", "fall", "exertion"][: how_many(2, 3)])
def test_the_true_count_is_always_within_the_limits(
    brigade: Brigade, unit: str, cause: str
) -> None:
    for first in how_many((1, 8), range(1, 13)):
        span = Span(dt.date(2024, first, 1), dt.date(2025, 1, 1))
        months = months_of(span)
        truth = counts(brigade, Role.ANALYST, unit, span, cause=cause)
        for role in TELLING:
            told = counts(brigade, role, unit, span, cause=cause)
            for kinds in (KINDS, ("injury",)):
                pairs = [(truth.total(kinds), told.total(kinds))]
                pairs += zip(
                    truth.by_month(months, kinds), told.by_month(months, kinds), strict=True
                )
                for true, band in pairs:
                    assert band.lower <= true.lower <= band.upper


def test_sub_units_and_the_rest_are_told_by_the_same_rule(brigade: Brigade) -> None:
    below = [brigade.units["B-1"].pk]
    stays = stays_during(below, YEAR)
    truth, told = counts(brigade, Role.ANALYST), counts(brigade, Role.COMMANDER)
    for true, band in (
        (truth.by_sub_unit(stays, KINDS)[below[0]], told.by_sub_unit(stays, KINDS)[below[0]]),
        (truth.elsewhere(stays, KINDS), told.elsewhere(stays, KINDS)),
    ):
        assert band.lower <= true.lower <= band.upper
        assert band.cases is None


@pytest.mark.parametrize("role", TELLING)
def test_a_platoon_a_day_and_a_cause_tell_nothing_of_what_is_confidential(
    brigade: Brigade, role: str
) -> None:
    """What a planner learnt before: that a confidential illness happened, and when."""
    hidden = Incident.objects.exclude(confidentiality="plain").first()
    day = Span(hidden.occurred_on, hidden.occurred_on + dt.timedelta(days=1))
    before = counts(brigade, role, hidden.unit.code, day, cause=hidden.cause).total([hidden.kind])
    Incident.objects.filter(pk=hidden.pk).update(occurred_on=dt.date(2024, 12, 31))
    after = counts(brigade, role, hidden.unit.code, day, cause=hidden.cause).total([hidden.kind])
    assert before == after


def test_a_band_is_told_also_where_nothing_is_hidden(empty_brigade: Brigade) -> None:
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=SMALL)
    publish_due(PUBLISHED)
    told = total(empty_brigade, Role.COMMANDER)
    assert told.lower == 0
    assert told.upper > 0


def test_what_was_made_confidential_since_is_protected_in_every_past_state(
    empty_brigade: Brigade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for the register as of a day before learns nothing of what happened to it."""
    record(empty_brigade.units["B-1-1"], dt.date(2024, 3, 4), number=3)
    then = dt.datetime(2024, 3, 10, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2024, 4, 1, tzinfo=dt.UTC))
    hidden, moved, _ = Incident.objects.all()
    edit_incident(incident=hidden, changes={"confidentiality": "medical"}, acting_user=None)
    elsewhere = {"unit": empty_brigade.units["B-2-1"]}
    edit_incident(incident=moved, changes=elsewhere, acting_user=None)
    assert total(empty_brigade, Role.ANALYST, as_of=then) == Count(3, 3)
    assert total(empty_brigade, Role.COMMANDER, as_of=then) == Count(2, None)
    assert total(empty_brigade, Role.COMMANDER) == Count(2, None)
    assert total(empty_brigade, Role.COMMANDER, "B-1", as_of=then) == Count(2, None)
    week = Span(dt.date(2024, 3, 4), dt.date(2024, 3, 11))
    for role, cases in ((Role.COMMANDER, 2), (Role.ANALYST, 3)):
        user, units = empty_brigade.readers[role], [empty_brigade.units["B"]]
        series = series_counts(user, units, Capability.SEE_RATES, as_of=then)
        assert sum(cell.cases for cell in series.cells(units[0], week, Q())) == cases


def test_before_its_publication_a_count_has_no_upper_end(brigade: Brigade) -> None:
    early = dt.datetime(2024, 1, 20, tzinfo=dt.UTC)
    assert total(brigade, Role.PLANNER, as_of=early) == Count(0, None)
    assert total(brigade, Role.PLANNER, span=Span(dt.date(2023, 1, 1), YEAR.end)).upper is None


def test_conditions_that_boxes_do_not_know_leave_an_upper_end_alone(brigade: Brigade) -> None:
    told = total(brigade, Role.PLANNER, severity_classes=("A",))
    assert told.lower == 0
    assert told.upper == total(brigade, Role.PLANNER).upper


def test_a_reader_who_opens_everything_of_a_unit_is_told_the_count(brigade: Brigade) -> None:
    from qorgau.records.people.services import grant_role

    for role in (Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER):
        grant_role(
            user=brigade.readers[Role.PLANNER],
            role=role,
            unit=brigade.units["B-1"],
            valid_from=dt.date(2022, 1, 1),
            acting_user=None,
        )
    assert counts(brigade, Role.PLANNER, "B-1").is_exact
    assert not counts(brigade, Role.PLANNER, "B").is_exact
    assert total(brigade, Role.PLANNER, "B-1") == total(brigade, Role.ANALYST, "B-1")


def test_a_unit_that_was_opened_after_the_plan_counts_with_the_one_above(
    empty_brigade: Brigade,
) -> None:
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=SMALL)
    opened = dt.date(2024, 5, 1)
    new = create_units(
        organisation=empty_brigade.units["B"].organisation,
        drafts=[UnitDraft("B-1-3", opened, {"en": "New"}, "B-1")],
        acting_user=None,
    )[0]
    empty_brigade.units["B-1-3"] = new
    record(new, dt.date(2024, 6, 3), confidentiality="medical", number=40)
    publish_due(PUBLISHED)
    whole = total(empty_brigade, Role.COMMANDER)
    assert whole.lower >= 40
    alone = total(empty_brigade, Role.COMMANDER, "B-1-3")
    assert alone.lower == 0
    assert alone.upper >= 40


def test_the_plan_does_not_depend_on_what_happens(empty_brigade: Brigade) -> None:
    def boxes(year: int) -> list[object]:
        return list(PublicationPlan.objects.filter(year=year).values_list("boxes", flat=True))

    make_plans(2024, made_at=NEW_YEAR, acting_user=None)
    without = boxes(2024)
    PublicationPlan.objects.all().delete()
    fill(empty_brigade)
    make_plans(2024, made_at=NEW_YEAR, acting_user=None)
    assert boxes(2024) == without


def test_late_records_are_restated_once_and_only_if_there_are_enough(
    empty_brigade: Brigade,
) -> None:
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=SMALL)
    unit, other = empty_brigade.units["B-1-1"], empty_brigade.units["B-2-1"]
    for one in (unit, other):
        record(one, dt.date(2024, 3, 4), confidentiality="medical", number=30)
    publish_due(PUBLISHED)
    first = total(empty_brigade, Role.COMMANDER)
    record(unit, dt.date(2024, 3, 4), confidentiality="medical", days_late=400, number=8)
    record(other, dt.date(2024, 3, 4), confidentiality="medical", days_late=400, number=3)
    publish_due(PUBLISHED)
    assert total(empty_brigade, Role.COMMANDER) == first
    publish_due(dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    again = total(empty_brigade, Role.COMMANDER)
    assert again.lower in {first.lower + 8, first.lower + 11}
    made = Publication.objects.count()
    record(unit, dt.date(2024, 3, 4), confidentiality="medical", days_late=900, number=8)
    publish_due(dt.datetime(2027, 3, 1, tzinfo=dt.UTC))
    assert Publication.objects.count() == made
    assert total(empty_brigade, Role.COMMANDER) == again


def test_it_does_not_matter_when_publishing_is_run(brigade: Brigade) -> None:
    known = list(Publication.objects.order_by("pk").values_list("counts", flat=True))
    Publication.objects.all().delete()
    record(brigade.units["B-1-1"], dt.date(2024, 3, 4), days_late=500, number=20)
    publish_due(PUBLISHED)
    assert list(Publication.objects.order_by("pk").values_list("counts", flat=True)) == known
