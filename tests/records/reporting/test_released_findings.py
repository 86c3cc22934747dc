"""What a reporter is told: released, corrected, withdrawn, and found past all merging."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.services import accept_report, edit_incident, merge_incidents
from qorgau.records.reporting.models import ReleasedFinding
from qorgau.records.reporting.queries import incidents_that_stayed, released_findings
from qorgau.records.reporting.services import (
    release_finding_to_reporter,
    withdraw_released_finding,
)
from tests.world import World

pytestmark = pytest.mark.django_db

TOLD = "The gate is gritted before dawn now."


def tell(world: World, text: str = TOLD, role: Role = Role.SAFETY_OFFICER) -> ReleasedFinding:
    return release_finding_to_reporter(
        incident=world.incident, text=text, acting_user=world.inside[role]
    )


def told(world: World) -> str | None:
    now = released_findings([world.incident]).get(world.incident.pk)
    return now.text if now else None


def test_a_correction_replaces_what_is_told_and_keeps_what_was_told(world: World) -> None:
    tell(world)
    tell(world, "  It is gritted at six.  ")
    assert told(world) == "It is gritted at six."
    both = ReleasedFinding.objects.order_by("released_at").values_list("text", flat=True)
    assert list(both) == [TOLD, "It is gritted at six."]


def test_withdrawn_it_is_told_no_longer_and_may_be_told_again(world: World) -> None:
    tell(world)
    officer = world.inside[Role.SAFETY_OFFICER]
    withdraw_released_finding(
        incident=world.incident, reason="It named the guard.", acting_user=officer
    )
    assert told(world) is None
    assert ReleasedFinding.objects.get().withdrawal_reason == "It named the guard."
    with pytest.raises(ValidationError, match="No finding is released"):
        withdraw_released_finding(incident=world.incident, reason="Again.", acting_user=officer)
    tell(world)
    assert told(world) == TOLD


def test_the_journal_says_that_and_by_whom_but_not_what(world: World) -> None:
    tell(world)
    entry = JournalEntry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.subject_uuid) == (
        "reporting.finding_released",
        world.incident.uuid,
    )
    assert TOLD not in str(entry.details)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_not_told(world: World, text: str) -> None:
    with pytest.raises(ValidationError, match="at least one sentence"):
        tell(world, text)


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_edit_the_incident_tells(world: World, role: str) -> None:
    if Capability.EDIT_INCIDENTS in CAPABILITIES[role]:
        tell(world, role=Role(role))
    else:
        with pytest.raises(PermissionDenied):
            tell(world, role=Role(role))
    with pytest.raises(PermissionDenied):
        release_finding_to_reporter(
            incident=world.incident, text=TOLD, acting_user=world.outside[role]
        )


def test_who_may_not_read_an_incident_does_not_tell_of_it(world: World) -> None:
    edit_incident(
        incident=world.incident,
        changes={"confidentiality": Confidentiality.MEDICAL},
        acting_user=None,
    )
    with pytest.raises(PermissionDenied):
        tell(world)


def test_it_is_found_past_all_merging(world: World) -> None:
    incident = accept_report(report=world.report, acting_user=None)
    tell(world)
    merge_incidents(incident=incident, into=world.incident, acting_user=None)
    world.report.refresh_from_db()
    stayed = incidents_that_stayed([world.report])
    assert stayed == {world.report.pk: world.incident}
    with pytest.raises(ValidationError, match="was merged"):
        release_finding_to_reporter(incident=incident, text=TOLD, acting_user=None)
