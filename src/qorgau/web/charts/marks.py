"""Parts of several charts: an axis of months, lines, bands and their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from qorgau.web.charts import look
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import SeriesRow, TrendRow

# January shows the year, other months show their short name.
MONTH_OR_YEAR = (
    "utcFormat(datum.value, '%m') == '01' ? utcFormat(datum.value, '%Y')"
    " : utcFormat(datum.value, '%b')"
)
LABEL_GAP_PIXELS = 16
TICK_GAP_PIXELS = 62
DAYS_PER_MONTH = 30.44


def line(base: alt.Chart, colour: str, x: alt.X, y: alt.Y, **more: Any) -> alt.Chart:
    """A line with gaps between its pieces."""
    line = base.mark_line(color=colour, strokeWidth=2, clip=True, **more)
    return line.encode(x=x, y=y, detail="piece:N")


def inner_width(width: int) -> int:
    """The width of the plot in a drawing, without the axis and the labels at the right."""
    return width - 140 if width >= look.WIDE_PIXELS else width - 105


def point_size(count: int, width: int) -> float:
    """The size of a point: smaller when there are many, so that they do not overlap."""
    return max(9.0, min(45.0, 45.0 * inner_width(width) / (9 * max(count, 1))))


def time_axis(rows: Sequence[SeriesRow] | Sequence[TrendRow], title: str, width: int) -> alt.X:
    """An axis of months, with as many marks as the width allows."""
    days = (rows[-1].starts_on - rows[0].starts_on).days if rows else 0
    room = max(inner_width(width) / TICK_GAP_PIXELS, 1)
    step = next((s for s in (1, 3, 6) if days / DAYS_PER_MONTH / s <= room), 12)
    axis = alt.Axis(labelExpr=MONTH_OR_YEAR, tickCount={"interval": "month", "step": step})
    return alt.X("starts_on:T", title=title or None, scale=alt.Scale(type="utc"), axis=axis)


def name_beside(
    base: alt.Chart, x_pixels: float, field: str, name: str, scale: alt.Scale
) -> alt.Chart:
    """A name at the right end of a line."""
    return base.mark_text(align="left", dx=8, color=look.SOFT).encode(
        x=alt.value(x_pixels), y=alt.Y(f"{field}:Q", scale=scale), text=alt.value(name)
    )


def spread_apart(named: Sequence[tuple[float, str]], *, gap: float) -> list[tuple[float, str]]:
    """The same names, each at least a gap above the one before."""
    spread: list[tuple[float, str]] = []
    for at, name in named:
        lowest = spread[-1][0] + gap if spread else at
        spread.append((max(at, lowest), name))
    return spread


def clipped_area(
    base: alt.Chart, colour: str, x: alt.X, lower: str, upper: str, scale: alt.Scale, title: str
) -> alt.Chart:
    return base.mark_area(color=colour, clip=True).encode(
        x=x, y=alt.Y(f"{lower}:Q", scale=scale, title=title), y2=f"{upper}:Q"
    )


def names_at(named: Sequence[tuple[float, str]], day: dt.date, scale: alt.Scale) -> list[alt.Chart]:
    """Names to the right of a day, at the given heights."""
    return [
        alt.Chart(data_of([{"starts_on": day.isoformat(), "at": at, "name": name}]))
        .mark_text(align="left", dx=8, color=look.SOFT)
        .encode(x=alt.X("starts_on:T"), y=alt.Y("at:Q", scale=scale), text="name:N")
        for at, name in named
    ]
