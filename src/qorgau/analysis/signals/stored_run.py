"""What a detection run stores of its result, and what pages read back from it.

A run keeps as JSON what has no column: the question, what its caveats follow from, and which
rises each signal explains. Both directions are here, so that no other module knows the keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from qorgau.analysis.signals.caveats import SignalCaveatFacts
from qorgau.analysis.signals.results import ExplainedRise, RisingSignals
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES
from qorgau.records.people.models import Unit
from qorgau.records.signals.models import DetectionRun
from qorgau.records.signals.services import RiseRecord, RunRecord


@dataclass(frozen=True)
class StoredRun:
    """What pages need to know of a run beside its columns.

    Attributes
    ----------
    alpha : float
        One-sided probability of a false alarm for one series in one week.
    least_cases : int
        Fewer cases in a week raised no signal.
    history_begins : date or None
        Day from which the register was complete; None where that is not stored.
    false_alarm_method : str
        Procedure that controlled the false alarms; empty in the first runs, which had none.
    caveat_facts : SignalCaveatFacts
        What the caveats follow from.
    explained : mapping of (str, str) to tuple of ExplainedRise
        By code of the unit and measure: rises that are there because of this one.
    """

    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    history_begins: dt.date | None = None
    false_alarm_method: str = ""
    caveat_facts: SignalCaveatFacts = field(default_factory=SignalCaveatFacts)
    explained: Mapping[tuple[str, str], tuple[ExplainedRise, ...]] = field(default_factory=dict)


def run_record(result: RisingSignals, unit: Unit) -> RunRecord:
    """The run as the register stores it.

    Parameters
    ----------
    result : RisingSignals
        What the run found.
    unit : Unit
        The unit watched.

    Returns
    -------
    RunRecord
    """
    source = result.provenance
    return RunRecord(
        unit=unit,
        week_start=result.week_start,
        as_of=source.as_of,
        method=source.method,
        method_version=source.version,
        series_tested=result.series_tested,
        series_untested=result.series_untested,
        counted=source.inputs["disclosure"],
        parameters=source.inputs
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


def rise_records(result: RisingSignals) -> list[RiseRecord]:
    """The rises of a run as the register stores them."""
    names = [one.name for one in fields(RiseRecord)]
    return [RiseRecord(**{name: getattr(rise, name) for name in names}) for rise in result.rises]


def stored_run(run: DetectionRun) -> StoredRun:
    """Read back what a run stores; what an earlier version did not store has its usual value.

    Parameters
    ----------
    run : DetectionRun

    Returns
    -------
    StoredRun
    """
    kept = run.parameters
    begins = kept.get("history_begins")
    return StoredRun(
        alpha=float(kept.get("alpha", ALPHA)),
        least_cases=int(kept.get("least_cases", LEAST_CASES)),
        history_begins=dt.date.fromisoformat(begins) if begins else None,
        false_alarm_method=kept.get("false_alarm_method", ""),
        caveat_facts=_caveat_facts(kept.get("caveat_facts", {})),
        explained={
            _unit_and_measure(key): tuple(ExplainedRise(**row) for row in rows)
            for key, rows in kept.get("explained", {}).items()
        },
    )


def _caveat_facts(kept: Mapping[str, Any]) -> SignalCaveatFacts:
    known = {one.name for one in fields(SignalCaveatFacts)}
    return SignalCaveatFacts(**{name: value for name, value in kept.items() if name in known})


def _unit_and_measure(key: str) -> tuple[str, str]:
    """A measure has no space; a unit's code may have one."""
    unit_code, _space, measure = key.rpartition(" ")
    return unit_code, measure
