"""Detection runs: what rises is looked for, and stored with its signals."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import RisingSignals
from qorgau.analysis.signals.stored_run import rise_records, run_record
from qorgau.foundation.identity.models import User
from qorgau.records.signals.models import DetectionRun
from qorgau.records.signals.services import record_detection_run


@dataclass(frozen=True)
class FinishedRun:
    """A run in the register, and the result that it was stored from."""

    run: DetectionRun
    result: RisingSignals


def run_detection(
    *, question: SignalQuestion, reader: User, acting_user: User | None, weeks: int = 1
) -> list[FinishedRun]:
    """Look for rises as one user sees them, in a week or in the weeks that end with it, and store.

    A rise that goes on updates its signal; the same week tested again changes only figures. All
    weeks are stored, or none.
    """
    found = rising_signals(reader, question, weeks=weeks)
    with transaction.atomic():
        return [
            FinishedRun(
                record_detection_run(
                    record=run_record(result, question.unit),
                    rises=rise_records(result),
                    acting_user=acting_user,
                ),
                result,
            )
            for result in found
        ]
