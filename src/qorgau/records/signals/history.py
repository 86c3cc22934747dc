"""What the journal holds of detection runs and signals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.languages import short_day
from qorgau.records.signals.choices import SignalState
from qorgau.records.signals.models import DetectionRun, Signal


@dataclass(frozen=True)
class DetectionRecorded(JournalAction):
    unit: str
    week: dt.date
    method: str
    rises: int
    new_signals: int

    key = "signals.detection_run"
    label = gettext_lazy("Detection run")
    subject_kind = "detection_run"
    subject_label = DetectionRun._meta.verbose_name

    def sentence(self) -> str:
        return _("Detection run: unit %(unit)s, week of %(week)s") % {
            "unit": self.unit,
            "week": short_day(self.week),
        }

    def note(self) -> str:
        return _("Rises: %(rises)s, of these new signals: %(new)s") % {
            "rises": self.rises,
            "new": self.new_signals,
        }


@dataclass(frozen=True)
class SignalTriaged(JournalAction):
    to: str
    reason: str = ""

    key = "signals.signal_triaged"
    label = gettext_lazy("Decided")
    subject_kind = "signal"
    subject_label = Signal._meta.verbose_name

    def sentence(self) -> str:
        return capfirst(str(SignalState(self.to).label))

    def note(self) -> str:
        return self.reason


ACTIONS: tuple[type[JournalAction], ...] = (DetectionRecorded, SignalTriaged)
