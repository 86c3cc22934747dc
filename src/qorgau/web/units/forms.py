"""The form of the unit page: the period, the kinds of incident and the people."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.figures.denominator_words import DENOMINATOR_LABELS
from qorgau.analysis.rates.question import RateQuestion, default_period
from qorgau.records.incidents.choices import Cause, Kind
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Unit
from qorgau.web.frame.fields import DayInput, SeverityField

USUAL_DENOMINATOR, USUAL_DEPTH = "per_1000_person_years", "1"
DEPTHS = [(1, _("1 level below")), (2, _("2 levels below")), (3, _("3 levels below"))]


class UnitFindForm(forms.Form):
    q = forms.CharField(label=_("Code or name"), max_length=80, required=False)


class UnitRateForm(forms.Form):
    """All fields are optional and in the address; the default is twelve months."""

    since = forms.DateField(label=_("From"), widget=DayInput(), required=False)
    until = forms.DateField(label=_("To"), widget=DayInput(), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, required=False)
    category = forms.ChoiceField(
        label=_("Category"),
        choices=[("", _("All personnel")), *[c for c in Category.choices if c[0] != Category.ALL]],
        required=False,
    )
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[("", _("All causes")), *[c for c in Cause.choices if "." not in c[0]]],
        required=False,
    )
    severity = SeverityField()
    per = forms.ChoiceField(
        label=_("Rates"), choices=list(DENOMINATOR_LABELS.items()), required=False
    )
    depth = forms.TypedChoiceField(
        label=_("Compare units"), choices=DEPTHS, coerce=int, empty_value=1, required=False
    )

    def __init__(self, sent: dict[str, str], *, today: dt.date) -> None:
        until = sent.get("until") or today.isoformat()
        try:
            since = default_period(dt.date.fromisoformat(until))[0].isoformat()
        except ValueError:
            since = ""
        usual = {
            "since": since,
            "until": until,
            "kind": Kind.INJURY.value,
            "per": USUAL_DENOMINATOR,
            "depth": USUAL_DEPTH,
            "category": "",
            "cause": "",
            "severity": "",
        }
        super().__init__(usual | {name: value for name, value in sent.items() if value})

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("since", "until", "kind")]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("category", "cause", "severity", "per", "depth")]

    @property
    def has_further(self) -> bool:
        """Whether a hidden field has a value other than the default, or an error."""
        usual = {"per": USUAL_DENOMINATOR, "depth": USUAL_DEPTH}
        return any(
            field.errors or field.value() not in ("", usual.get(field.name))
            for field in self.further_fields
        )

    def question(self, unit: Unit) -> RateQuestion:
        """The question of a valid form."""
        values = self.cleaned_data
        return RateQuestion(
            unit=unit,
            first_day=values["since"],
            last_day=values["until"],
            kinds=(values["kind"],),
            category=values["category"],
            cause=values["cause"],
            severity_classes=(values["severity"],) if values["severity"] else (),
            denominator=values["per"],
            depth=values["depth"],
        )
