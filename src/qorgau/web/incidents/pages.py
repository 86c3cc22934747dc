"""The register of incidents: the list, one incident, its editing and its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.optimistic_locking import StaleRecordError
from qorgau.records.incidents.choices import source_label
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import (
    incident_visible_to,
    injury_counts,
    involved_shown_to,
    newest_incidents_visible_to,
    remaining_incident_visible_to,
)
from qorgau.records.incidents.services import edit_incident
from qorgau.records.people.queries import may
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.frame.unit_names import names_of
from qorgau.web.incidents.forms import IncidentFilterForm, IncidentForm
from qorgau.web.incidents.history import history_shown_to
from qorgau.web.incidents.releases import RELEASE_STEPS, release_of, release_step, release_steps
from qorgau.web.incidents.steps import STEPS, open_steps
from qorgau.web.incidents.words import SEVERITY_BASES, differences, facts_of

NAVIGATION = (
    MenuEntry(
        Section.SAFETY, "incidents", gettext_lazy("Incidents"), "list", Capability.SEE_INCIDENTS
    ),
)
ROWS_PER_PAGE = 40
ALL_STEPS = STEPS | RELEASE_STEPS


@needs(Capability.SEE_INCIDENTS)
def incidents(request: HttpRequest) -> HttpResponse:
    filters = IncidentFilterForm(request.GET, user=request.user)
    found = filters.matching(newest_incidents_visible_to(request.user)).select_related("unit")
    page = requested_page(request, found, key=("-occurred_at", "-id"), size=ROWS_PER_PAGE)
    names = names_of(incident.unit_id for incident in page.rows)
    context = {"filters": filters, "page": page, "names": names}
    context["hurt"] = injury_counts(page.rows)
    return render(request, "incidents/list.html", context)


@needs(Capability.SEE_INCIDENTS)
def incident(request: HttpRequest, number: str) -> HttpResponse:
    return _incident_page(request, incident_or_404(request, number))


def incident_or_404(
    request: HttpRequest, number: str, capability: Capability = Capability.SEE_INCIDENTS
) -> Incident:
    """The incident, if the user may see it at all; a refusal, if seeing is all they may."""
    found = incident_visible_to(request.user, number)
    if found is None:
        raise Http404(number)
    if not may(request.user, capability, found.unit):
        raise PermissionDenied
    return found


def _incident_page(
    request: HttpRequest, incident: Incident, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page of one incident; `bound` holds the form of a step that was refused."""
    user, unit = request.user, incident.unit
    may_edit = may(user, Capability.EDIT_INCIDENTS, unit)
    steps = [
        (step, (bound or {}).get(step.name) or step.form_for(incident, user))
        for step in (open_steps(incident) if may_edit else [])
    ]
    released = release_of(incident)
    telling = release_steps(incident, released, bound or {}) if may_edit else []
    shown = {step.name for step, _form in [*steps, *telling]}
    context: dict[str, Any] = {
        "incident": incident,
        "remaining": remaining_incident_visible_to(user, incident),
        "unit_name": names_of([unit.pk]).get(unit.pk, ""),
        "facts": facts_of(incident),
        "source": source_label(incident.source),
        "severity_basis": SEVERITY_BASES.get(incident.severity_basis, ""),
        "involved": involved_shown_to(user, incident),
        "may_edit": may_edit,
        "may_edit_medical": may(user, Capability.EDIT_MEDICAL, unit),
        "steps": steps,
        "released": released,
        "telling": telling,
        # A step that another person has made impossible is no longer on the page.
        "refused": [form for name, form in (bound or {}).items() if name not in shown],
        "history": history_shown_to(user, incident),
    }
    return render(request, "incidents/detail.html", context, status=422 if bound else 200)


@needs(Capability.EDIT_INCIDENTS)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(request, number, Capability.EDIT_INCIDENTS)
    form = IncidentForm(request.POST or None, instance=incident, user=request.user)
    context: dict[str, Any] = {"form": form, "incident": incident}
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen_version"]
        try:
            edit_incident(
                incident=incident,
                changes=form.changes(),
                acting_user=request.user,
                seen_version=seen,
            )
        except StaleRecordError as error:
            form.add_error(None, error)
            now = incident_or_404(request, number)
            form.see_version(now.version)
            context["differences"] = differences(form, now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("incident", number)
    return render(request, "incidents/edit.html", context)


@require_POST
@needs(Capability.EDIT_INCIDENTS)
def take_step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    incident = incident_or_404(request, number, Capability.EDIT_INCIDENTS)
    step = release_step(name, incident) or STEPS[name]
    form = step.form_for(incident, request.user, request.POST)
    if form.is_valid():
        try:
            step.service(incident=incident, acting_user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": step.label})
            return redirect("incident", number)
    return _incident_page(request, incident_or_404(request, number), {name: form})


urlpatterns = [
    path("incidents/", incidents, name="incidents"),
    path("incidents/<str:number>/", incident, name="incident"),
    path("incidents/<str:number>/edit/", edit, name="edit_incident"),
    *[
        path(f"incidents/<str:number>/{name}/", take_step, {"name": name}, name=f"{name}_incident")
        for name in ALL_STEPS
    ],
]
