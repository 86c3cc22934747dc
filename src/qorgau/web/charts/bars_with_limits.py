"""Bars: categories with their values and limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from qorgau.web.charts import look
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import (
    BarRow,
)


def bars_with_limits(rows: Sequence[BarRow], words: Words, *, x_max: float | None = None) -> Chart:
    """Categories in the given order, each with its value as a bar and its limits as a line."""
    right = x_max or max((r.upper for r in rows), default=1.0) * 1.02 or 1.0
    values = [dataclasses.asdict(row) for row in rows]

    def make(width: int) -> alt.LayerChart:
        size = {"width": width - 40, "height": alt.Step(46)}
        base = alt.Chart(data_of(values), **size)
        y = alt.Y("label:N", sort=None, axis=None)
        x = alt.X("value:Q", title=words.y, scale=alt.Scale(domain=[0, right], nice=False))
        # The name is above its bar, so that a long word has the whole width.
        name = base.mark_text(align="left", baseline="bottom", dy=-9, limit=width - 40)
        return alt.layer(
            base.mark_bar(color=look.BAND, height=14).encode(x=x, y=y),
            base.mark_rule(color=look.SOFT, strokeWidth=1.5).encode(
                x=alt.X("lower:Q", title=words.y), x2="upper:Q", y=y
            ),
            base.mark_point(filled=True, color=look.INK, size=45, opacity=1).encode(x=x, y=y),
            name.encode(x=alt.value(0), y=y, text="label:N"),
        )

    return Chart(words, rows, make)
