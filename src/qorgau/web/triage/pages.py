"""Triage: each report becomes an incident, is joined to one, or is closed with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import ReportState
from qorgau.records.incidents.models import Report
from qorgau.records.incidents.queries import (
    probable_duplicates,
    reports_to_triage,
    reports_triaged_by,
)
from qorgau.records.incidents.rules import TRIAGE_WITHIN
from qorgau.records.incidents.services import (
    accept_report,
    close_report,
    merge_report,
    reopen_report,
)
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.frame.unit_names import names_of
from qorgau.web.triage.forms import AcceptForm, CloseReportForm, JoinForm

NAVIGATION = (
    MenuEntry(Section.SAFETY, "triage", gettext_lazy("Triage"), "inbox", Capability.TRIAGE_REPORTS),
)
ROWS_PER_PAGE = 40
FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "join": JoinForm,
    "close": CloseReportForm,
}


@needs(Capability.TRIAGE_REPORTS)
def triage(request: HttpRequest) -> HttpResponse:
    waiting = reports_to_triage(request.user)
    page = requested_page(request, waiting, key=("reported_at", "id"), size=ROWS_PER_PAGE)
    names = names_of(report.unit_id for report in page.rows if report.unit_id)
    overdue_before = clock.now() - TRIAGE_WITHIN
    context = {"page": page, "names": names, "overdue_before": overdue_before}
    return render(request, "triage/list.html", context)


@needs(Capability.TRIAGE_REPORTS)
def triage_report(request: HttpRequest, uuid: object) -> HttpResponse:
    return _report_page(request, _report_or_404(request, uuid))


def _report_or_404(request: HttpRequest, uuid: object) -> Report:
    return get_object_or_404(reports_triaged_by(request.user), uuid=uuid)


def _report_page(
    request: HttpRequest, report: Report, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The report with possible duplicates, and the three decisions."""
    candidates = probable_duplicates(request.user, report)
    units = [candidate.incident.unit_id for candidate in candidates]
    context: dict[str, Any] = {
        "report": report,
        "candidates": candidates,
        "names": names_of([*units, report.unit_id] if report.unit_id else units),
        "is_waiting": report.state == ReportState.RECEIVED,
        "may_reopen": report.state == ReportState.CLOSED,
        "refused": next(iter(bound or {}), ""),
        "refused_form": next(iter((bound or {}).values()), None),
    }
    for name, form in FORMS.items():
        context[f"{name}_form"] = (bound or {}).get(name) or form(
            report=report, user=request.user, auto_id=f"{name}_%s"
        )
    return render(request, "triage/report.html", context, status=422 if bound else 200)


@require_POST
@needs(Capability.TRIAGE_REPORTS)
def decide(request: HttpRequest, uuid: object, name: str) -> HttpResponse:
    report = _report_or_404(request, uuid)
    form = FORMS[name](request.POST, report=report, user=request.user, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            messages.success(request, _SERVICES[name](request, report, form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _next_report(request)
    return _report_page(request, _report_or_404(request, uuid), {name: form})


def _accept(request: HttpRequest, report: Report, fields: dict[str, Any]) -> str:
    incident = accept_report(report=report, acting_user=request.user, corrections=fields)
    return _("Accepted as incident %(number)s.") % {"number": incident.number}


def _join(request: HttpRequest, report: Report, fields: dict[str, Any]) -> str:
    merge_report(report=report, acting_user=request.user, **fields)
    return _("Joined to incident %(number)s.") % {"number": fields["incident"].number}


def _close(request: HttpRequest, report: Report, fields: dict[str, Any]) -> str:
    close_report(report=report, acting_user=request.user, **fields)
    return _("The report was closed. Its sender will read the reason.")


_SERVICES = {"accept": _accept, "join": _join, "close": _close}


@require_POST
@needs(Capability.TRIAGE_REPORTS)
def reopen(request: HttpRequest, uuid: object) -> HttpResponse:
    try:
        reopen_report(report=_report_or_404(request, uuid), acting_user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("triage_report", uuid)


def _next_report(request: HttpRequest) -> HttpResponse:
    """Go to the report that has waited longest, so that one can work through the queue."""
    following = reports_to_triage(request.user).first()
    return redirect("triage_report", following.uuid) if following else redirect("triage")


urlpatterns = [
    path("triage/", triage, name="triage"),
    path("triage/<uuid:uuid>/", triage_report, name="triage_report"),
    path("triage/<uuid:uuid>/reopen/", reopen, name="reopen_report"),
    *[
        path(f"triage/<uuid:uuid>/{name}/", decide, {"name": name}, name=f"{name}_report")
        for name in FORMS
    ],
]
