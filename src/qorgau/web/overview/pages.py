"""The first page: it answers the main question of the user's role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.question import RateQuestion
from qorgau.analysis.rates.results import InjuryRates
from qorgau.analysis.signals.stored_signals import completeness_of, signals_in_words
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.queries import latest_entries
from qorgau.records.incidents.queries import reports_sent_by
from qorgau.records.people.queries import capabilities_of, granted_units
from qorgau.records.signals.queries import open_signals, runs_visible_to
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.overview.installation import installation_facts, is_disk_nearly_full
from qorgau.web.overview.work_queue import work_of

NAVIGATION = (MenuEntry(Section.TODAY, "overview", _("Overview"), "overview"),)
HEADLINE_DAYS = 28
# Roles that first ask something other than a rate: what to triage, whether the journal is intact.
HAS_WORK = {Capability.TRIAGE_REPORTS, Capability.SEE_INCIDENTS, Capability.MANAGE_ACCESS}
HAS_OTHER_QUESTIONS = {Capability.TRIAGE_REPORTS, Capability.SEE_JOURNAL}
MOST_SIGNALS = 5
MOST_REPORTS = 5


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    capabilities = capabilities_of(user)
    context: dict[str, Any] = {"today": clock.today(), "reports": None, "rising": None}
    context["has_work"] = bool(capabilities & HAS_WORK)
    context["work"] = work_of(user, capabilities, now)
    if Capability.SEE_SIGNALS in capabilities:
        context["rising"] = signals_in_words(open_signals(user)[:MOST_SIGNALS])
        context["completeness"] = completeness_of(runs_visible_to(user).first())
    if Capability.SEE_RATES in capabilities and not capabilities & HAS_OTHER_QUESTIONS:
        context["headline"] = headline_for(user, clock.today())
    if Capability.SEE_JOURNAL in capabilities:
        context["journal_head"] = latest_entries().first()
    if Capability.MANAGE_ACCESS in capabilities:
        context["installation"] = installation_facts()
        context["is_disk_nearly_full"] = is_disk_nearly_full()
    if Capability.REPORT in capabilities:
        context["reports"] = reports_sent_by(user)[:MOST_REPORTS]
    return render(request, "overview/overview.html", context)


def headline_for(user: User, today: dt.date) -> InjuryRates | None:
    """The injury rate of the last four weeks in the first unit of the user."""
    unit = granted_units(user, Capability.SEE_RATES).order_by("code").first()
    if unit is None:
        return None
    first_day = today - dt.timedelta(days=HEADLINE_DAYS - 1)
    return injury_rates(user, RateQuestion(unit=unit, first_day=first_day, last_day=today))


urlpatterns = [path("", overview, name="overview")]
