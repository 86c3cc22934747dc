"""The form about an action: where, what to count, since when, and the unit to compare with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qorgau.analysis.effect.question import WEEKS_AFTER, WEEKS_BEFORE, EffectQuestion
from qorgau.analysis.figures.measures import CAUSES
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Cause, Kind
from qorgau.web.frame.fields import DayInput
from qorgau.web.frame.unit_names import UnitField

SPANS = [
    (13, _("3 months")),
    (26, _("6 months")),
    (52, _("1 year")),
    (104, _("2 years")),
    (156, _("3 years")),
    (260, _("5 years")),
]


def cause_choices() -> list[tuple[str, str | Promise | list[tuple[str, str | Promise]]]]:
    """Every cause under its branch; the branch itself counts all its causes."""
    choices: list[Any] = [("", _("All causes"))]
    for branch in (cause for cause in CAUSES if "." not in cause):
        twigs = [(c, Cause(c).label) for c in CAUSES if c.startswith(f"{branch}.")]
        label = Cause(branch).label
        choices += [(label, [(branch, _("%(cause)s: all") % {"cause": label}), *twigs])]
    return choices


class EffectForm(forms.Form):
    """Its values are in the address; without any the page explains itself."""

    kind = forms.ChoiceField(label=_("What is counted"), choices=Kind.choices)
    cause = forms.ChoiceField(label=_("Cause"), required=False)
    since = forms.DateField(label=_("First day of the action"), widget=DayInput())
    before = forms.TypedChoiceField(
        label=_("Period before the action"),
        choices=SPANS,
        coerce=int,
        empty_value=WEEKS_BEFORE,
        required=False,
    )
    after = forms.TypedChoiceField(
        label=_("Period after the action"),
        choices=SPANS,
        coerce=int,
        empty_value=WEEKS_AFTER,
        required=False,
    )

    field_order = ["unit", "kind", "cause", "since", "compared", "before", "after"]

    def __init__(self, sent: dict[str, str], *, user: User) -> None:
        usual = {"kind": Kind.INJURY.value, "before": str(WEEKS_BEFORE), "after": str(WEEKS_AFTER)}
        given = {name: value for name, value in sent.items() if value}
        super().__init__(usual | given if given else None, initial=usual)
        self.fields["cause"].choices = cause_choices()
        self.fields["unit"] = UnitField(label=_("Unit"), user=user, capability=Capability.SEE_RATES)
        self.fields["compared"] = UnitField(
            label=_("Compared with"),
            user=user,
            capability=Capability.SEE_RATES,
            required=False,
            initial=None,
            empty_label=gettext("Only its own past"),
        )
        self.order_fields(self.field_order)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("unit", "kind", "cause", "since")]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("compared", "before", "after")]

    @property
    def has_further(self) -> bool:
        """Whether a hidden field has a value other than the default, or an error."""
        return any(
            field.errors or (self.is_bound and field.value() not in ("", None, field.initial))
            for field in self.further_fields
        )

    def question(self) -> EffectQuestion:
        """The question of a valid form."""
        values = self.cleaned_data
        return EffectQuestion(
            unit=values["unit"],
            measure=f"{values['kind']}:{values['cause']}" if values["cause"] else values["kind"],
            held_from=values["since"],
            weeks_before=values["before"],
            weeks_after=values["after"],
            compared_with=values["compared"],
        )
