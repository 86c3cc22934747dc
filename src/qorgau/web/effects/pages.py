"""Did it work? What changed in a unit since an action."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.effect.answer import effect_of_action
from qorgau.foundation.identity.roles import Capability
from qorgau.web.charts.drawing import download, draw
from qorgau.web.effects.charts import chart_of
from qorgau.web.effects.forms import EffectForm
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section

NAVIGATION = (
    MenuEntry(Section.FIGURES, "effects", _("Did it work?"), "effect", Capability.SEE_RATES),
)


@needs(Capability.SEE_RATES)
def effects(request: HttpRequest) -> HttpResponse:
    form = EffectForm(request.GET.dict(), user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _answer(request, form)
    return render(request, "effects/effect.html", context)


def _answer(request: HttpRequest, form: EffectForm) -> dict[str, Any]:
    """The effect with its chart, or a sentence that says why there is none."""
    try:
        effect = effect_of_action(request.user, form.question())
    except QuestionError as error:
        return {"refusal": str(error)}
    return {
        "effect": effect,
        "chart": draw(chart_of(effect)),
        "downloads": _downloads(request),
        "data_mark": "synthetic" if effect.provenance.is_synthetic else "",
    }


def _downloads(request: HttpRequest) -> list[tuple[str, str]]:
    query = request.GET.urlencode()
    return [
        (f"{reverse('effect_chart', kwargs={'form': form})}?{query}", form.upper())
        for form in ("png", "svg", "csv")
    ]


@needs(Capability.SEE_RATES)
def effect_chart(request: HttpRequest, form: str) -> HttpResponse:
    question_form = EffectForm(request.GET.dict(), user=request.user)
    if not question_form.is_valid():
        raise Http404(form)
    try:
        effect = effect_of_action(request.user, question_form.question())
    except QuestionError as error:
        raise Http404(str(error)) from error
    file_name = f"effect-{effect.held_from.isoformat()}"
    return download(chart_of(effect), form, file_name=file_name)


urlpatterns = [
    path("effects/", effects, name="effects"),
    path("effects/chart.<str:form>", effect_chart, name="effect_chart"),
]
