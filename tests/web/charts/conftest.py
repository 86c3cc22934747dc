"""Every definition in a test of charts is checked against the schema of Vega-Lite."""

from __future__ import annotations

from typing import Any

import altair
import pytest

from qorgau.web.charts.chart import Chart


@pytest.fixture(autouse=True)
def checked_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    unchecked = Chart.definition

    def definition(chart: Chart, width_pixels: int) -> dict[str, Any]:
        made = unchecked(chart, width_pixels)
        altair.LayerChart.from_dict(made)
        return made

    monkeypatch.setattr(Chart, "definition", definition)
