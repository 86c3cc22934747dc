"""Units: the tree, and one unit with its rates, its sub-units and its months."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.results import InjuryRates
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import (
    latest_versions,
    may,
    unit_at,
    unit_ids_visible_to,
    units_above,
    versions_on,
)
from qorgau.web.charts.drawing import download, draw
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.unit_names import names_of
from qorgau.web.units.charts import charts_of
from qorgau.web.units.forms import UnitFindForm, UnitRateForm
from qorgau.web.units.lines import lines_of
from qorgau.web.units.tree import ROOM, tree_of

NAVIGATION = (MenuEntry(Section.FIGURES, "units", _("Units"), "units", Capability.SEE_UNITS),)


@needs(Capability.SEE_UNITS)
def units(request: HttpRequest) -> HttpResponse:
    form = UnitFindForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "").strip()
    visible = versions_on(unit_ids_visible_to(request.user, Capability.SEE_UNITS))
    if words:
        found = visible.filter(_named(words)).order_by("unit__code")[: ROOM + 1]
        context: dict[str, Any] = {"found": found[:ROOM], "is_cut": len(found) > ROOM}
    else:
        tops, hidden = tree_of(visible)
        context = {"tops": tops, "hidden": hidden}
    is_synthetic = visible.filter(unit__is_synthetic=True).exists()
    mark = "synthetic" if is_synthetic else ""
    return render(
        request, "units/list.html", {"form": form, "words": words, "data_mark": mark, **context}
    )


def _named(words: str) -> Q:
    in_names = [Q(**{f"name_{language}__icontains": words}) for language in ("kk", "ru", "en")]
    return Q(unit__code__icontains=words) | in_names[0] | in_names[1] | in_names[2]


@needs(Capability.SEE_UNITS)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit_or_404(request, code)
    above = units_above(request.user, unit)
    form = UnitRateForm(request.GET.dict(), today=clock.today())
    context: dict[str, Any] = {
        "unit": unit,
        "version": latest_versions([unit.pk]).first(),
        "above": above,
        "names": names_of([unit.pk, *(one.pk for one in above)]),
        "form": form,
        "may_see_rates": may(request.user, Capability.SEE_RATES, unit),
        "data_mark": "synthetic" if unit.is_synthetic else "",
    }
    if context["may_see_rates"] and form.is_valid():
        context |= _answer(request, unit, form)
    return render(request, "units/detail.html", context)


def _answer(request: HttpRequest, unit: Unit, form: UnitRateForm) -> dict[str, Any]:
    """Rates with their charts, or a sentence that says why there are none."""
    try:
        rates = injury_rates(request.user, form.question(unit))
    except QuestionError as error:
        return {"refusal": str(error)}
    charts = {name: draw(chart) for name, chart in charts_of(rates).items()}
    return {
        "rates": rates,
        "charts": charts,
        "downloads": {name: _downloads(request, unit, name) for name in charts},
        "query": request.GET.urlencode(),
        "data_mark": "synthetic" if rates.provenance.is_synthetic else "",
        **lines_of(request, rates),
    }


def _downloads(request: HttpRequest, unit: Unit, chart: str) -> list[tuple[str, str]]:
    query = request.GET.urlencode()
    addresses = []
    for form in ("png", "svg", "csv"):
        address = reverse("unit_chart", kwargs={"code": unit.code, "chart": chart, "form": form})
        addresses.append((f"{address}?{query}", form.upper()))
    return addresses


@needs(Capability.SEE_RATES)
def unit_chart(request: HttpRequest, code: str, chart: str, form: str) -> HttpResponse:
    question_form = UnitRateForm(request.GET.dict(), today=clock.today())
    unit = _unit_or_404(request, code, Capability.SEE_RATES)
    if not question_form.is_valid():
        raise Http404(chart)
    drawn = charts_of(_rates_or_404(request, unit, question_form)).get(chart)
    if drawn is None:
        raise Http404(chart)
    return download(drawn, form, file_name=f"{chart}-{unit.uuid}")


def _rates_or_404(request: HttpRequest, unit: Unit, form: UnitRateForm) -> InjuryRates:
    try:
        return injury_rates(request.user, form.question(unit))
    except QuestionError as error:
        raise Http404(str(error)) from error


def _unit_or_404(
    request: HttpRequest, code: str, capability: Capability = Capability.SEE_UNITS
) -> Unit:
    found = unit_at(request.user, code, capability)
    if found is None:
        raise Http404(code)
    return found


urlpatterns = [
    path("units/", units, name="units"),
    path("units/<path:code>/charts/<str:chart>.<str:form>", unit_chart, name="unit_chart"),
    path("units/<path:code>/", unit, name="unit"),
]
