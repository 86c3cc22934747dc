"""How a day and a minute are entered on every form: by the device's own means."""

from __future__ import annotations

from django import forms

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
