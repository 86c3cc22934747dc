"""Detection runs: what rises is looked for, and stored with its signals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import RisingSignals
from qorgau.analysis.signals.stored_run import rise_records, run_record
from qorgau.foundation.identity.models import User
from qorgau.foundation.transactions import in_one_transaction
from qorgau.records.people.models import Unit
from qorgau.records.signals.choices import CountedIncidents
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
    weeks are stored, or none. Everything is done twice: over all incidents, and without those that
    are confidential, for readers who may not see exact counts. The runs over all are returned.
    """
    found = {
        counted: rising_signals(reader, replace(question, counted=counted), weeks=weeks)
        for counted in CountedIncidents.values
    }
    stored = in_one_transaction(
        lambda: {
            counted: [_store(result, question.unit, acting_user) for result in results]
            for counted, results in found.items()
        }
    )
    return stored[CountedIncidents.ALL]


def _store(result: RisingSignals, unit: Unit, acting_user: User | None) -> FinishedRun:
    run = record_detection_run(
        record=run_record(result, unit), rises=rise_records(result), acting_user=acting_user
    )
    return FinishedRun(run, result)
