"""Trend: rates of one unit by period, with limits."""

from __future__ import annotations

from collections.abc import Sequence

from qorgau.web.charts import look, marks
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import (
    TrendRow,
    value_of,
)

_RULES: tuple[tuple[str, str, dict[str, list[int]]], ...] = (
    ("isValid(datum.upper)", "upper:Q", {}),
    ("!isValid(datum.upper)", "top:Q", {"strokeDash": [2, 3]}),
)


def rate_trend(
    rows: Sequence[TrendRow],
    words: Words,
    *,
    reference: float | None = None,
    reference_name: str = "",
    y_max: float | None = None,
) -> Chart:
    """Rates of consecutive periods with their limits, and a reference rate for comparison.

    A period without a rate is drawn by its limits alone; one without an upper end is dashed up to
    the top.
    """
    ends = (row.lower if row.upper is None else row.upper for row in rows)
    top = y_max or max(ends, default=1.0) * 1.05 or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    values = [value_of(row) | {"top": top} for row in rows]

    def make(width: int) -> alt.LayerChart:
        size = {"width": marks.inner_width(width), "height": look.HEIGHT_PIXELS}
        base = alt.Chart(data_of(values), **size)
        x = marks.time_axis(rows, words.x, width)
        y = alt.Y("rate:Q", title=words.y, scale=scale)
        layers = [
            base.transform_filter(known)
            .mark_rule(color=look.SOFT, strokeWidth=1.5, **dashes)
            .encode(x=x, y=alt.Y("lower:Q", title=words.y, scale=scale), y2=end)
            for known, end, dashes in _RULES
        ]
        layers += [
            base.transform_filter("isValid(datum.rate)")
            .mark_point(filled=True, color=look.INK, size=45, opacity=1)
            .encode(x=x, y=y),
        ]
        if reference is not None:
            middle = alt.Chart(data_of([{"rate": reference}]), **size)
            layers.insert(0, middle.mark_rule(color=look.ACCENT, strokeDash=[4, 3]).encode(y=y))
            layers.append(
                marks.name_beside(middle, marks.inner_width(width), "rate", reference_name, scale)
            )
        return alt.layer(*layers)

    return Chart(words, rows, make)
