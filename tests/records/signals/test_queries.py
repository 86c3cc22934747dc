"""Signals and runs are read by role and unit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.signals import queries
from qorgau.records.signals.services import triage_signal
from tests.world import World, find_rise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_the_signals_of_its_own_unit_if_it_may(world: World, role: str) -> None:
    # The signal counts all incidents, which not everyone may know the number of.
    may_read = {Capability.SEE_SIGNALS, Capability.SEE_EXACT_COUNTS} <= CAPABILITIES[role]
    inside, outside = world.inside[role], world.outside[role]
    assert list(queries.signals_visible_to(inside)) == ([world.signal] if may_read else [])
    assert list(queries.runs_visible_to(inside)) == ([world.run] if may_read else [])
    may_decide = Capability.TRIAGE_SIGNALS in CAPABILITIES[role]
    to_decide = queries.signals_visible_to(inside, Capability.TRIAGE_SIGNALS)
    assert list(to_decide) == ([world.signal] if may_decide else [])
    assert not queries.signals_visible_to(outside)
    assert not queries.runs_visible_to(outside)


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.AUDITOR, Role.ANALYST, Role.PLANNER])
def test_who_may_not_see_exact_counts_reads_the_signals_of_what_is_not_confidential(
    world: World, role: str
) -> None:
    run = find_rise(world.battalion, counted="plain")
    reads = Capability.SEE_SIGNALS in CAPABILITIES[role]
    is_exact = Capability.SEE_EXACT_COUNTS in CAPABILITIES[role]
    wanted = {True: [world.run], False: [run] if reads else []}[is_exact]
    assert list(queries.runs_visible_to(world.inside[role])) == wanted
    signals = queries.signals_visible_to(world.inside[role])
    assert [signal.run for signal in signals] == wanted


def test_a_decision_holds_for_the_same_event_in_both_counts_but_its_reason_is_not_told(
    world: World,
) -> None:
    plain = find_rise(world.battalion, counted="plain").signals.get()
    officer = world.inside[Role.SAFETY_OFFICER]
    triage_signal(
        signal=world.signal, to="explained", reason="Three cases of jaundice.", acting_user=officer
    )
    plain.refresh_from_db()
    assert (plain.state, plain.reason, plain.triaged_by) == ("explained", "", officer)
    entry = JournalEntry.objects.get(subject_uuid=plain.uuid)
    assert "jaundice" not in str(entry.details)


def test_a_visitor_reads_none(world: World) -> None:
    assert not queries.signals_visible_to(AnonymousUser())
    assert not queries.runs_visible_to(AnonymousUser())


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("under_investigation", True), ("explained", False), ("dismissed", False)],
)
def test_a_signal_is_open_until_it_is_explained_or_dismissed(
    world: World, state: str, is_open: bool
) -> None:
    officer = world.inside[Role.SAFETY_OFFICER]
    assert list(queries.open_signals(officer)) == [world.signal]
    triage_signal(signal=world.signal, to=state, reason="Known.", acting_user=officer)
    assert bool(queries.open_signals(officer)) is is_open
