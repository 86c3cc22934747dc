"""A new reporting point: for which unit, and where it hangs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.fields import INCIDENT_FIELDS
from qorgau.records.places.queries import sites_visible_to
from qorgau.web.frame.unit_names import UnitField


class ReportingPointForm(forms.Form):
    place = forms.CharField(
        label=_("Where does the poster hang?"),
        help_text=_("The form begins with this place, for example: gate 2. It may stay empty."),
        max_length=INCIDENT_FIELDS["place"].longest_characters,
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            label=_("Unit"), user=user, capability=Capability.MANAGE_REPORTING_POINTS
        )
        self.fields["site"] = forms.ModelChoiceField(
            label=_("Site"),
            queryset=sites_visible_to(user),
            to_field_name="uuid",
            required=False,
            empty_label=_("None"),
        )
        self.order_fields(("unit", "site", "place"))
