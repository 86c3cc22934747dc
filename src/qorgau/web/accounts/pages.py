"""Accounts: found, created with a role, and the page of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.foundation import clock
from qorgau.foundation.identity.links import open_links
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import has_second_factor, with_second_factor
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.accounts import (
    accounts_managed_by,
    current_grants_of,
    grants_of,
    requests_to_decide,
    requests_visible_to,
    waiting_requests,
)
from qorgau.records.people.authority import manages_account
from qorgau.records.people.services import invite_user
from qorgau.web.accounts.forms import ONE_DAY, AccountFilterForm, InviteForm
from qorgau.web.accounts.history import history_of_account
from qorgau.web.accounts.links import shown_link
from qorgau.web.accounts.steps import STEPS, open_steps
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.frame.unit_names import names_of

NAVIGATION = (
    MenuEntry(
        Section.ADMINISTRATION, "accounts", gettext_lazy("Access"), "key", Capability.MANAGE_ACCESS
    ),
)
ROWS_PER_PAGE = 40


@needs(Capability.MANAGE_ACCESS)
def accounts(request: HttpRequest) -> HttpResponse:
    filters = AccountFilterForm(request.GET)
    found = filters.matching(request.user)
    page = requested_page(request, found, key=("username",), size=ROWS_PER_PAGE)
    roles: dict[int, list[Any]] = {}
    for grant in current_grants_of(page.rows, request.user):
        roles.setdefault(grant.user_id, []).append(grant)
    keys = [account.pk for account in page.rows]
    context = {
        "filters": filters,
        "page": page,
        "roles": roles,
        "with_second_step": set(
            with_second_factor().filter(pk__in=keys).values_list("pk", flat=True)
        ),
        "to_decide": requests_to_decide(request.user).count(),
    }
    return render(request, "accounts/accounts.html", context)


@needs(Capability.MANAGE_ACCESS)
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            account, secret = invite_user(**form.cleaned_data, acting_user=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return shown_link(request, account, secret)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/invite.html", {"form": form}, status=status)


@needs(Capability.MANAGE_ACCESS)
def user_account(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _account_page(request, _account_or_404(request, uuid))


def _account_or_404(request: HttpRequest, uuid: UUID) -> User:
    return get_object_or_404(accounts_managed_by(request.user), uuid=uuid)


def _account_page(
    request: HttpRequest, account: User, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page of one account; `bound` holds the form of a step that was refused."""
    user, bound = request.user, bound or {}
    manages = manages_account(user, account)
    steps = open_steps(account, user, manages=manages)
    grants = list(grants_of(account, user))
    waiting = waiting_requests().filter(user=account).values("pk")
    requests = list(requests_visible_to(user).filter(pk__in=waiting))
    units = {grant.unit_id for grant in grants} | {one.unit_id for one in requests}
    shown = {step.name for step in steps}
    context = {
        "account": account,
        "manages": manages,
        "has_second_step": has_second_factor(account),
        "link": open_links(account).first(),
        "grants": [grant for grant in grants if grant.valid_until > clock.today()],
        "past": [grant for grant in grants if grant.valid_until <= clock.today()],
        "requests": requests,
        "names": names_of(units - {None}),
        "steps": [(one, bound.get(one.name) or one.form_for(account, user)) for one in steps],
        "refused": [form for name, form in bound.items() if name not in shown],
        "history": history_of_account(account, user),
    }
    return render(request, "accounts/account.html", context, status=422 if bound else 200)


@require_POST
@needs(Capability.MANAGE_ACCESS)
def take_step(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    account, step = _account_or_404(request, uuid), STEPS.get(name)
    if step is None:
        raise Http404(name)
    form = step.form_for(account, request.user, request.POST)
    if form.is_valid():
        try:
            outcome = step.act(account, _fields_of(form), request.user)
        except ValidationError as error:
            form.add_error(None, _without_fields(error, form))
        else:
            if outcome.secret:
                return shown_link(request, account, outcome.secret)
            messages.success(request, str(outcome.message))
            return redirect("user_account", account.uuid)
    account.refresh_from_db()
    return _account_page(request, account, {step.name: form})


def _fields_of(form: forms.Form) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    if "last_day" in fields:
        last_day = fields.pop("last_day")
        fields["ends_on"] = last_day + ONE_DAY if last_day else None
    return fields


def _without_fields(error: ValidationError, form: forms.Form) -> ValidationError:
    """An error about a field that this form does not have is about the whole of it."""
    named = set(getattr(error, "error_dict", ()))
    return error if named <= set(form.fields) else ValidationError(error.messages)


urlpatterns = [
    path("access/", accounts, name="accounts"),
    path("access/new/", invite, name="invite_user"),
    path("access/<uuid:uuid>/", user_account, name="user_account"),
    path("access/<uuid:uuid>/<slug:name>/", take_step, name="take_account_step"),
]
