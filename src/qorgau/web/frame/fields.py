"""Fields of several forms: a day and a minute with the device's own controls, severity class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qorgau.records.incidents.choices import SeverityClass, severity_class_typed

LOCAL_MINUTE = "%Y-%m-%dT%H:%M"


class DayInput(forms.DateInput):
    """The device's own way to choose a date."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LocalMinuteInput(forms.DateTimeInput):
    """The device's own way to choose a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL_MINUTE, attrs={"class": "narrow"})


class SeverityField(forms.ChoiceField):
    """One of the severity classes, or all; accepts Cyrillic letters of the same shape."""

    def __init__(self) -> None:
        classes = [choice for choice in SeverityClass.choices if choice[0]]
        super().__init__(
            label=_("Severity"), choices=[("", _("All classes")), *classes], required=False
        )

    def to_python(self, value: Any) -> str:
        return severity_class_typed(super().to_python(value))

    def prepare_value(self, value: Any) -> str:
        return severity_class_typed(value or "")
