"""Signals: the list, one signal with its weeks, and a person's decision about it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qorgau.analysis.signals.stored_signals import (
    SignalInFull,
    completeness_of,
    signal_in_full,
    signals_in_words,
)
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.queries import entries_about
from qorgau.foundation.optimistic_locking import StaleRecordError
from qorgau.records.people.queries import may
from qorgau.records.signals.models import Signal
from qorgau.records.signals.queries import runs_visible_to, signals_visible_to
from qorgau.records.signals.services import triage_signal
from qorgau.web.charts.drawing import download, draw
from qorgau.web.frame.access import needs
from qorgau.web.frame.history import history_of
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.signals.charts import chart_of
from qorgau.web.signals.forms import SignalFilterForm, TriageSignalForm

NAVIGATION = (
    MenuEntry(Section.SAFETY, "signals", gettext_lazy("Signals"), "signal", Capability.SEE_SIGNALS),
)
ROWS_PER_PAGE = 40


@needs(Capability.SEE_SIGNALS)
def signals(request: HttpRequest) -> HttpResponse:
    filters = SignalFilterForm(request.GET, user=request.user)
    found = filters.matching(signals_visible_to(request.user))
    page = requested_page(request, found, key=("-last_week", "-id"), size=ROWS_PER_PAGE)
    newest_run = runs_visible_to(request.user).first()
    context: dict[str, Any] = {
        "filters": filters,
        "page": page,
        "lines": signals_in_words(page.rows),
        "newest_run": newest_run,
        "completeness": completeness_of(newest_run),
        "data_mark": "synthetic" if any(signal.is_synthetic for signal in page.rows) else "",
    }
    return render(request, "signals/list.html", context)


@needs(Capability.SEE_SIGNALS)
def signal(request: HttpRequest, uuid: object) -> HttpResponse:
    return _signal_page(request, _signal_or_404(request, uuid))


def _signal_or_404(request: HttpRequest, uuid: object) -> Signal:
    return get_object_or_404(signals_visible_to(request.user), uuid=uuid)


def _signal_page(
    request: HttpRequest, signal: Signal, bound: forms.Form | None = None
) -> HttpResponse:
    """The page of one signal; `bound` is the form of a refused decision."""
    detail = signal_in_full(request.user, signal)
    chart = chart_of(detail)
    may_triage = may(request.user, Capability.TRIAGE_SIGNALS, signal.unit)
    context: dict[str, Any] = {
        "signal": signal,
        "detail": detail,
        "chart": draw(chart) if chart else None,
        "downloads": _downloads(signal) if chart else [],
        "weeks": [week for week in detail.history.weeks if week.is_rise],
        "incidents_address": _incidents_address(detail),
        "effect_address": _effect_address(detail),
        "form": bound or (TriageSignalForm(signal=signal) if may_triage else None),
        "history": history_of(entries_about([signal.uuid])),
        "data_mark": "synthetic" if signal.is_synthetic else "",
    }
    return render(request, "signals/detail.html", context, status=422 if bound else 200)


def _downloads(signal: Signal) -> list[tuple[str, str]]:
    return [
        (reverse("signal_chart", kwargs={"uuid": signal.uuid, "form": form}), form.upper())
        for form in ("png", "svg", "csv")
    ]


def _incidents_address(detail: SignalInFull) -> str:
    """The list of the signal's incidents; it may contain a few more."""
    signal = detail.words.signal
    conditions = {
        "unit": signal.unit.code,
        "kind": detail.kind,
        "cause": detail.cause.partition(".")[0],
        "since": signal.first_week.isoformat(),
        "until": (signal.last_week + dt.timedelta(days=6)).isoformat(),
    }
    return f"{reverse('incidents')}?{urlencode({k: v for k, v in conditions.items() if v})}"


def _effect_address(detail: SignalInFull) -> str:
    """The page "Did it work?" for this series, with the Monday after the signal as the day."""
    signal = detail.words.signal
    conditions = {
        "unit": signal.unit.code,
        "kind": detail.kind,
        "cause": detail.cause,
        "since": (signal.last_week + dt.timedelta(weeks=1)).isoformat(),
    }
    return f"{reverse('effects')}?{urlencode({k: v for k, v in conditions.items() if v})}"


@needs(Capability.SEE_SIGNALS)
def signal_chart(request: HttpRequest, uuid: object, form: str) -> HttpResponse:
    signal = _signal_or_404(request, uuid)
    chart = chart_of(signal_in_full(request.user, signal))
    if chart is None:
        raise Http404(form)
    return download(chart, form, file_name=f"signal-{signal.uuid}")


@require_POST
@needs(Capability.TRIAGE_SIGNALS)
def triage(request: HttpRequest, uuid: object) -> HttpResponse:
    signal = _signal_or_404(request, uuid)
    if not may(request.user, Capability.TRIAGE_SIGNALS, signal.unit):
        raise PermissionDenied
    form = TriageSignalForm(request.POST, signal=signal)
    if form.is_valid():
        try:
            decided = triage_signal(signal=signal, acting_user=request.user, **form.cleaned_data)
        except StaleRecordError as error:
            form.add_error(None, error)
            form.see_version(signal.version)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("Saved: %(state)s.") % {"state": decided.get_state_display()}
            )
            return redirect("signals")
    return _signal_page(request, signal, form)


urlpatterns = [
    path("signals/", signals, name="signals"),
    path("signals/<uuid:uuid>/", signal, name="signal"),
    path("signals/<uuid:uuid>/chart.<str:form>", signal_chart, name="signal_chart"),
    path("signals/<uuid:uuid>/triage/", triage, name="triage_signal"),
]
