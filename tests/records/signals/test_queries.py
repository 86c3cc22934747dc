"""Signals and runs are read by role and unit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.records.signals import queries
from qorgau.records.signals.services import triage_signal
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_the_signals_of_its_own_unit_if_it_may(world: World, role: str) -> None:
    may_read = Capability.SEE_SIGNALS in CAPABILITIES[role]
    inside, outside = world.inside[role], world.outside[role]
    assert list(queries.signals_visible_to(inside)) == ([world.signal] if may_read else [])
    assert list(queries.runs_visible_to(inside)) == ([world.run] if may_read else [])
    may_decide = Capability.TRIAGE_SIGNALS in CAPABILITIES[role]
    to_decide = queries.signals_visible_to(inside, Capability.TRIAGE_SIGNALS)
    assert list(to_decide) == ([world.signal] if may_decide else [])
    assert not queries.signals_visible_to(outside)
    assert not queries.runs_visible_to(outside)


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
