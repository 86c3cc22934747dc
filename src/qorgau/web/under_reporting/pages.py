"""Under-reporting: link a medical register's key file and show the reported share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.under_reporting.answer import under_reporting as share_reported
from qorgau.analysis.under_reporting.words import WITHHELD_REASONS, headline
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.web.charts.drawing import draw
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.under_reporting.charts import shares_of
from qorgau.web.under_reporting.forms import LARGEST_FILE_BYTES, UnderReportingForm

NAVIGATION = (
    MenuEntry(
        Section.FIGURES, "under_reporting", _("Under-reporting"), "half", Capability.SEE_MEDICAL
    ),
)


@sensitive_post_parameters("secret")
@needs(Capability.SEE_MEDICAL)
def under_reporting(request: HttpRequest) -> HttpResponse:
    """The answer is on the page of the form: a file cannot be in an address, and is not kept."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    form = UnderReportingForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        user=request.user,
        today=clock.today(),
        unit=request.GET.get("unit", ""),
        was_too_large=size > LARGEST_FILE_BYTES,
    )
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _answer(request, form)
    status = 422 if form.errors else 200
    return render(request, "under_reporting/page.html", context, status=status)


def _answer(request: HttpRequest, form: UnderReportingForm) -> dict[str, Any]:
    """The result with its chart; why there is no answer is shown at the form."""
    try:
        result = share_reported(request.user, form.question(), form.medical_register())
    except QuestionError as error:
        form.add_error(None, str(error))
        return {}
    chart = shares_of(result)
    return {
        "result": result,
        "reasons": WITHHELD_REASONS,
        "headline": headline(result.overall),
        "chart": draw(chart) if chart else None,
        "data_mark": "synthetic" if result.provenance.is_synthetic else "",
    }


urlpatterns = [path("under-reporting/", under_reporting, name="under_reporting")]
