"""Detection runs: what rises is looked for, and stored with its signals."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.results import RisingSignals, SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun
from qorgau.records.signals.services import Rise, RunRecord, record_detection_run


@dataclass(frozen=True)
class StoredRun:
    """A run in the register, and the result that it holds."""

    run: DetectionRun
    result: RisingSignals


def run_detection(
    *, question: SignalQuestion, reader: User, acting_user: User | None, weeks: int = 1
) -> list[StoredRun]:
    """Look for rises as one user sees them, in a week or in the weeks that end with it, and store.

    A rise that goes on updates its signal; the same week looked at again changes only figures.
    All weeks are stored, or none.
    """
    found = rising_signals(reader, question, weeks=weeks)
    with transaction.atomic():
        return [StoredRun(_store(result, question.unit, acting_user), result) for result in found]


def _store(result: RisingSignals, unit: Unit, acting_user: User | None) -> DetectionRun:
    record = RunRecord(
        unit=unit,
        week_start=result.week_start,
        as_of=result.as_of,
        method=result.method,
        method_version=result.version,
        series_tested=result.series_tested,
        series_untested=result.series_untested,
        parameters=result.inputs
        | {
            "false_alarm_method": result.false_alarm_method,
            "caveat_facts": asdict(result.caveat_facts),
            "explained": {
                f"{rise.unit_code} {rise.measure}": [asdict(one) for one in rise.explains]
                for rise in result.rises
                if rise.explains
            },
        },
        caveats=tuple(caveat.key for caveat in result.caveats),
    )
    rises = [
        Rise(
            unit_id=rise.unit_id,
            measure=rise.measure,
            observed=rise.observed,
            expected=rise.expected,
            upper_bound=rise.upper_bound,
            p_value=rise.p_value,
            score=rise.score,
            is_synthetic=rise.is_synthetic,
        )
        for rise in result.rises
    ]
    return record_detection_run(record=record, rises=rises, acting_user=acting_user)
