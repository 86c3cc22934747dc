"""How to show a state: an icon, a tone and a word, the same on every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qorgau.records.incidents.choices import IncidentState, ReportState, SeverityClass
from qorgau.records.signals.choices import SignalState

# (icon, tone); "attention" means that somebody has to act, "urgent" is rare.
STATES: dict[str, tuple[str, str]] = {
    ReportState.RECEIVED: ("inbox", "attention"),
    ReportState.ACCEPTED: ("check", ""),
    ReportState.MERGED: ("merge", ""),
    ReportState.CLOSED: ("check", ""),
    IncidentState.TRIAGED: ("circle", "attention"),
    IncidentState.UNDER_INVESTIGATION: ("half", ""),
    IncidentState.AWAITING_ENDORSEMENT: ("clock", "attention"),
    SignalState.NEW: ("signal", "attention"),
    SignalState.EXPLAINED: ("check", ""),
    SignalState.DISMISSED: ("close", ""),
}
SEVERITIES: dict[str, tuple[str, str]] = {
    SeverityClass.A: ("warning", "urgent"),
    SeverityClass.B: ("warning", "urgent"),
    SeverityClass.C: ("half", ""),
    SeverityClass.D: ("circle", ""),
    SeverityClass.E: ("circle", ""),
    SeverityClass.UNCLASSED: ("circle", ""),
}
# (icon, tone, word) for a unit's rate among others; a low rate may mean that little is reported.
FUNNEL_POSITIONS = {
    "within": ("circle", "", _("Within the lines")),
    "above_95": ("up", "attention", _("Above the 95% line")),
    "above_998": ("up", "urgent", _("Above the 99.8% line")),
    "below_95": ("down", "", _("Below the 95% line")),
    "below_998": ("down", "attention", _("Below the 99.8% line")),
    "not_compared": ("info", "", _("Not compared: the count is a range")),
    "unknown": ("info", "", _("No person-time")),
}
