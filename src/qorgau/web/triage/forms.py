"""What a safety officer decides about a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Cause, ClosingReason, Kind
from qorgau.records.incidents.models import Report
from qorgau.web.frame.fields import LocalMinuteInput
from qorgau.web.frame.unit_names import UnitField
from qorgau.web.incidents.forms import IncidentNumberField


class AcceptForm(forms.Form):
    """The report becomes an incident; what it got wrong is corrected on the way."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    occurred_at = forms.DateTimeField(label=_("When it happened"), widget=LocalMinuteInput())
    cause = forms.ChoiceField(label=_("Cause"), choices=Cause.choices, initial=Cause.UNKNOWN)
    place = forms.CharField(label=_("Where it happened"), max_length=200, required=False)

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        initial = {
            "kind": report.kind,
            "occurred_at": timezone.localtime(report.occurred_at),
            "place": report.place,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.TRIAGE_REPORTS,
            initial=report.unit.code if report.unit else None,
        )
        self.order_fields(("kind", "cause", "unit", "occurred_at", "place"))


class JoinForm(forms.Form):
    """The report tells of an incident that is known."""

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"] = IncidentNumberField(
            label=_("Number of the incident"),
            user=user,
            capability=Capability.TRIAGE_REPORTS,
            widget=forms.TextInput(attrs={"class": "narrow", "placeholder": "2026-000042"}),
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
