"""Accounts, and their roles for units."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import grants_managed_by
from qorgau.records.people.services import enrol_user, grant_role, revoke_role
from qorgau.web.accounts.forms import GrantForm
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section

NAVIGATION = (
    MenuEntry(
        Section.ADMINISTRATION, "accounts", gettext_lazy("Access"), "key", Capability.MANAGE_ACCESS
    ),
)


@needs(Capability.MANAGE_ACCESS)
def accounts(request: HttpRequest) -> HttpResponse:
    form = GrantForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            password = _give(request, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if password is None:
                return redirect("accounts")
            return render(
                request,
                "accounts/first_password.html",
                {"username": form.cleaned_data["username"], "password": password},
            )
    grants = grants_managed_by(request.user)
    return render(request, "accounts/accounts.html", {"form": form, "grants": grants})


def _give(request: HttpRequest, *, username: str, role: str, unit: object) -> str | None:
    """Give the role; return the first password if this created an account."""
    user = user_of_name(username)
    if user is None:
        given = {"username": username, "role": role, "unit": unit}
        return enrol_user(**given, acting_user=request.user)[1]
    grant_role(user=user, role=role, unit=unit, acting_user=request.user)
    messages.success(request, _("The role was given to %(name)s.") % {"name": user})
    return None


@require_POST
@needs(Capability.MANAGE_ACCESS)
def end_grant(request: HttpRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(grants_managed_by(request.user), pk=grant_id)
    revoke_role(grant=grant, acting_user=request.user)
    messages.success(request, _("The role of %(name)s was ended.") % {"name": grant.user})
    return redirect("accounts")


urlpatterns = [
    path("access/", accounts, name="accounts"),
    path("access/<int:grant_id>/end/", end_grant, name="end_grant"),
]
