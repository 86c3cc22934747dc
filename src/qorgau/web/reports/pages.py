"""Reporting: send a report, see what happened to it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.queries import report_of_receipt, reports_sent_by
from qorgau.records.incidents.services import report_incident
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.reports.forms import ReceiptForm, ReportForm

NAVIGATION = (
    MenuEntry(Section.TODAY, "report", _("Send a report"), "report", Capability.REPORT),
    MenuEntry(Section.TODAY, "my_reports", _("My reports"), "check", Capability.REPORT),
)
ROWS_PER_PAGE = 25
SENT = "sent_report"


@needs(Capability.REPORT)
def report(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sent, code = report_incident(acting_user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session[SENT] = {"code": code, "is_anonymous": sent.is_anonymous}
            return redirect("report_sent")
    return render(request, "reports/report.html", {"form": form})


@needs(Capability.REPORT)
def report_sent(request: HttpRequest) -> HttpResponse:
    sent = request.session.get(SENT)
    return render(request, "reports/sent.html", sent) if sent else redirect("my_reports")


@needs(Capability.REPORT)
def my_reports(request: HttpRequest) -> HttpResponse:
    sent = reports_sent_by(request.user)
    page = requested_page(request, sent, key=("-reported_at", "-id"), size=ROWS_PER_PAGE)
    return render(request, "reports/mine.html", {"page": page})


def receipt(request: HttpRequest) -> HttpResponse:
    """Open to everybody: the code is the permission. It is posted, so that no log keeps it."""
    form = ReceiptForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    found = report_of_receipt(form.cleaned_data["code"]) if is_asked else None
    context = {"form": form, "report": found, "is_unknown": is_asked and found is None}
    return render(request, "reports/receipt.html", context)


urlpatterns = [
    path("report/", report, name="report"),
    path("report/sent/", report_sent, name="report_sent"),
    path("reports/", my_reports, name="my_reports"),
    path("receipt/", receipt, name="receipt"),
]
