"""Reads of signals and runs, as a user."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people import queries as people
from qorgau.records.signals.choices import CountedIncidents
from qorgau.records.signals.models import DetectionRun, Signal
from qorgau.records.signals.rules import OPEN_STATES


def signals_visible_to(
    user: User, capability: Capability = Capability.SEE_SIGNALS
) -> QuerySet[Signal]:
    """Signals of the user's units: of all incidents, or of those that are not confidential.

    Of each unit the user sees one of both, as much as the rights over it allow.
    """
    return (
        Signal.objects.filter(_disclosed_to(user), unit_id__in=_units(user, capability))
        .select_related("unit", "run")
        .order_by("-last_week", "-id")
    )


def signals_of_counts(user: User, counted: str) -> QuerySet[Signal]:
    """Signals of one kind of counts, for a user who may see exact counts of the units."""
    exact = _units(user, Capability.SEE_EXACT_COUNTS)
    if counted == CountedIncidents.PLAIN:
        exact = exact | _units(user, Capability.SEE_INCIDENTS)
    units = _units(user, Capability.SEE_SIGNALS)
    return Signal.objects.filter(counted=counted, unit_id__in=units).filter(unit_id__in=exact)


def open_signals(user: User) -> QuerySet[Signal]:
    """Signals that nobody has explained or dismissed yet."""
    return signals_visible_to(user).filter(state__in=OPEN_STATES)


def runs_visible_to(user: User) -> QuerySet[DetectionRun]:
    units = _units(user, Capability.SEE_SIGNALS)
    runs = DetectionRun.objects.filter(_disclosed_to(user), unit_id__in=units)
    return runs.order_by("-week_start", "-id")


def _disclosed_to(user: User) -> Q:
    """A count of confidential incidents is for those who may see exact counts (decision 0015)."""
    exact = _units(user, Capability.SEE_EXACT_COUNTS)
    opened = _units(user, Capability.SEE_INCIDENTS)
    return Q(counted=CountedIncidents.ALL, unit_id__in=exact) | (
        Q(counted=CountedIncidents.PLAIN, unit_id__in=opened) & ~Q(unit_id__in=exact)
    )


def _units(user: User, capability: Capability) -> QuerySet:
    return people.unit_ids_visible_to(user, capability)
