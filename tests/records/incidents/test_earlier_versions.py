"""Earlier versions are what the register said, to those who may read that version."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.earlier_versions import (
    Version,
    present_version,
    version_after,
    versions_shown_to,
)
from qorgau.records.incidents.models import Incident, IncidentRevision
from qorgau.records.incidents.queries import revisions_visible_to
from qorgau.records.incidents.services import (
    add_involved_person,
    edit_incident,
    merge_incidents,
)
from qorgau.records.people.services import grant_role
from tests.records.further_calls import other_values
from tests.world import FAMILY_NAME, MEDICAL_CODE, World

pytestmark = pytest.mark.django_db


def edit(incident: Incident, **changes: object) -> Incident:
    return edit_incident(incident=incident, changes=changes, acting_user=None)


def versions(user: User, incident: Incident) -> list[Version]:
    incident.refresh_from_db()
    return versions_shown_to(user, incident, revisions_visible_to(user, incident))


def differences(user: User, incident: Incident) -> list[list[str]]:
    """Of every earlier version, what was changed then; the newest first."""
    rows = list(revisions_visible_to(user, incident))
    shown = versions_shown_to(user, incident, rows)
    following = [version_after(user, incident, row) for row in rows]
    return [then.differing_from(later) for then, later in zip(shown, following, strict=True)]


@pytest.fixture
def officer(world: World) -> User:
    return world.inside[Role.SAFETY_OFFICER]


def test_every_field_comes_back_as_it_was(world: World, officer: User) -> None:
    """Then by field in turn, so that each has a value worth keeping."""
    values = other_values(world)
    values.pop("confidentiality")
    incident = world.incident
    before = [Incident.objects.get(pk=incident.pk)]
    for name, value in values.items():
        edit(incident, **{name: value})
        before.append(Incident.objects.get(pk=incident.pk))
    grant_role(user=officer, role=Role.SAFETY_OFFICER, unit=world.brigade, acting_user=None)
    kept = versions(officer, incident)[::-1]
    assert len(kept) == len(values)
    for then, version in zip(before, kept, strict=False):
        asked = Version(then, version.involved, version.valid_from)
        assert version.differing_from(asked) == []
        assert version.incident.unit == then.unit
        assert version.incident.occurred_on == then.occurred_on


def test_what_was_changed_is_what_differs_from_the_next_version(
    world: World, officer: User
) -> None:
    edit(world.incident, narrative="Slipped by the gate.", cause="fall.height")
    edit(world.incident, place="The gate")
    add_involved_person(incident=world.incident, acting_user=None, role="witness")
    merge_incidents(incident=world.incident, into=world.incident_again(), acting_user=None)
    world.incident.refresh_from_db()
    assert differences(officer, world.incident) == [
        ["state", "merged_into"],
        ["involved"],
        ["place"],
        ["narrative", "cause"],
    ]


def test_versions_follow_each_other_without_a_gap(world: World, officer: User) -> None:
    for place in ("A", "B", "C"):
        edit(world.incident, place=place)
    world.incident.refresh_from_db()
    found = [present_version(officer, world.incident), *versions(officer, world.incident)]
    assert [version.incident.version for version in found] == [4, 3, 2, 1]
    assert [version.valid_until for version in found[1:]] == [v.valid_from for v in found[:-1]]


def test_a_version_has_its_own_confidentiality(world: World) -> None:
    """Medical for a while: whoever opens what is plain reads neither it nor what it changed to."""
    incident = edit(world.incident, confidentiality="medical", narrative="A heart attack.")
    edit(incident, confidentiality="plain", narrative="He fell ill.")
    told = {
        role: [v.incident.narrative for v in versions(world.inside[role], incident)]
        for role in (Role.COMMANDER, Role.MEDICAL_OFFICER)
    }
    assert told[Role.COMMANDER] == [world.incident.narrative]
    assert told[Role.MEDICAL_OFFICER] == ["A heart attack.", world.incident.narrative]
    incident.refresh_from_db()
    assert differences(world.inside[Role.COMMANDER], incident) == [["narrative"]]


def test_a_version_has_its_own_unit(world: World) -> None:
    incident = edit(world.incident, unit=world.other_battalion)
    assert [v.incident.unit for v in versions(world.inside[Role.COMMANDER], incident)] == [
        world.company
    ]
    assert versions(world.outside[Role.COMMANDER], incident) == []


@pytest.mark.parametrize(
    ("role", "people", "injuries"),
    [
        (Role.MEDICAL_OFFICER, True, True),
        (Role.SAFETY_OFFICER, True, False),
        (Role.COMMANDER, False, False),
    ],
)
def test_people_and_injuries_as_far_as_the_role_opens(
    world: World, role: Role, people: bool, injuries: bool
) -> None:
    incident = edit(world.incident, place="The gate")
    (version,) = versions(world.inside[role], incident)
    assert version.involved.hurt == 1
    told = version.involved.people
    assert [somebody.involved.person.code for somebody in told] == ["P-1"] * people
    assert [s.identity.family_name for s in told if s.identity] == [FAMILY_NAME] * people
    assert [i.icd_code for s in told for i in s.injuries] == [MEDICAL_CODE] * injuries


def test_who_was_involved_does_not_differ_when_only_the_place_does(world: World) -> None:
    incident = edit(world.incident, place="The gate")
    assert differences(world.inside[Role.MEDICAL_OFFICER], incident) == [["place"]]


def test_a_register_of_before_gets_the_version_before_a_merge(world: World) -> None:
    """The same that the merge keeps today: read from the journal and the merged incident."""
    merge_incidents(incident=world.incident, into=world.incident_again(), acting_user=None)
    kept = world.incident.revisions.get()
    IncidentRevision.objects.all().delete()
    migration = import_module("qorgau.records.incidents.migrations.0009_revisions")
    migration._keep_states_before_merges(apps)
    found = world.incident.revisions.get()
    columns = {field.attname for field in IncidentRevision._meta.concrete_fields} - {"id", "salt"}
    assert {name: getattr(found, name) for name in columns} == {
        name: getattr(kept, name) for name in columns
    }
