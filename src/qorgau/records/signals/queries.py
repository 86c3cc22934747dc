"""Reads of signals and runs, as a user."""

from __future__ import annotations

from django.db.models import QuerySet

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people import queries as people
from qorgau.records.signals.models import DetectionRun, Signal
from qorgau.records.signals.rules import OPEN_STATES


def signals_visible_to(
    user: User, capability: Capability = Capability.SEE_SIGNALS
) -> QuerySet[Signal]:
    return (
        Signal.objects.filter(unit_id__in=people.unit_ids_visible_to(user, capability))
        .select_related("unit", "run")
        .order_by("-last_week", "-id")
    )


def open_signals(user: User) -> QuerySet[Signal]:
    """Signals that nobody has explained or dismissed yet."""
    return signals_visible_to(user).filter(state__in=OPEN_STATES)


def runs_visible_to(user: User) -> QuerySet[DetectionRun]:
    units = people.unit_ids_visible_to(user, Capability.SEE_SIGNALS)
    return DetectionRun.objects.filter(unit_id__in=units).order_by("-week_start", "-id")
