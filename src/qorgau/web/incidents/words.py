"""Words for what the register computes of an incident."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from qorgau.records.incidents.fields import INCIDENT_FIELDS, Use
from qorgau.records.incidents.models import Incident

SEVERITY_BASES = {
    "injury": _("by the injuries"),
    "cost": _("by the cost of the damage"),
    "both": _("by both the injuries and the cost"),
    "none": _("not classed yet: no injury and no cost is recorded"),
    "cost_unknown_currency": _("not classed: no threshold is set for the currency of the cost"),
}


@dataclass(frozen=True)
class Fact:
    """A field of an incident with its value, as the page of the incident lists it."""

    label: str
    value: str


def facts_of(incident: Incident) -> list[Fact]:
    """The fields that are listed among the facts; what is empty is left out."""
    facts = []
    for field in INCIDENT_FIELDS.used_for(Use.FACT):
        value = getattr(incident, field.name)
        if value not in (None, ""):
            labels = dict(field.choices.choices) if field.choices else {}
            shown = number_format(value) if isinstance(value, float) else labels.get(value, value)
            facts.append(Fact(str(capfirst(field.label)), str(shown)))
    return facts


@dataclass(frozen=True)
class Difference:
    """A field that has another value in the register than in what a person typed."""

    label: str
    in_register: str
    typed: str


def differences(form: forms.ModelForm, now: Incident) -> list[Difference]:
    """Where the input differs from the incident after another person's changes."""
    found = []
    for bound in form.visible_fields():
        typed = form.cleaned_data.get(bound.name)
        stored = getattr(now, bound.name)
        if typed != stored and (typed or stored):
            found.append(Difference(str(bound.label), _shown(bound, stored), _shown(bound, typed)))
    return found


def _shown(bound: forms.BoundField, value: object) -> str:
    """The label of a choice; otherwise the value as text."""
    labels = dict(getattr(bound.field, "choices", ())) if isinstance(value, str) else {}
    return "–" if value in (None, "") else str(labels.get(value, value))
