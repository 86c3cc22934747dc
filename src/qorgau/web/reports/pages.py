"""Reporting, with and without an account: send a report, see what happened to it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from qorgau.foundation.addresses import address_of
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.rate_limits import CODES_PER_ADDRESS, REPORTS_PER_ADDRESS, RateLimit
from qorgau.records.incidents.queries import report_of_receipt, reports_sent_by
from qorgau.records.incidents.services import report_incident
from qorgau.records.reporting.models import ReportingPoint
from qorgau.records.reporting.queries import reporting_point_of
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.reports.forms import ReceiptForm, ReportForm
from qorgau.web.reports.outcomes import outcomes_of

NAVIGATION = (
    MenuEntry(Section.TODAY, "report", _("Send a report"), "report", Capability.REPORT),
    MenuEntry(Section.TODAY, "my_reports", _("My reports"), "check", Capability.REPORT),
)
ROWS_PER_PAGE = 25


@never_cache
@needs(Capability.REPORT)
def report(request: HttpRequest) -> HttpResponse:
    return _report_page(request, request.user, wait_seconds=0)


@never_cache
def public_report(request: HttpRequest) -> HttpResponse:
    """Open to everybody; it checks no user and reads nothing from the session."""
    wait = _wait(request, REPORTS_PER_ADDRESS) if request.method == "POST" else 0
    return _report_page(request, None, wait_seconds=wait)


@never_cache
def report_at_point(request: HttpRequest, code: str) -> HttpResponse:
    """The public form at the address of a poster; a withdrawn one takes reports all the same."""
    wait = _wait(request, REPORTS_PER_ADDRESS) if request.method == "POST" else 0
    point = reporting_point_of(code)
    return _report_page(request, None, wait_seconds=wait, point=point, is_withdrawn=point is None)


def _report_page(
    request: HttpRequest,
    user: User | None,
    *,
    wait_seconds: int,
    point: ReportingPoint | None = None,
    is_withdrawn: bool = False,
) -> HttpResponse:
    """The form, or the answer with the code, which is only on this one page and stored nowhere."""
    form = ReportForm(request.POST or None, user=user, point=point)
    shown = {
        "is_public": user is None,
        "draft_owner": (f"public-{point.code}" if point else "public") if not user else user.uuid,
        "is_withdrawn": is_withdrawn,
    }
    if request.method == "POST" and not wait_seconds and form.is_valid():
        fields: dict[str, Any] = {"unit": None} | form.cleaned_data
        try:
            sent, code = report_incident(acting_user=user, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = shown | {"code": code, "is_anonymous": sent.is_anonymous}
            return render(request, "reports/sent.html", context)
    context = shown | {"form": form, "wait_seconds": wait_seconds}
    return _delayed(render(request, "reports/report.html", context), wait_seconds)


@needs(Capability.REPORT)
def my_reports(request: HttpRequest) -> HttpResponse:
    sent = reports_sent_by(request.user)
    page = requested_page(request, sent, key=("-reported_at", "-id"), size=ROWS_PER_PAGE)
    return render(request, "reports/mine.html", {"page": page, "outcomes": outcomes_of(page.rows)})


@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """Open to everybody: the code is the permission. It is posted, so that no log keeps it."""
    form = ReceiptForm(request.POST or None)
    wait = _wait(request, CODES_PER_ADDRESS) if request.method == "POST" else 0
    is_asked = request.method == "POST" and not wait and form.is_valid()
    found = report_of_receipt(form.cleaned_data["code"]) if is_asked else None
    context = {
        "form": form,
        "outcome": outcomes_of([found])[0] if found else None,
        "is_unknown": is_asked and found is None,
        "wait_seconds": wait,
    }
    return _delayed(render(request, "reports/receipt.html", context), wait)


def _wait(request: HttpRequest, limit: RateLimit) -> int:
    return limit.wait_seconds(address_of(request.META))


def _delayed(answer: HttpResponse, wait_seconds: int) -> HttpResponse:
    """Too many tries are answered with when to try again; nothing that was typed is lost."""
    if wait_seconds:
        answer.status_code = 429
        answer["Retry-After"] = str(wait_seconds)
    return answer


urlpatterns = [
    path("r/", public_report, name="public_report"),
    path("r/<str:code>/", report_at_point, name="report_at_point"),
    path("report/", report, name="report"),
    path("reports/", my_reports, name="my_reports"),
    path("receipt/", receipt, name="receipt"),
]
