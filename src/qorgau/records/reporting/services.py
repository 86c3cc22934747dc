"""Writes of reporting points, and of what reporters are shown.

Nothing that somebody may have read is overwritten.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents.authority import require_incident
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.people.authority import require
from qorgau.records.people.models import Unit
from qorgau.records.places.models import Site
from qorgau.records.reporting.history import (
    FindingReleased,
    FindingWithdrawn,
    ReportingPointMade,
    ReportingPointRestored,
    ReportingPointWithdrawn,
)
from qorgau.records.reporting.models import ReleasedFinding, ReportingPoint


@one_transaction
def release_finding_to_reporter(
    *, incident: Incident, text: str, acting_user: User | None
) -> ReleasedFinding:
    """Tell whoever reported an incident what was decided and done; again corrects it."""
    incident = _locked(incident, acting_user)
    if incident.state == IncidentState.MERGED:
        raise ValidationError(
            _("This incident was merged into another. Release the finding there.")
        )
    if not text.strip():
        raise ValidationError(
            {"text": _("Write what was decided and what was done, in at least one sentence.")}
        )
    now = clock.now()
    is_correction = _end_current(incident, now)
    released = ReleasedFinding(incident=incident, text=text.strip(), released_at=now)
    released.full_clean()
    released.save()
    append_entry(FindingReleased(is_correction), subject=incident.uuid, acting_user=acting_user)
    return released


@one_transaction
def withdraw_released_finding(
    *, incident: Incident, reason: str, acting_user: User | None
) -> Incident:
    """The reporter no longer reads it; what it said, and why it was withdrawn, is kept."""
    incident = _locked(incident, acting_user)
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Give a reason. It is added to the incident's history.")}
        )
    if not _end_current(incident, clock.now(), reason.strip()):
        raise ValidationError(_("No finding is released to the reporter. Reload the page."))
    append_entry(FindingWithdrawn(reason.strip()), subject=incident.uuid, acting_user=acting_user)
    return incident


def _locked(incident: Incident, acting_user: User | None) -> Incident:
    """The incident as stored, if the user may read and edit it."""
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    require_incident(acting_user, Capability.EDIT_INCIDENTS, locked)
    return locked


def _end_current(incident: Incident, at: dt.datetime, reason: str = "") -> bool:
    """End what is released now; whether there was anything."""
    current = ReleasedFinding.objects.filter(incident=incident, ended_at__isnull=True)
    return bool(current.update(ended_at=at, withdrawal_reason=reason))


@one_transaction
def make_reporting_point(
    *, unit: Unit, place: str = "", site: Site | None = None, acting_user: User | None
) -> ReportingPoint:
    """An address for posters, under which the public form begins with this unit and place."""
    require(acting_user, Capability.MANAGE_REPORTING_POINTS, unit.pk)
    point = ReportingPoint(unit=unit, site=site, place=place.strip(), made_at=clock.now())
    point.full_clean()
    point.save()
    append_entry(ReportingPointMade(unit.code), subject=unit.uuid, acting_user=acting_user)
    return point


@one_transaction
def withdraw_reporting_point(*, point: ReportingPoint, acting_user: User | None) -> ReportingPoint:
    """Its address begins with nothing any more; reports sent there arrive all the same."""
    point = ReportingPoint.objects.select_for_update().select_related("unit").get(pk=point.pk)
    require(acting_user, Capability.MANAGE_REPORTING_POINTS, point.unit_id)
    if point.withdrawn_at is not None:
        raise ValidationError(_("This reporting point is withdrawn already."))
    point.withdrawn_at = clock.now()
    point.save()
    append_entry(
        ReportingPointWithdrawn(point.unit.code), subject=point.unit.uuid, acting_user=acting_user
    )
    return point


@one_transaction
def restore_reporting_point(*, point: ReportingPoint, acting_user: User | None) -> ReportingPoint:
    """A point that was withdrawn is in use again, under the address that its posters have."""
    point = ReportingPoint.objects.select_for_update().select_related("unit").get(pk=point.pk)
    require(acting_user, Capability.MANAGE_REPORTING_POINTS, point.unit_id)
    if point.withdrawn_at is None:
        raise ValidationError(_("This reporting point is in use already."))
    point.withdrawn_at = None
    point.save()
    append_entry(
        ReportingPointRestored(point.unit.code), subject=point.unit.uuid, acting_user=acting_user
    )
    return point
