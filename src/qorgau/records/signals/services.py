"""Writes to detection runs and signals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.optimistic_locking import require_version
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.authority import require
from qorgau.records.people.models import Unit
from qorgau.records.signals import rules
from qorgau.records.signals.choices import CountedIncidents, SignalState
from qorgau.records.signals.history import DetectionRecorded, SignalTriaged
from qorgau.records.signals.models import DetectionRun, Signal


@dataclass(frozen=True)
class RiseRecord:
    """A series with a count above its bound in the week of the run."""

    unit_id: int
    measure: str
    observed: float
    expected: float
    upper_bound: float
    p_value: float | None = None
    score: float | None = None
    is_synthetic: bool = False


@dataclass(frozen=True)
class RunRecord:
    """How the run was done."""

    unit: Unit
    week_start: dt.date
    as_of: dt.datetime
    method: str
    method_version: str
    series_tested: int
    series_untested: int = 0
    counted: str = CountedIncidents.ALL
    parameters: dict[str, Any] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


@one_transaction
def record_detection_run(
    *, record: RunRecord, rises: Sequence[RiseRecord], acting_user: User | None
) -> DetectionRun:
    """Store a run; each rise makes a signal or carries on the one of the same event."""
    units = (record.unit.pk, *(rise.unit_id for rise in rises))
    require(acting_user, Capability.RUN_DETECTION, *units)
    run = DetectionRun.objects.create(
        unit=record.unit,
        week_start=record.week_start,
        as_of=record.as_of,
        method=record.method,
        method_version=record.method_version,
        parameters=record.parameters,
        caveats=list(record.caveats),
        series_tested=record.series_tested,
        series_untested=record.series_untested,
        counted=record.counted,
        run_by=acting_user,
        finished_at=clock.now(),
    )
    made = sum(_make_or_carry_on(run, rise) for rise in rises)
    append_entry(
        DetectionRecorded(
            record.unit.code, record.week_start, record.method, rises=len(rises), new_signals=made
        ),
        subject=run.uuid,
        acting_user=acting_user,
    )
    return run


def _make_or_carry_on(run: DetectionRun, rise: RiseRecord) -> bool:
    """True when a new signal was made."""
    figures = {
        "observed": rise.observed,
        "expected": rise.expected,
        "upper_bound": rise.upper_bound,
        "p_value": rise.p_value,
        "score": rise.score,
        "run": run,
        "is_synthetic": rise.is_synthetic,
    }
    before = (
        Signal.objects.filter(
            unit_id=rise.unit_id,
            measure=rise.measure,
            counted=run.counted,
            first_week__lte=run.week_start,
        )
        .order_by("-first_week")
        .first()
    )
    if before and before.first_week <= run.week_start < before.last_week:
        # A past week tested again: its event is known, and figures of a later week stay.
        return False
    if before and rules.continues(before.last_week, run.week_start):
        for name, value in (figures | {"last_week": run.week_start}).items():
            setattr(before, name, value)
        before.version += 1
        before.save()
        return False
    Signal.objects.create(
        unit_id=rise.unit_id,
        measure=rise.measure,
        counted=run.counted,
        first_week=run.week_start,
        last_week=run.week_start,
        **figures,
    )
    return True


@one_transaction
def triage_signal(
    *,
    signal: Signal,
    to: str,
    reason: str,
    acting_user: User,
    seen_version: int | None = None,
) -> Signal:
    """A person says what the signal is, and why."""
    signal = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    require(acting_user, Capability.TRIAGE_SIGNALS, signal.unit_id)
    require_version(seen=seen_version, current=signal.version)
    if not rules.may_move(signal.state, to):
        raise ValidationError(
            _("This signal is now “%(state)s”, so you can no longer do this. Reload the page."),
            params={"state": signal.get_state_display()},
        )
    if to != SignalState.UNDER_INVESTIGATION and not reason.strip():
        raise ValidationError(
            {"reason": _("Give the reason. People who look at this later will need it.")}
        )
    signal.state, signal.reason = to, reason.strip()
    signal.triaged_by, signal.triaged_at = acting_user, clock.now()
    signal.version += 1
    signal.full_clean()
    signal.save()
    append_entry(SignalTriaged(to, signal.reason), subject=signal.uuid, acting_user=acting_user)
    _decide_alike(signal, acting_user)
    return signal


def _decide_alike(decided: Signal, acting_user: User) -> None:
    """The same event in the other kind of counts is decided too, without the reason.

    Those who see the other one learn that it was looked at; the reason may name what is
    confidential.
    """
    alike = (
        Signal.objects.select_for_update()
        .filter(
            unit_id=decided.unit_id,
            measure=decided.measure,
            first_week__lte=decided.last_week,
            last_week__gte=decided.first_week,
        )
        .exclude(counted=decided.counted)
    )
    for signal in alike.order_by("pk"):
        signal.state, signal.reason = decided.state, ""
        signal.triaged_by, signal.triaged_at = decided.triaged_by, decided.triaged_at
        signal.version += 1
        signal.save()
        append_entry(SignalTriaged(signal.state), subject=signal.uuid, acting_user=acting_user)
