"""Forms for incidents: search, editing, the next step, involved people and their injuries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Cause, IncidentState, Kind
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    Use,
)
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson
from qorgau.records.incidents.queries import IncidentFilter, incident_visible_to
from qorgau.records.incidents.rules import OPEN_STATES
from qorgau.records.people.queries import people_visible_to
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.queries import areas_visible_to, regions_and
from qorgau.records.reporting.models import LONGEST_RELEASE
from qorgau.web.frame.fields import DayInput, LocalMinuteInput, SeverityField
from qorgau.web.frame.unit_names import UnitField

OPEN = "open"


class IncidentFilterForm(forms.Form):
    """Which incidents are shown; everything is optional, and part of the address."""

    q = forms.CharField(label=_("Number or words"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All states")), (OPEN, _("Open")), *IncidentState.choices],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False
    )
    severity = SeverityField()
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[("", _("All causes")), *[c for c in Cause.choices if "." not in c[0]]],
        required=False,
    )
    since = forms.DateField(label=_("From"), widget=DayInput(), required=False)
    until = forms.DateField(label=_("To"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.SEE_INCIDENTS,
            required=False,
            initial=None,
            empty_label=gettext("All units"),
        )
        self.fields["area"] = forms.ModelChoiceField(
            label=_("Area"),
            queryset=regions_and(user, self.data.get("area", "")),
            to_field_name="uuid",
            required=False,
            empty_label=gettext("All areas"),
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("q", "unit", "state")]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "severity", "cause", "area", "since", "until")]

    @property
    def has_further(self) -> bool:
        return any(field.value() for field in self.further_fields)

    def matching(self, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
        """Those of the incidents that the filter lets through; a wrong field lets all through."""
        self.is_valid()
        fields = self.cleaned_data
        state = fields.get("state")
        wanted = IncidentFilter(
            words=fields.get("q", ""),
            unit=fields.get("unit"),
            area=fields.get("area"),
            states=OPEN_STATES if state == OPEN else (state,) if state else (),
            kind=fields.get("kind", ""),
            severity_class=fields.get("severity", ""),
            cause=fields.get("cause", ""),
            since=fields.get("since"),
            until=fields.get("until"),
        )
        return incidents.filter(wanted.conditions())


class IncidentForm(forms.ModelForm):
    """The fields of an incident that a person may change."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Incident
        fields = [name for name in INCIDENT_FIELDS.names(Use.FORM) if name != "unit"]
        widgets = {
            "occurred_at": LocalMinuteInput(),
            "narrative": forms.Textarea(attrs={"rows": 5}),
            "immediate_action": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = ("kind", "occurred_at", "precision", "unit", "place", "area")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incident = self.instance
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.EDIT_INCIDENTS,
            initial=incident.unit.code,
        )
        # Districts and settlements are thousands: the regions, and the one that is set.
        here = Q(level=AreaLevel.REGION) | Q(pk=incident.area_id)
        self.fields["area"].queryset = areas_visible_to(user).filter(here)
        self.initial["seen_version"] = incident.version
        self.order_fields(self.field_order)

    def changes(self) -> dict[str, Any]:
        """What the service is to set."""
        return {name: v for name, v in self.cleaned_data.items() if name != "seen_version"}

    def see_version(self, version: int) -> None:
        """The person was shown how the record is now, and may save over it."""
        self.data = self.data.copy()
        self.data["seen_version"] = str(version)


class FindingForm(forms.Form):
    finding = forms.CharField(
        label=_("Finding"),
        help_text=_("What happened and why, in at least one sentence."),
        max_length=INCIDENT_FIELDS["finding"].longest_characters,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is added to the incident's history."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReleaseForm(forms.Form):
    text = forms.CharField(
        label=_("Shown to the reporter"),
        help_text=_(
            "What was decided, and what was done because of the report. Whoever has the receipt"
            " code reads it: no names, nothing about anybody's health."
        ),
        max_length=LONGEST_RELEASE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IncidentNumberField(forms.CharField):
    """The number of an incident that the user may see; gives the incident."""

    def __init__(self, *, user: User, capability: Capability, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.user, self.capability = user, capability

    def clean(self, value: str) -> Incident | None:
        number = super().clean(value)
        found = incident_visible_to(self.user, number, self.capability) if number else None
        if number and found is None:
            raise ValidationError(
                _(
                    "There is no incident %(number)s in your units. Check the number, for"
                    " example 2026-0481903."
                ),
                params={"number": number},
            )
        return found


class MergeForm(forms.Form):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = IncidentNumberField(
            label=_("Number of the incident that stays"),
            user=user,
            capability=Capability.EDIT_INCIDENTS,
        )


class InvolvedForm(forms.ModelForm):
    """A person who was hurt, saw it, or contributed to it; a code says who it is."""

    class Meta:
        model = InvolvedPerson
        fields = [name for name in INVOLVED_PERSON_FIELDS.names(Use.FORM) if name != "person"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(
            label=_("Code of the person"),
            help_text=_("Leave this empty if the person is not in the register of people."),
            queryset=people_visible_to(user),
            to_field_name="code",
            required=False,
            widget=forms.TextInput(attrs={"class": "narrow", "autocomplete": "off"}),
            error_messages={
                "invalid_choice": _("Nobody in your units has this code. Check the code.")
            },
        )
        self.order_fields(("role", "person"))


class InjuryForm(forms.ModelForm):
    class Meta:
        model = Injury
        fields = INJURY_FIELDS.names(Use.FORM)

    field_order = ("body_region", "side")
