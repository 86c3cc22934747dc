"""The steps that move an incident on, and which of them are open to a person now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.models import User
from qorgau.records.incidents import services
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.rules import may_move_incident
from qorgau.web.incidents.forms import FindingForm, MergeForm, ReasonForm

_S = IncidentState


@dataclass(frozen=True)
class Step:
    """A step: from which states it leads to which, its form, and the service it calls."""

    name: str
    label: str | Promise
    begins: tuple[str, ...]
    to: str | None  # None: the state that it had before.
    form: type[forms.Form]
    service: Callable[..., Incident]

    def form_for(self, incident: Incident, user: User, data: Any = None) -> forms.Form:
        options: dict[str, Any] = {"user": user} if self.form is MergeForm else {}
        return self.form(
            data, initial={"finding": incident.finding}, auto_id=f"{self.name}_%s", **options
        )


STEPS = {
    step.name: step
    for step in (
        Step(
            "investigate",
            _("Start the investigation"),
            (_S.TRIAGED,),
            _S.UNDER_INVESTIGATION,
            forms.Form,
            services.begin_investigation,
        ),
        Step(
            "endorse",
            _("Submit the finding for endorsement"),
            (_S.UNDER_INVESTIGATION,),
            _S.AWAITING_ENDORSEMENT,
            FindingForm,
            services.submit_for_endorsement,
        ),
        Step(
            "close",
            _("Close the incident"),
            (_S.TRIAGED, _S.AWAITING_ENDORSEMENT),
            _S.CLOSED,
            FindingForm,
            services.close_incident,
        ),
        Step(
            "return",
            _("Return to the investigation"),
            (_S.AWAITING_ENDORSEMENT,),
            _S.UNDER_INVESTIGATION,
            ReasonForm,
            services.return_to_investigation,
        ),
        Step(
            "reopen",
            _("Reopen"),
            (_S.CLOSED,),
            _S.UNDER_INVESTIGATION,
            ReasonForm,
            services.reopen_incident,
        ),
        Step(
            "merge",
            _("Merge into another incident"),
            (_S.TRIAGED, _S.UNDER_INVESTIGATION),
            _S.MERGED,
            MergeForm,
            services.merge_incidents,
        ),
        Step(
            "unmerge",
            _("Undo the merge"),
            (_S.MERGED,),
            None,
            ReasonForm,
            services.undo_merge,
        ),
    )
}


def open_steps(incident: Incident) -> list[Step]:
    return [
        step
        for step in STEPS.values()
        if incident.state in step.begins
        and (step.to is None or may_move_incident(incident.state, step.to))
    ]
