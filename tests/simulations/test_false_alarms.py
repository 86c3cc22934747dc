"""The simulation of false alarms runs, and its page shows what its table holds."""

from __future__ import annotations

import numpy as np
import pytest

from simulations import false_alarms, tail_probabilities
from simulations.false_alarms import CAUSES, COUNTS, PROCEDURES, SETTINGS, Setting, lines_of
from simulations.force import as_columns, make_force
from tools.page_tables import read_rows

CHOSEN = "tree, counted pairs (chosen)"
TINY = Setting("tiny", 30, 30.0, outbreak=9)


def test_a_force_is_what_was_asked_for():
    force = make_force(units=200, causes=20, incidents_a_week=400.0, seed=1)
    assert force.unit_parents.size == force.strengths.size == 200
    assert (force.unit_parents[1:] < np.arange(1, 200)).all()
    assert len(force.causes.names) == 20
    drawn = as_columns(force, 52, seed=2, cases_per_event=1.0)
    assert drawn.unit.size == pytest.approx(52 * 400, rel=0.05)
    grouped = as_columns(force, 52, seed=2, cases_per_event=1.5)
    assert grouped.unit.size == pytest.approx(52 * 400, rel=0.05)
    at = np.lexsort((drawn.day, drawn.unit))
    assert (at == np.arange(at.size)).all()


def test_a_large_outbreak_is_found_by_every_procedure_and_twice_the_same():
    found = list(lines_of(TINY, 4))
    assert found == list(lines_of(TINY, 4))
    assert [line[6] for line in found] == list(PROCEDURES)
    assert {line[-1] for line in found} == {4}


def test_the_committed_table_has_every_force_and_procedure():
    rows = read_rows(COUNTS)
    assert [(row["force"], int(row["outbreak"]), row["procedure"]) for row in rows] == [
        (setting.name, setting.outbreak, name) for setting in SETTINGS for name in PROCEDURES
    ]
    whole = next(r for r in rows if (r["force"], r["procedure"]) == ("whole force", CHOSEN))
    assert (whole["weeks"], int(whole["units"]) * CAUSES) == ("200", 250_000)
    assert int(whole["weeks_with_signal"]) / 200 <= 0.2


def test_the_pages_tables_are_those_of_the_counts():
    page = false_alarms.PAGE.read_text(encoding="utf-8")
    tables = false_alarms.tables_of(read_rows(COUNTS))
    tables["tail"] = tail_probabilities.table_of(read_rows(tail_probabilities.COUNTS))
    for name, lines in tables.items():
        assert "\n".join([f"<!-- {name} -->", *lines, "<!-- end -->"]) in page


def test_tail_probabilities_are_drawn_anew():
    """Fewer series than the table rests on, so within the limits of what it says."""
    committed = {
        (float(row["mean_a_week"]), row["threshold_method"], float(row["level"])): row
        for row in read_rows(tail_probabilities.COUNTS)
        if float(row["cases_per_event"]) == 1.0
    }
    for line in tail_probabilities.lines_of(2.0, 1.0, 20_000):
        mean, _events, method, level, series, number = line[:6]
        expected = float(committed[mean, method, level]["ratio"]) * series * level
        assert abs(number - expected) <= 4 * np.sqrt(expected) + 3
