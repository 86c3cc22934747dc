"""What waits for a second administrator, and what was decided."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.accounts import (
    requests_to_decide,
    requests_visible_to,
    waiting_requests,
)
from qorgau.records.people.models import AccessRequest
from qorgau.records.people.services import approve_request, reject_request, withdraw_request
from qorgau.web.accounts.links import shown_link
from qorgau.web.frame.access import needs
from qorgau.web.frame.unit_names import names_of

NAVIGATION = ()
# Enough to see what became of one's own requests.
DECIDED_SHOWN = 20


@needs(Capability.MANAGE_ACCESS)
def access_requests(request: HttpRequest) -> HttpResponse:
    user = request.user
    visible = requests_visible_to(user)
    waiting = list(visible.filter(pk__in=waiting_requests().values("pk")))
    over = list(visible.exclude(pk__in=[one.pk for one in waiting])[:DECIDED_SHOWN])
    context = {
        "waiting": waiting,
        "over": over,
        "to_decide": set(requests_to_decide(user).values_list("pk", flat=True)),
        "names": names_of({one.unit_id for one in (*waiting, *over)} - {None}),
    }
    return render(request, "accounts/requests.html", context)


def _request_or_404(request: HttpRequest, uuid: UUID) -> AccessRequest:
    return get_object_or_404(requests_visible_to(request.user), uuid=uuid)


@require_POST
@needs(Capability.MANAGE_ACCESS)
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _request_or_404(request, uuid)
    try:
        secret = approve_request(request=found, acting_user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("access_requests")
    if secret:
        return shown_link(request, found.user, secret)
    messages.success(request, _("The request was approved."))
    return redirect("access_requests")


@require_POST
@needs(Capability.MANAGE_ACCESS)
def reject(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _request_or_404(request, uuid)
    try:
        reject_request(request=found, acting_user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The request was rejected. It can be made again."))
    return redirect("access_requests")


@require_POST
@needs(Capability.MANAGE_ACCESS)
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _request_or_404(request, uuid)
    try:
        withdraw_request(request=found, acting_user=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The request was taken back."))
    return redirect("access_requests")


urlpatterns = [
    path("access/requests/", access_requests, name="access_requests"),
    path("access/requests/<uuid:uuid>/approve/", approve, name="approve_request"),
    path("access/requests/<uuid:uuid>/reject/", reject, name="reject_request"),
    path("access/requests/<uuid:uuid>/withdraw/", withdraw, name="withdraw_request"),
]
