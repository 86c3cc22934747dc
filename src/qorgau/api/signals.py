"""Signals: what rose, and what a person decided about it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qorgau.analysis.signals.stored_signals import signals_in_words
from qorgau.api.parameters import (
    PageOfRows,
    PageParameters,
    Parameters,
    Text,
    Word,
    requested_rows,
    unit_named,
)
from qorgau.api.problems import answered_with
from qorgau.api.sign_in import BearerToken
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import latest_subtree
from qorgau.records.signals.choices import CountedIncidents, SignalState
from qorgau.records.signals.models import Signal
from qorgau.records.signals.queries import signals_visible_to
from qorgau.records.signals.services import triage_signal

router = Router(tags=["signals"], auth=BearerToken(Capability.SEE_SIGNALS))


class SignalsParameters(PageParameters):
    unit: Word = Field("", description="Code of a unit; signals below it are included")
    state: list[SignalState] = Field([], description="May be given several times")


class SignalLine(Schema):
    uuid: UUID
    unit: str = Field(description="Code of the unit; everything below it was counted")
    unit_name: str
    sentence: str = Field(description="What rose, how unusual it is, and what to look at")
    measure: str = Field(description="What was counted: a kind, or a kind with a cause")
    first_week: dt.date = Field(description="Monday of the first week of the rise")
    last_week: dt.date
    observed: float
    expected: float
    upper_bound: float
    p_value: float | None
    state: SignalState
    counted: CountedIncidents = Field(
        description="all: exact figures, only for those who may see exact counts; plain: without"
        " confidential incidents"
    )
    is_synthetic: bool

    @staticmethod
    def resolve_unit(signal: Signal) -> str:
        return signal.unit.code


class RunDetail(Schema):
    """How the signal was found."""

    uuid: UUID
    week_start: dt.date
    as_of: dt.datetime
    method: str
    method_version: str
    parameters: dict[str, Any]
    caveats: list[Any]
    series_tested: int
    series_untested: int


class SignalDetail(SignalLine):
    reason: str
    triaged_at: dt.datetime | None
    version: int = Field(description="Send it as `seen_version` with your decision")
    run: RunDetail


class Decision(Parameters):
    to: SignalState
    reason: Annotated[Text, Field(max_length=5000)] = ""
    seen_version: int | None = Field(
        None, description="The `version` decided upon; if it has changed since: 409"
    )


@router.get("/signals", response=answered_with(PageOfRows[SignalLine], 400))
def signals(request: HttpRequest, parameters: Query[SignalsParameters]) -> dict[str, Any]:
    """Signals of your units, the newest first."""
    user = request.auth
    found = signals_visible_to(user)
    if parameters.unit:
        unit = unit_named(user, parameters.unit, Capability.SEE_SIGNALS)
        found = found.filter(unit_id__in=latest_subtree(unit))
    if parameters.state:
        found = found.filter(state__in=parameters.state)
    return requested_rows(found, parameters, key=("-last_week", "-id"), shape=_in_words)


@router.get("/signals/{uuid:uuid}", response=answered_with(SignalDetail, 404))
def signal(request: HttpRequest, uuid: UUID) -> Signal:
    """One signal with the run that found it."""
    return _in_words([_signal_or_404(request.auth, uuid)])[0]


@router.post("/signals/{uuid:uuid}/decision", response=answered_with(SignalDetail, 400, 404, 409))
def decide(request: HttpRequest, uuid: UUID, parameters: Decision) -> Signal:
    """Decide what a signal is, and why."""
    found = _signal_or_404(request.auth, uuid)
    decided = triage_signal(signal=found, acting_user=request.auth, **parameters.model_dump())
    return _in_words([decided])[0]


def _in_words(signals: list[Signal]) -> list[Signal]:
    for one in signals_in_words(signals):
        one.signal.unit_name, one.signal.sentence = one.unit_name, one.sentence
    return signals


def _signal_or_404(user: User, uuid: UUID) -> Signal:
    found = signals_visible_to(user).filter(uuid=uuid).first()
    if found is None:
        raise Http404(uuid)
    return found
