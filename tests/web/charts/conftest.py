"""Every definition in a test of charts is checked against the schema of Vega-Lite."""

from __future__ import annotations

import json
from typing import Any

import altair
import pytest

from qorgau.web.charts.chart import Chart

VALID = set[str]()


@pytest.fixture(autouse=True)
def checked_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    unchecked = Chart.definition

    def definition(chart: Chart, width_pixels: int) -> dict[str, Any]:
        made = unchecked(chart, width_pixels)
        text = json.dumps(made)
        if text not in VALID:
            altair.LayerChart.validate(made)
            VALID.add(text)
        return made

    monkeypatch.setattr(Chart, "definition", definition)
