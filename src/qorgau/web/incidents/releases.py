"""What the reporters of an incident are shown: released, corrected, withdrawn on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.reporting.models import ReleasedFinding
from qorgau.records.reporting.queries import has_reporters, released_findings
from qorgau.records.reporting.services import (
    release_finding_to_reporter,
    withdraw_released_finding,
)
from qorgau.web.incidents.forms import ReasonForm, ReleaseForm
from qorgau.web.incidents.steps import Step

RELEASE = Step("release", _("Tell the reporter"), (), "", ReleaseForm, release_finding_to_reporter)
CORRECT = replace(RELEASE, label=_("Correct the text"))
WITHDRAW = Step("withdraw", _("Withdraw the text"), (), "", ReasonForm, withdraw_released_finding)
RELEASE_STEPS = {step.name: step for step in (RELEASE, WITHDRAW)}


def release_of(incident: Incident) -> ReleasedFinding | None:
    return released_findings([incident]).get(incident.pk)


def release_step(name: str, incident: Incident) -> Step | None:
    """The step of that name; to release again is to correct."""
    return CORRECT if name == RELEASE.name and release_of(incident) else RELEASE_STEPS.get(name)


def release_steps(
    incident: Incident, released: ReleasedFinding | None, bound: dict[str, forms.Form]
) -> list[tuple[Step, forms.Form]]:
    """The steps with their forms; none where there is nobody to tell."""
    if incident.state == IncidentState.MERGED or not (released or has_reporters(incident)):
        return []
    steps = [CORRECT, WITHDRAW] if released else [RELEASE]
    return [(step, bound.get(step.name) or _form(step, released)) for step in steps]


def _form(step: Step, released: ReleasedFinding | None) -> forms.Form:
    initial: dict[str, Any] = {"text": released.text if released else ""}
    return step.form(initial=initial, auto_id=f"{step.name}_%s")
