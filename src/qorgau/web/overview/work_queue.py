"""What a person has to do today, depending on what they may do: the lines of the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.foundation.clock import local_date
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import incidents_visible_to, reports_to_triage
from qorgau.records.incidents.rules import CLOSE_WITHIN, OPEN_STATES, TRIAGE_WITHIN
from qorgau.records.signals.choices import SignalState
from qorgau.records.signals.queries import signals_visible_to
from qorgau.web.incidents.forms import OPEN
from qorgau.web.overview.access_work import access_work
from qorgau.web.overview.work import Work, counted


def work_of(user: User, capabilities: frozenset[str], now: dt.datetime) -> list[Work]:
    """Only lines with something to do, urgent ones first."""
    lines: list[Work] = []
    if Capability.TRIAGE_REPORTS in capabilities:
        lines.extend(_reports(user, now))
    if Capability.SEE_INCIDENTS in capabilities:
        lines.extend(_incidents(user, now, Capability.EDIT_INCIDENTS in capabilities))
    if Capability.TRIAGE_SIGNALS in capabilities:
        lines.extend(_signals(user))
    if Capability.MANAGE_ACCESS in capabilities:
        lines.extend(access_work(user))
    return sorted(lines, key=lambda line: not line.is_urgent)


def _reports(user: User, now: dt.datetime) -> Iterator[Work]:
    waiting = reports_to_triage(user)
    count = counted(waiting)
    oldest = waiting.first()
    if oldest is None:
        return
    overdue = counted(waiting.filter(reported_at__lt=now - TRIAGE_WITHIN))
    since = date_format(localtime(oldest.reported_at), "SHORT_DATETIME_FORMAT")
    note = _("The oldest has been waiting since %(since)s.") % {"since": since}
    if overdue:
        late = ngettext(
            "%(count)s has been waiting for more than %(hours)s hours.",
            "%(count)s have been waiting for more than %(hours)s hours.",
            overdue,
        )
        hours = TRIAGE_WITHIN // dt.timedelta(hours=1)
        note = f"{note} {late % {'count': overdue, 'hours': hours}}"
    yield Work(
        count,
        ngettext("report to triage", "reports to triage", count),
        reverse("triage_report", args=[oldest.uuid]),
        _("Start with the oldest"),
        note,
        is_urgent=overdue > 0,
    )


def _incidents(user: User, now: dt.datetime, may_edit: bool) -> Iterator[Work]:
    incidents = incidents_visible_to(user)
    yield from _late(incidents, now)
    if not may_edit:
        return
    begun = counted(incidents.filter(state=IncidentState.TRIAGED))
    if begun:
        what = ngettext(
            "incident not yet under investigation", "incidents not yet under investigation", begun
        )
        yield Work(begun, what, _list_of(state=IncidentState.TRIAGED), _("View"))
    awaiting = counted(incidents.filter(state=IncidentState.AWAITING_ENDORSEMENT))
    if awaiting:
        what = ngettext("finding to endorse", "findings to endorse", awaiting)
        yield Work(awaiting, what, _list_of(state=IncidentState.AWAITING_ENDORSEMENT), _("View"))


def _late(incidents: QuerySet[Incident], now: dt.datetime) -> Iterator[Work]:
    until = local_date(now - CLOSE_WITHIN)
    # Coalesce stops the database from using the index by time over all past incidents: few are
    # open, and the index by state finds them.
    began = Coalesce("occurred_on", Value(None, DateField()))
    late = counted(incidents.filter(state__in=OPEN_STATES).filter(LessThanOrEqual(began, until)))
    if not late:
        return
    what = ngettext(
        "incident open for more than %(days)s days",
        "incidents open for more than %(days)s days",
        late,
    )
    address = _list_of(state=OPEN, until=until.isoformat())
    yield Work(late, what % {"days": CLOSE_WITHIN.days}, address, _("View"), is_urgent=True)


def _list_of(**conditions: str) -> str:
    return f"{reverse('incidents')}?{urlencode(conditions)}"


def _signals(user: User) -> Iterator[Work]:
    new = counted(signals_visible_to(user).filter(state=SignalState.NEW))
    if new:
        yield Work(
            new,
            ngettext("new signal to decide on", "new signals to decide on", new),
            reverse("signals"),
            _("View"),
        )
