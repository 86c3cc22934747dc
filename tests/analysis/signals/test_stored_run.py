"""What a detection run stores can be read back, also from rows that earlier versions stored."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.caveats import SignalCaveatFacts
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import ExplainedRise
from qorgau.analysis.signals.stored_run import StoredRun, rise_records, run_record, stored_run
from qorgau.foundation.identity.roles import Role
from qorgau.records.signals.models import DetectionRun
from qorgau.records.signals.services import record_detection_run
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before

# As the register held it before this module was there.
STORED_BEFORE = {
    "unit": "B",
    "week": "2024-05-06",
    "alpha": "0.002",
    "least_cases": "4",
    "false_discovery_rate": "0.2",
    "history_begins": "2019-03-18",
    "counted": "incidents",
    "false_alarm_method": "tree Benjamini-Hochberg",
    "caveat_facts": {
        "is_synthetic": True,
        "is_open": False,
        "units_by_ears": 1,
        "units_untested": 2,
        "rises_without_person_time": 3,
        "series_tested": 400,
        "alpha": 0.002,
        "false_discovery_rate": 0.2,
        "rises_withheld": 5,
        "share_reported": 0.75,
    },
    "explained": {
        "3 COY injury:fall.height": [
            {"unit_code": "B-1", "measure": "injury:fall", "observed": 6.0, "upper_bound": 2.5}
        ]
    },
}


def test_a_row_stored_before_is_read_as_it_was_meant():
    assert stored_run(DetectionRun(parameters=STORED_BEFORE)) == StoredRun(
        alpha=0.002,
        least_cases=4,
        history_begins=dt.date(2019, 3, 18),
        false_alarm_method="tree Benjamini-Hochberg",
        caveat_facts=SignalCaveatFacts(True, False, 1, 2, 3, 400, 0.002, 0.2, 5, 0.75),
        explained={
            ("3 COY", "injury:fall.height"): (ExplainedRise("B-1", "injury:fall", 6.0, 2.5),)
        },
    )


@pytest.mark.parametrize(
    "parameters",
    [{}, {"caveat_facts": {}, "explained": {}}, {"caveat_facts": {"of_a_later_version": 1}}],
)
def test_what_was_not_stored_has_its_usual_value(parameters):
    assert stored_run(DetectionRun(parameters=parameters)) == StoredRun()


def test_what_was_found_is_read_back(db):
    units = make_units()
    analyst = make_user("analyst", Role.ANALYST, units["B"])
    happen(units["B-2"], *map(weeks_before, range(4, 160, 4)), cause="exertion.running")
    happen(units["B-1-1"], WEEK, number=6, cause="fall.height")
    (result,) = rising_signals(analyst, SignalQuestion(units["B"], WEEK, least_cases=2))
    run = record_detection_run(
        record=run_record(result, units["B"]), rises=rise_records(result), acting_user=analyst
    )
    run.refresh_from_db()
    (rise,) = result.rises
    source = result.provenance
    assert (run.as_of, run.method, run.method_version) == (
        source.as_of, source.method, source.version
    )  # fmt: skip
    kept = stored_run(run)
    assert (kept.alpha, kept.least_cases) == (0.001, 2)
    assert kept.history_begins == dt.date.fromisoformat(source.inputs["history_begins"])
    assert kept.false_alarm_method == result.false_alarm_method
    assert kept.caveat_facts == result.caveat_facts
    assert rise.explains
    assert kept.explained == {(rise.unit_code, rise.measure): rise.explains}
    signal = run.signals.get()
    assert (signal.unit.code, signal.measure) == (rise.unit_code, rise.measure)
    assert (signal.observed, signal.expected) == (rise.observed, rise.expected)
    assert signal.score == rise.score
