"""How people choose and read units: today's name and the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import granted_units, latest_versions, units_visible_to

# Longest usable list of choices; if there are more units, the user types the code.
MOST_TO_CHOOSE_FROM = 400


def names_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """The last name of each unit, by id, in the language of the page."""
    return {version.unit_id: str(version) for version in latest_versions(set(unit_ids))}


class UnitField(forms.ModelChoiceField):
    """One of the units for which the user has a capability, their own unit first."""

    def __init__(self, *, user: User, capability: Capability, **options: Any) -> None:
        units = units_visible_to(user, capability)
        shown = list(units.order_by("code")[: MOST_TO_CHOOSE_FROM + 1])
        if len(shown) > MOST_TO_CHOOSE_FROM:
            options.setdefault("help_text", _("Enter the unit's code."))
            options["widget"] = forms.TextInput(attrs={"autocapitalize": "characters"})
        self._names = names_of(unit.pk for unit in shown[:MOST_TO_CHOOSE_FROM])
        options.setdefault("initial", granted_units(user, capability).order_by("code").first())
        super().__init__(queryset=units.order_by("code"), to_field_name="code", **options)

    def label_from_instance(self, unit: Unit) -> str:
        name = self._names.get(unit.pk, "")
        return f"{name} ({unit.code})" if name and name != unit.code else unit.code
