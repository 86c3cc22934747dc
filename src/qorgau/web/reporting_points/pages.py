"""Reporting points: addresses on posters, made and withdrawn by who looks after the unit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.foundation.identity.roles import Capability
from qorgau.records.reporting.queries import (
    reporting_points_managed_by,
    withdrawn_points_managed_by,
)
from qorgau.records.reporting.services import (
    make_reporting_point,
    restore_reporting_point,
    withdraw_reporting_point,
)
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.qr import qr_code
from qorgau.web.frame.requests import requested_page
from qorgau.web.frame.unit_names import names_of
from qorgau.web.reporting_points.forms import ReportingPointForm
from qorgau.web.reporting_points.poster import poster_texts

NAVIGATION = (
    MenuEntry(
        Section.ADMINISTRATION,
        "reporting_points",
        gettext_lazy("Reporting points"),
        "report",
        Capability.MANAGE_REPORTING_POINTS,
    ),
)
ROWS_PER_PAGE = 40
# Enough to take back what was withdrawn by mistake.
WITHDRAWN_SHOWN = 20


@needs(Capability.MANAGE_REPORTING_POINTS)
def reporting_points(request: HttpRequest) -> HttpResponse:
    form = ReportingPointForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            point = make_reporting_point(**form.cleaned_data, acting_user=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("reporting_point", point.uuid)
    in_use = reporting_points_managed_by(request.user)
    page = requested_page(request, in_use, key=("made_at", "id"), size=ROWS_PER_PAGE)
    withdrawn = list(withdrawn_points_managed_by(request.user)[:WITHDRAWN_SHOWN])
    names = names_of(point.unit_id for point in (*page.rows, *withdrawn))
    context = {"form": form, "page": page, "withdrawn": withdrawn, "names": names}
    status = 422 if form.is_bound else 200
    return render(request, "reporting_points/list.html", context, status=status)


@needs(Capability.MANAGE_REPORTING_POINTS)
def reporting_point(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The poster, to be printed."""
    point = get_object_or_404(reporting_points_managed_by(request.user), uuid=uuid)
    address = request.build_absolute_uri(reverse("report_at_point", kwargs={"code": point.code}))
    context = {
        "point": point,
        "address": address,
        "texts": poster_texts(point.unit),
        "qr": qr_code(address),
    }
    return render(request, "reporting_points/poster.html", context)


@require_POST
@needs(Capability.MANAGE_REPORTING_POINTS)
def withdraw_point(request: HttpRequest, uuid: UUID) -> HttpResponse:
    point = get_object_or_404(reporting_points_managed_by(request.user), uuid=uuid)
    withdraw_reporting_point(point=point, acting_user=request.user)
    messages.success(request, _("The reporting point was withdrawn. Take its poster down."))
    return redirect("reporting_points")


@require_POST
@needs(Capability.MANAGE_REPORTING_POINTS)
def restore_point(request: HttpRequest, uuid: UUID) -> HttpResponse:
    point = get_object_or_404(withdrawn_points_managed_by(request.user), uuid=uuid)
    restore_reporting_point(point=point, acting_user=request.user)
    messages.success(request, _("The reporting point is in use again, with the same poster."))
    return redirect("reporting_points")


urlpatterns = [
    path("reporting-points/", reporting_points, name="reporting_points"),
    path("reporting-points/<uuid:uuid>/", reporting_point, name="reporting_point"),
    path("reporting-points/<uuid:uuid>/withdraw/", withdraw_point, name="withdraw_point"),
    path("reporting-points/<uuid:uuid>/restore/", restore_point, name="restore_point"),
]
