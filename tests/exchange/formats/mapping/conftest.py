"""A small record as a target, so that these tests do not depend on a register."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.exchange.formats.mapping import (
    MappingEngine,
    TargetField,
    TargetSchema,
    mapping_from_toml,
)
from qorgau.exchange.formats.tables import Row

SCHEMA = TargetSchema(
    "accidents",
    (
        TargetField("day", "date", "Day", is_required=True),
        TargetField("time", "time", "Time"),
        TargetField("kind", "choice", "Kind", choices=("injury", "near_miss", "illness")),
        TargetField("story", "text", "What happened", longest_characters=40),
        TargetField("days_away", "integer", "Days away", least=0, most=9999),
        TargetField("years", "decimal", "Years", least=0),
        TargetField("is_on_duty", "boolean", "On duty"),
        TargetField("review", "date", "Review", may_be_future=True),
    ),
    unit_kinds=("company", "platoon"),
)
TODAY = dt.date(2020, 6, 1)
HEAD = '[mapping]\nsource = "test"\n[key]\ncolumns = ["id"]\n[fields]\nday = "day"\n'


@pytest.fixture(scope="session")
def schema() -> TargetSchema:
    return SCHEMA


@pytest.fixture(scope="session")
def read():
    """Read the smallest valid mapping with this text added."""

    def from_text(added: str, *, head: str = HEAD):
        return mapping_from_toml(head + added, SCHEMA)

    return from_text


@pytest.fixture(scope="session")
def map_cells(read):
    """Map one row of named cells with the smallest mapping plus this text."""

    def run(added: str, *, head: str = HEAD, **cells: str):
        row = {"id": "1", "day": "2020-01-02", **cells}
        engine = MappingEngine(read(added, head=head), SCHEMA, tuple(row), TODAY)
        return engine.map_row(Row(2, tuple(row.values())))

    return run
