"""Decisions about signals on plain values."""

from __future__ import annotations

import datetime as dt

from qorgau.records.signals.choices import SignalState

# A rise with no more than this many calm weeks between is the same event going on.
CALM_WEEKS_WITHIN_ONE_EVENT = 2

TRANSITIONS: dict[str, frozenset[str]] = {
    SignalState.NEW: frozenset(
        {SignalState.UNDER_INVESTIGATION, SignalState.EXPLAINED, SignalState.DISMISSED}
    ),
    SignalState.UNDER_INVESTIGATION: frozenset({SignalState.EXPLAINED, SignalState.DISMISSED}),
    SignalState.EXPLAINED: frozenset({SignalState.UNDER_INVESTIGATION}),
    SignalState.DISMISSED: frozenset({SignalState.UNDER_INVESTIGATION}),
}

# Nobody has explained or dismissed it yet.
OPEN_STATES = (SignalState.NEW, SignalState.UNDER_INVESTIGATION)


def may_move(state: str, to: str) -> bool:
    return to in TRANSITIONS[state]


def continues(last_week: dt.date, week: dt.date) -> bool:
    """Whether a rise in ``week`` is the event last seen in ``last_week``, going on."""
    return (
        dt.timedelta(0) <= week - last_week <= dt.timedelta(weeks=1 + CALM_WEEKS_WITHIN_ONE_EVENT)
    )
