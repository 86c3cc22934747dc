"""What a safety officer decides about a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import ClosingReason, Kind
from qorgau.records.incidents.fields import INCIDENT_FIELDS, Use
from qorgau.records.incidents.models import Incident, Report
from qorgau.web.frame.fields import LocalMinuteInput
from qorgau.web.frame.unit_names import UnitField
from qorgau.web.incidents.forms import IncidentNumberField


class AcceptForm(forms.ModelForm):
    """The report becomes an incident; what the report has wrong is corrected first."""

    class Meta:
        model = Incident
        fields = [name for name in INCIDENT_FIELDS.names(Use.TRIAGE) if name != "unit"]
        widgets = {"occurred_at": LocalMinuteInput()}

    field_order = ("kind", "cause", "unit", "occurred_at", "place")

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        carried_over = set(INCIDENT_FIELDS.names(Use.CARRY_OVER)).intersection(self.Meta.fields)
        draft = Incident(**{name: getattr(report, name) for name in carried_over})
        super().__init__(*args, instance=draft, **kwargs)
        self.fields["kind"].choices = Kind.choices
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.TRIAGE_REPORTS,
            initial=report.unit.code if report.unit else None,
        )
        self.order_fields(self.field_order)


class JoinForm(forms.Form):
    """The report is about an incident that is already known."""

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"] = IncidentNumberField(
            label=_("Number of the incident"),
            user=user,
            capability=Capability.TRIAGE_REPORTS,
            widget=forms.TextInput(attrs={"class": "narrow", "placeholder": "2026-0481903"}),
        )


class CloseReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=ClosingReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note to the reporter"),
        help_text=_("The reporter reads it together with the reason."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
