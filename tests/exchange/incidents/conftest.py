"""Another system's file, a mapping for it, and the register after the import."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qorgau.exchange.formats.mapping import Mapping, mapping_from_toml
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
HEADER = ("id", "day", "time", "kind", "story", "days", "unit", "unit name")
MAPPING = """
[mapping]
target = "incidents"
source = "their-system"
nulls = ["?"]

[key]
columns = ["id"]

[fields]
occurred_on = { column = "day", forms = ["d.m.Y", "excel"] }
occurred_time = "time"
kind = "kind"
narrative = "story"
days_away = "days"

[units]
create = true
organisation = "theirs"
organisation_name = "Their service"
opened_on = "1990-01-01"
language = "ru"

[[units.levels]]
code = { constant = "TOP" }

[[units.levels]]
code = "unit"
name = "unit name"
kind = "company"
"""


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def mapping() -> Mapping:
    return mapping_from_toml(MAPPING, INCIDENT_SCHEMA)


@pytest.fixture
def mapping_with() -> Callable[[str, str], Mapping]:
    """The mapping with a part of its text replaced."""

    def replaced(old: str, new: str) -> Mapping:
        assert old in MAPPING
        return mapping_from_toml(MAPPING.replace(old, new), INCIDENT_SCHEMA)

    return replaced


def cells(number: int, **other: str) -> list[str]:
    """One good row."""
    usual = {
        "id": str(number),
        "day": f"{number % 28 + 1:02d}.03.2024",
        "time": "09:45",
        "kind": "injury",
        "story": f"Оступился на лестнице, случай {number}",
        "days": str(number % 5),
        "unit": f"U-{number % 3}",
        "unit name": f"Рота {number % 3}",
    }
    return list((usual | other).values())


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[Sequence[Sequence[str]]], Path]:
    """Write a file of these rows."""

    def write(rows: Sequence[Sequence[str]], name: str = "accidents.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        return path

    return write
