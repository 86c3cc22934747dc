"""The filter of signals, and a person's decision about one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.signals.choices import SignalState
from qorgau.records.signals.models import Signal
from qorgau.records.signals.rules import OPEN_STATES, TRANSITIONS
from qorgau.web.frame.unit_names import UnitField

OPEN, EVERY = "open", "every"


class SignalFilterForm(forms.Form):
    """The filter; without a choice, the signals that nobody has explained or dismissed yet."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(OPEN, _("Open")), (EVERY, _("All states")), *SignalState.choices],
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.SEE_SIGNALS,
            required=False,
            initial=None,
            empty_label=gettext("All units"),
        )

    def matching(self, signals: QuerySet[Signal]) -> QuerySet[Signal]:
        """The signals that match the filter; an invalid field does not filter."""
        self.is_valid()
        state, unit = self.cleaned_data.get("state") or OPEN, self.cleaned_data.get("unit")
        if state == OPEN:
            signals = signals.filter(state__in=OPEN_STATES)
        elif state != EVERY:
            signals = signals.filter(state=state)
        return signals.filter(unit=unit) if unit else signals


class TriageSignalForm(forms.Form):
    """A person decides what the signal is, and why."""

    to = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Required to explain or dismiss the signal. People who look at it later will read this."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )
    # Not always optional: the help says when it has to be given.
    reason.is_needed_for_some = True
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    CHOICES = {
        SignalState.UNDER_INVESTIGATION: _("Investigate: the cause is not known yet"),
        SignalState.EXPLAINED: _("Explain: the cause is known"),
        SignalState.DISMISSED: _("Dismiss: chance or a data error"),
    }

    def __init__(self, *args: Any, signal: Signal, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen_version": signal.version}, **kwargs)
        open_steps = TRANSITIONS[signal.state]
        self.fields["to"].choices = [
            (state, label) for state, label in self.CHOICES.items() if state in open_steps
        ]

    def see_version(self, version: int) -> None:
        """Let the next attempt change the current version of the record."""
        self.data = self.data.copy()
        self.data["seen_version"] = str(version)
