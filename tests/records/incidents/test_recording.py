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
    recording,
)
from tests.world import OCCURRED, World, make_world
from tests.writers import at_once

pytestmark = pytest.mark.django_db


def draft(world: World, year: int = 2023, **more: Any) -> IncidentDraft:
    return IncidentDraft("injury", world.company, dt.datetime(year, 6, 1, 7, tzinfo=dt.UTC), **more)


def numbers(*drafts: IncidentDraft) -> list[str]:
    made = record_incidents(drafts=drafts, acting_user=None)
    return [incident.number for incident in made]


def test_numbers_are_drawn_at_random_within_the_year_of_the_event(world: World) -> None:
    given = numbers(*[draft(world)] * 20, draft(world, 2022))
    assert len(set(given)) == 21
    assert [number[:5] for number in given] == [*["2023-"] * 20, "2022-"]
    assert all(len(number) == 12 for number in given)
    # A running number would tell how many incidents there are that a reader may not open.
    assert given[:20] != sorted(given[:20])


def test_a_number_that_is_taken_is_drawn_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([1, 1, 2, 1, 2, 3, 3, 4])
    monkeypatch.setattr(recording.secrets, "randbelow", lambda _below: next(drawn))
    assert numbers(draft(world)) == ["2023-0000001"]
    # Both draw what is taken or drawn already, until each has its own.
    assert numbers(draft(world), draft(world)) == ["2023-0000003", "2023-0000002"]


def test_a_number_that_another_writer_takes_meanwhile_is_drawn_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = numbers(draft(world))
    drawn = iter([int(first[5:]), 7])
    monkeypatch.setattr(recording.secrets, "randbelow", lambda _below: next(drawn))
    looked = iter([set(), {first}, set()])
    monkeypatch.setattr(recording, "_taken", lambda _numbers: next(looked))
    assert numbers(draft(world)) == ["2023-0000007"]


def test_the_year_of_a_number_is_that_of_the_place(world: World) -> None:
    # 20:00 on New Year's Eve in Greenwich is the next year in Almaty.
    eve = replace(draft(world), occurred_at=dt.datetime(2022, 12, 31, 20, tzinfo=dt.UTC))
    assert numbers(eve)[0].startswith("2023-")


def test_writers_at_once_never_share_a_number(
    several_writers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    # Few to draw from, so that they meet.
    monkeypatch.setattr(recording.rules, "NUMBERS_A_YEAR", 40)

    def record_five() -> list[str]:
        return [numbers(draft(world))[0] for _turn in range(5)]

    given = [number for part in at_once(*[record_five] * 3) for number in part]
    assert len(set(given)) == 15


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
    assert len(numbers(draft(world))) == 1


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
