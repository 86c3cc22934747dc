"""Adding to an incident: a person involved, an injury."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import involved_visible_to
from qorgau.records.incidents.services import add_injury, add_involved_person
from qorgau.web.frame.access import needs
from qorgau.web.incidents.forms import InjuryForm, InvolvedForm
from qorgau.web.incidents.pages import incident_or_404

NAVIGATION = ()


@needs(Capability.EDIT_INCIDENTS)
def add_person(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(request, number, Capability.EDIT_INCIDENTS)
    form = InvolvedForm(request.POST or None, user=request.user)
    return _added(
        request,
        incident,
        form,
        lambda fields: add_involved_person(incident=incident, acting_user=request.user, **fields),
        _("Add a person involved"),
    )


@needs(Capability.EDIT_MEDICAL)
def add_injury_of(request: HttpRequest, number: str, involved_uuid: object) -> HttpResponse:
    incident = incident_or_404(request, number, Capability.EDIT_MEDICAL)
    involved = get_object_or_404(involved_visible_to(request.user, incident), uuid=involved_uuid)
    form = InjuryForm(request.POST or None)
    return _added(
        request,
        incident,
        form,
        lambda fields: add_injury(involved=involved, acting_user=request.user, **fields),
        _("Add an injury"),
    )


def _added(
    request: HttpRequest,
    incident: Incident,
    form: forms.BaseForm,
    add: Callable[[dict[str, Any]], object],
    heading: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            add(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("incident", incident.number)
    context = {"form": form, "incident": incident, "heading": heading}
    return render(request, "incidents/add.html", context)


urlpatterns = [
    path("incidents/<str:number>/people/add/", add_person, name="add_involved"),
    path(
        "incidents/<str:number>/people/<uuid:involved_uuid>/injuries/add/",
        add_injury_of,
        name="add_injury",
    ),
]
