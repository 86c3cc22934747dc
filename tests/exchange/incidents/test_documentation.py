"""docs/import.md describes the mapping language correctly."""

from __future__ import annotations

import re
from pathlib import Path

from qorgau.exchange.formats.clock_times import TIME_FORMS
from qorgau.exchange.formats.dates import NAMED_FORMS
from qorgau.exchange.formats.mapping import mapping_from_toml
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA

PAGE = Path(__file__).resolve().parents[3] / "docs" / "import.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_example_is_a_mapping_that_is_accepted() -> None:
    examples = re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert mapping_from_toml(example, INCIDENT_SCHEMA).fields


def test_every_field_and_form_is_named() -> None:
    named = set(re.findall(r"`([\w-]+)`", TEXT))
    assert set(INCIDENT_SCHEMA.names()) <= named
    assert set(TIME_FORMS) | set(NAMED_FORMS) - {"iso", "excel-1904"} <= named
