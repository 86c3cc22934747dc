"""The rows inside a chart: Altair passes them through as one value, not looking into them.

Altair copies a chart with each thing added to it and then writes it out layer by layer. With two
years of weeks in nine layers, that took most of the time of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qorgau.web.charts.altair_on_use import alt


class _Rows:
    """Neither a list nor a mapping, so nothing copies it before the definition is finished."""

    def __init__(self, values: Sequence[dict[str, Any]]) -> None:
        self.values = list(values)


def data_of(values: Sequence[dict[str, Any]]) -> alt.Data:
    """Rows of plain values, as the data of a chart."""
    return alt.Data(values=_Rows(values))


def with_plain_rows(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with the rows of the whole and of each layer as lists."""
    for part in (definition, *definition.get("layer", ())):
        values = part.get("data", {}).get("values")
        if isinstance(values, _Rows):
            part["data"] = {"values": values.values}
    return definition
