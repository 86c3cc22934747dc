"""Incidents recorded directly: numbered, classed, all of them or none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import Incident, InvolvedPerson
from qorgau.records.incidents.services import (
    IncidentDraft,
    InjuryDraft,
    InvolvedDraft,
    record_incidents,
)
from tests.world import OCCURRED, World, make_world
from tests.writers import at_once

pytestmark = pytest.mark.django_db


def draft(world: World, year: int = 2023, **more: Any) -> IncidentDraft:
    return IncidentDraft("injury", world.company, dt.datetime(year, 6, 1, 7, tzinfo=dt.UTC), **more)


def numbers(*drafts: IncidentDraft) -> list[str]:
    made = record_incidents(drafts=drafts, acting_user=None)
    return [incident.number for incident in made]


def test_numbers_run_on_within_the_year_of_the_event(world: World) -> None:
    assert numbers(draft(world), draft(world, 2022), draft(world)) == [
        "2023-000001",
        "2022-000001",
        "2023-000002",
    ]
    assert numbers(draft(world)) == ["2023-000003"]


def test_the_year_of_a_number_is_that_of_the_place(world: World) -> None:
    # 20:00 on New Year's Eve in Greenwich is the next year in Almaty.
    eve = replace(draft(world), occurred_at=dt.datetime(2022, 12, 31, 20, tzinfo=dt.UTC))
    assert numbers(eve) == ["2023-000001"]


def test_writers_at_once_never_share_a_number(several_writers: None) -> None:
    world = make_world()

    def record_five() -> list[str]:
        return [numbers(draft(world))[0] for _turn in range(5)]

    given = [number for part in at_once(*[record_five] * 3) for number in part]
    assert sorted(given) == [f"2023-{n:06d}" for n in range(1, 16)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": {"cause": "gremlins"}},
        {"fields": {"latitude": 200.0}},
        {"involved": (InvolvedDraft(role="hero"),)},
        {"involved": (InvolvedDraft(injuries=(InjuryDraft(outcome="annoyed"),)),)},
        {"involved": (InvolvedDraft(injuries=(InjuryDraft(days_away=-1),)),)},
    ],
)
def test_one_wrong_draft_and_none_is_recorded(world: World, wrong: dict[str, Any]) -> None:
    before = (Incident.objects.count(), JournalEntry.objects.count())
    people = InvolvedPerson.objects.count()
    with pytest.raises(ValidationError):
        record_incidents(drafts=[draft(world), draft(world, **wrong)], acting_user=None)
    assert (Incident.objects.count(), JournalEntry.objects.count()) == before
    assert InvolvedPerson.objects.count() == people
    assert numbers(draft(world)) == ["2023-000001"]


def test_people_and_their_injuries_belong_to_their_incident(world: World) -> None:
    one = InvolvedDraft(injuries=(InjuryDraft(outcome="fatal"), InjuryDraft(days_away=3)))
    other = InvolvedDraft(role="witness")
    first, second = record_incidents(
        drafts=[draft(world, involved=(one, other)), draft(world, involved=(other,))],
        acting_user=None,
    )
    assert [p.injuries.count() for p in first.involved.order_by("pk")] == [2, 0]
    assert [p.injuries.count() for p in second.involved.all()] == [0]
    assert (first.severity_class, second.severity_class) == ("A", "")


def test_no_drafts_leave_no_trace(world: World) -> None:
    rows = JournalEntry.objects.count()
    assert record_incidents(drafts=[], acting_user=None) == []
    assert JournalEntry.objects.count() == rows
    assert Incident.objects.filter(occurred_at=OCCURRED).count() == 1
