"""A whole force from plain tables: the same signals as of the register, week after week."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from qorgau.analysis.figures.measures import ALL_MEASURES, measure_of, wider
from qorgau.analysis.signals import rises_in_tables as in_tables
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.rises_in_tables import (
    ForceColumns,
    ForceQuestion,
    ForceWeek,
    KnownSignal,
    UnitSpan,
    rises_in_tables,
)
from qorgau.analysis.unit_cause_hierarchy.ancestry import Placement
from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree
from qorgau.foundation.identity.roles import Role
from qorgau.records.signals import rules
from tests.analysis.register_of_weeks import (
    OPENED,
    TREE,
    WEEK,
    happen,
    make_units,
    make_user,
    weeks_before,
)

CODES = [code for code, _parent in TREE]
PARENTS = [CODES.index(parent) if parent else -1 for _code, parent in TREE]
MEASURES = MeasureTree.of(ALL_MEASURES, wider)
FAR = dt.date(2100, 1, 1).toordinal()
Incident = tuple[str, dt.date, str]


def force_of(incidents: list[Incident], strengths: dict[str, list[tuple]] | None = None):
    """Columns of the small brigade; strengths are (first day, strength) of each unit."""
    rows = sorted((CODES.index(unit), day.toordinal(), cause) for unit, day, cause in incidents)
    spans = []
    for unit, parent in enumerate(PARENTS):
        served = (strengths or {}).get(CODES[unit], [(OPENED, None)])
        ends = [*(day.toordinal() for day, _ in served[1:]), FAR]
        for (start, strength), end in zip(served, ends, strict=True):
            spans.append(UnitSpan(Placement(unit, parent, start.toordinal(), end), strength))
    return ForceColumns(
        units=CODES,
        spans=spans,
        measures=MEASURES,
        unit=np.array([row[0] for row in rows], dtype=np.int32),
        cause=np.array(
            [MEASURES.index[measure_of("injury", row[2])] for row in rows], dtype=np.int16
        ),
        day=np.array([row[1] for row in rows], dtype=np.int32),
        cases=np.ones(len(rows), dtype=np.int64),
        begins=min(day for _unit, day, _cause in incidents),
    )


def watched(force: ForceColumns, *known: KnownSignal, **more: object) -> list[ForceWeek]:
    return list(rises_in_tables(force, ForceQuestion(WEEK, **more), known))


@pytest.fixture
def quiet() -> list[Incident]:
    """Five years of an injury every four weeks in each of two units."""
    mondays = [weeks_before(week) for week in range(4, 330, 4)]
    return [
        *(("B-2", day, "exertion.running") for day in mondays),
        *(("B-1-1", day, "fall.same_level") for day in mondays),
    ]


def test_the_register_and_the_tables_say_the_same(db, quiet):
    rises = [("B-1-1", WEEK, "fall.height")] * 6 + [("B-2", WEEK, "exertion.running")] * 5
    units = make_units()
    for unit, day, cause in [*quiet, *rises]:
        happen(units[unit], day, cause=cause)
    analyst = make_user("analyst", Role.ANALYST, units["B"])
    from_register = rising_signals(analyst, SignalQuestion(units["B"], WEEK))[0]
    from_tables = watched(force_of([*quiet, *rises]))[0]
    reported = [
        (r.unit_code, r.measure, r.observed, r.expected, r.upper_bound, r.p_value, len(r.explains))
        for r in from_register.rises
    ]
    assert len(reported) == 2
    assert reported == [
        (s.rise.unit, s.rise.cause, s.rise.observed, s.rise.expected, s.rise.upper_bound,
         s.rise.p_value, len(s.explains))
        for s in from_tables.signals
    ]  # fmt: skip
    assert from_tables.series_tested == from_register.series_tested
    assert from_tables.method.startswith(from_register.provenance.method)


def test_an_event_that_goes_on_keeps_its_first_week(quiet):
    struck = [("B-1-1", day, "fall.height") for day in (weeks_before(1), WEEK) for _ in range(4)]
    weeks = watched(force_of([*quiet, *struck]), weeks=2)
    assert [[(s.rise.unit, s.first_week, s.week) for s in week.signals] for week in weeks] == [
        [("B-1-1", weeks_before(1), weeks_before(1))],
        [("B-1-1", weeks_before(1), WEEK)],
    ]


def test_a_signal_of_an_earlier_run_goes_on_for_a_calm_week_or_two(quiet):
    struck = [("B-1-1", WEEK, "fall.height")] * 4
    force = force_of([*quiet, *struck])
    for weeks, first in ((3, weeks_before(9)), (4, WEEK)):
        known = KnownSignal("B-1-1", "injury:fall.height", weeks_before(9), weeks_before(weeks))
        gone = KnownSignal("B-9", "injury:fall", weeks_before(9), weeks_before(1))
        assert watched(force, known, gone)[0].signals[0].first_week == first


def test_how_long_an_event_goes_on_is_the_registers_rule():
    assert in_tables.CALM_WEEKS_WITHIN_ONE_EVENT == rules.CALM_WEEKS_WITHIN_ONE_EVENT


def test_a_unit_that_doubled_does_not_rise():
    days = [weeks_before(week) + dt.timedelta(days=day) for week in range(1, 300) for day in (0, 3)]
    steady = [("B-2", day, "fall.same_level") for day in days]
    more = [("B-2", WEEK, "fall.same_level")] * 12
    grown = {"B-2": [(OPENED, 100.0), (weeks_before(1), 600.0)]}
    assert watched(force_of([*steady, *more]))[0].signals
    assert watched(force_of([*steady, *more], {"B-2": [(OPENED, 100.0)]}))[0].signals
    assert not watched(force_of([*steady, *more], grown))[0].signals


def test_several_cases_in_a_row_count_as_so_many(quiet):
    force = force_of([*quiet, ("B-1-1", WEEK, "fall.height")])
    cases = np.where(force.day == WEEK.toordinal(), 6, 1)
    heavy = ForceColumns(**(vars(force) | {"cases": cases}))
    assert watched(heavy)[0].signals[0].rise.observed == 6
    assert not watched(force)[0].signals


def test_a_short_history_is_named(quiet):
    recent = [one for one in quiet if one[1] >= weeks_before(30)]
    week = watched(force_of([*recent, *[("B-2", WEEK, "fall.height")] * 9]))[0]
    assert week.units_by_ears == 4
    assert [signal.rise.unit for signal in week.signals] == ["B-2"]
    few = watched(force_of([("B-2", weeks_before(4), "fall"), ("B-2", WEEK, "fall")]))[0]
    assert (few.series_tested, few.series_untested) == (0, 4 * len(ALL_MEASURES))
