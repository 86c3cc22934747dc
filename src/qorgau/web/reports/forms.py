"""What a person fills in to report: few fields, most of them with a sensible value already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qorgau.foundation import clock
from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Kind, Precision
from qorgau.records.incidents.fields import INCIDENT_FIELDS
from qorgau.records.incidents.models import MOST_INJURED
from qorgau.records.reporting.models import ReportingPoint
from qorgau.web.frame.fields import LocalMinuteInput
from qorgau.web.frame.unit_names import UnitField, names_of

HERE, ELSEWHERE = "here", "elsewhere"


def _hidden_degrees(name: str) -> forms.FloatField:
    """Filled by the device, within the bounds of the register."""
    field = INCIDENT_FIELDS[name]
    return forms.FloatField(
        min_value=field.least, max_value=field.most, required=False, widget=forms.HiddenInput
    )


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What are you reporting?"), choices=Kind.choices, widget=forms.RadioSelect
    )
    narrative = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words. No names are needed."),
        max_length=INCIDENT_FIELDS["narrative"].longest_characters,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # The initial value is sent back too, so that a chosen time can be distinguished from it.
    occurred_at = forms.DateTimeField(
        label=_("When?"), widget=LocalMinuteInput(), show_hidden_initial=True
    )
    place = forms.CharField(
        label=_("Where?"),
        help_text=_("For example: gate 2, workshop, kilometre 14 of the road."),
        max_length=INCIDENT_FIELDS["place"].longest_characters,
        required=False,
    )
    injured_count = forms.IntegerField(
        label=_("How many people were hurt?"),
        min_value=0,
        validators=[MaxValueValidator(MOST_INJURED)],
        initial=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "narrow"}),
    )
    immediate_action = forms.CharField(
        label=_("What was done at once?"),
        max_length=INCIDENT_FIELDS["immediate_action"].longest_characters,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_anonymous = forms.BooleanField(
        label=_("Send without my name"),
        help_text=_(
            "We will not be able to contact you. You will get a code to check what happened to"
            " your report."
        ),
        required=False,
    )
    latitude = _hidden_degrees("latitude")
    longitude = _hidden_degrees("longitude")
    # Made before sending: the same form sent twice over a bad line is one report.
    submission_key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    field_order = ("kind", "narrative", "occurred_at", "unit", "about", "place")

    def __init__(
        self,
        *args: Any,
        user: User | None,
        point: ReportingPoint | None = None,
        **kwargs: Any,
    ) -> None:
        now = timezone.localtime(clock.now())
        initial = {"submission_key": new_submission_key(), "occurred_at": now}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.point = point
        if point:
            self._begin_at(point)
        if user is None:
            # This person has no account, so there is no question whether to be anonymous.
            del self.fields["is_anonymous"]
        else:
            self.fields["unit"] = UnitField(
                label=_("Which unit is it about?"), user=user, capability=Capability.REPORT
            )
        self.order_fields(self.field_order)

    def _begin_at(self, point: ReportingPoint) -> None:
        """Unit and place of a reporting point, which the sender sees and may change."""
        name = names_of([point.unit_id]).get(point.unit_id) or point.unit.code
        choices = [(HERE, name), (ELSEWHERE, _("Another unit, or I do not know"))]
        self.fields["about"] = forms.ChoiceField(
            label=_("Which unit is it about?"),
            choices=choices,
            initial=HERE,
            widget=forms.RadioSelect,
        )
        self.initial["place"] = point.place_in_words

    def clean_injured_count(self) -> int:
        return self.cleaned_data["injured_count"] or 0

    def clean(self) -> dict[str, Any]:
        """Of an anonymous report the day is kept, unless the sender chose a time.

        The time that the form begins with is the time when it was opened.
        """
        cleaned = super().clean()
        is_anonymous = cleaned.get("is_anonymous", "is_anonymous" not in self.fields)
        if is_anonymous and "occurred_at" in cleaned and "occurred_at" not in self.changed_data:
            day = timezone.localtime(cleaned["occurred_at"])
            cleaned["occurred_at"] = day.replace(hour=0, minute=0, second=0, microsecond=0)
            cleaned["precision"] = Precision.DAY
        if self.point:
            cleaned |= self._at(self.point)
        return cleaned

    def _at(self, point: ReportingPoint) -> dict[str, Any]:
        """The unit if it was left as it was, and what the register knows of the place likewise."""
        fields: dict[str, Any] = {}
        if self.cleaned_data.pop("about", ELSEWHERE) == HERE:
            fields["unit"] = point.unit
        if point.site and self.cleaned_data.get("place") == point.place_in_words:
            fields |= {"site": point.site, "area": point.site.area}
        return fields


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        help_text=_("3 groups of 4 letters and digits, for example 7Q2K-0M9X-HB4T."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "narrow code"}
        ),
    )
