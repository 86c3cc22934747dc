"""An answer as of a past moment is the one that was given then, whatever is recorded later.

The register is used at random, and after each step its whole count is noted; in the end every note
must come out again when it is asked for as of its moment.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.choices import Confidentiality, IncidentState, Kind
from qorgau.records.incidents.counted import counted_incidents, injured_people
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import (
    IncidentDraft,
    InvolvedDraft,
    add_involved_person,
    edit_incident,
    merge_incidents,
    record_incidents,
    undo_merge,
)
from qorgau.records.people.rules import Span
from qorgau.records.people.services import grant_role
from tests.how_long import how_many
from tests.world import World

pytestmark = pytest.mark.django_db

BEGINS = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
YEAR = Span(dt.date(2024, 1, 1), dt.date(2025, 1, 1))
COLUMNS = ("unit_id", "occurred_on", "kind", "cause", "severity_class", "state", "confidentiality")
STEPS = ("record", "edit", "move", "hide", "person", "merge", "undo")
CATEGORIES = ("conscript", "officer", "")


@pytest.fixture
def chief(world: World) -> User:
    user = User.objects.create(username="chief")
    grant_role(user=user, role=Role.ANALYST, unit=world.brigade, acting_user=None)
    return user


def whole_count(user: User, world: World, as_of: dt.datetime | None) -> list[Counter]:
    """Everything that counts, by every column, and by the category of those hurt."""
    counted = counted_incidents(user, world.brigade, YEAR, as_of=as_of)
    tables = [counted, *(counted.with_injured(category) for category in CATEGORIES)]
    found = []
    for table in tables:
        cells: Counter = Counter()
        for *cell, cases, _synthetic in table.grouped(*COLUMNS):
            cells[tuple(cell)] += cases
        found.append(cells)
    return found


def take_step(step: str, choice: int, world: World) -> None:
    incidents = list(Incident.objects.exclude(state=IncidentState.MERGED).order_by("pk"))
    merged = list(Incident.objects.filter(state=IncidentState.MERGED).order_by("pk"))
    units = [world.company, world.other_battalion, world.battalion]
    one = incidents[choice % len(incidents)]
    if step == "record":
        people = tuple(
            InvolvedDraft(fields={"category": category}) for category in CATEGORIES[: choice % 3]
        )
        draft = IncidentDraft("injury", units[choice % 3], BEGINS, involved=people)
        record_incidents(drafts=[draft], acting_user=None)
    elif step == "edit":
        changes = {
            "kind": Kind.values[choice % 5],
            "cause": ["fall", "drowning"][choice % 2],
            "occurred_at": BEGINS - dt.timedelta(days=choice),
        }
        edit_incident(incident=one, changes=changes, acting_user=None)
    elif step == "move":
        edit_incident(incident=one, changes={"unit": units[choice % 3]}, acting_user=None)
    elif step == "hide":
        level = Confidentiality.values[choice % 3]
        edit_incident(incident=one, changes={"confidentiality": level}, acting_user=None)
    elif step == "person":
        category = CATEGORIES[choice % 3]
        add_involved_person(incident=one, role="injured", category=category, acting_user=None)
    elif step == "merge" and len(incidents) > 1:
        into = incidents[(choice + 1) % len(incidents)]
        if into != one:
            merge_incidents(incident=one, into=into, acting_user=None)
    elif step == "undo" and merged:
        undo_merge(incident=merged[choice % len(merged)], reason="Two.", acting_user=None)


@settings(
    max_examples=how_many(12, 400),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 20)), min_size=1, max_size=12))
def test_an_answer_as_of_a_moment_never_changes(world, chief, monkeypatch, steps) -> None:
    with transaction.atomic():
        # The incident of the small register is part of the story from its beginning.
        Incident.objects.update(recorded_at=BEGINS, revised_at=BEGINS)
        notes = []
        for number, (step, choice) in enumerate(steps):
            moment = BEGINS + dt.timedelta(days=1 + number)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            take_step(step, choice, world)
            notes.append((moment, whole_count(chief, world, None)))
        for moment, noted in notes:
            assert whole_count(chief, world, moment) == noted
        transaction.set_rollback(True)


def test_the_people_of_a_past_state_are_those_who_were_known_then(
    world: World, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody whose injury was written down later was not known to be hurt."""
    grant_role(user=chief, role=Role.MEDICAL_OFFICER, unit=world.brigade, acting_user=None)
    Incident.objects.update(recorded_at=BEGINS, revised_at=BEGINS)
    other = world.involved.person

    def at(day: int) -> dt.datetime:
        moment = BEGINS + dt.timedelta(days=day)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    def known(as_of: dt.datetime | None) -> list[str | None]:
        return [one.code for one in injured_people(chief, world.brigade, YEAR, as_of=as_of)]

    before = [other.code]
    assert known(None) == before
    at(2)
    add_involved_person(incident=world.incident, role="injured", acting_user=None)
    at(4)
    add_involved_person(incident=world.incident, role="witness", person=other, acting_user=None)
    at(6)
    edit_incident(incident=world.incident, changes={"kind": "illness"}, acting_user=None)
    assert known(BEGINS + dt.timedelta(days=1)) == before
    assert known(BEGINS + dt.timedelta(days=3)) == [other.code, None]
    assert known(BEGINS + dt.timedelta(days=5)) == [other.code, None]
    assert known(None) == []
