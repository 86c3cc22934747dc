"""A series before and after an action, and its expected course without the action."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from qorgau.web.charts import look, marks
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import (
    EffectRow,
)


def before_and_after(
    rows: Sequence[EffectRow], words: Words, *, names: tuple[str, str, str]
) -> Chart:
    """A series with an action: counts as points, the expected course without it as a dashed line.

    ``names`` are the labels of the action, of the line without it and of the line with it.
    """
    step = rows[1].starts_on - rows[0].starts_on
    top = max(max(r.observed, r.fitted or 0, r.without or 0) for r in rows) * 1.12 or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    held_from = next(row.starts_on for row in rows if row.is_after)
    values = _effect_values(rows, step)
    last = rows[-1]
    ends = marks.spread_apart(
        sorted([(last.without or 0.0, names[1]), (last.fitted or 0.0, names[2])]),
        gap=marks.LABEL_GAP_PIXELS * top / look.HEIGHT_PIXELS,
    )

    def along(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=words.y, scale=scale)

    def make(width: int) -> alt.LayerChart:
        size = {"width": marks.inner_width(width), "height": look.HEIGHT_PIXELS}
        base = alt.Chart(data_of(values), **size)
        x, y = marks.time_axis(rows, words.x, width), along("observed")
        expected = base.transform_filter("datum.without != null")
        fitted = base.transform_filter("datum.is_used && datum.fitted != null")
        pixels = marks.point_size(len(rows), width)
        return alt.layer(
            marks.clipped_area(
                expected, look.BAND, x, "without_lower", "without_upper", scale, words.y
            ),
            *_named_day(held_from, names[0], size),
            marks.line(fitted, look.SOFT, x, along("fitted")),
            marks.line(expected, look.ACCENT, x, along("without"), strokeDash=[6, 4]),
            base.transform_filter("datum.is_used")
            .mark_point(filled=True, color=look.INK, size=pixels, opacity=1)
            .encode(x=x, y=y),
            base.transform_filter("!datum.is_used")
            .mark_point(filled=False, color=look.SOFT, size=pixels, opacity=1)
            .encode(x=x, y=y),
            *marks.names_at(ends, last.starts_on + step / 2, scale),
        )

    return Chart(words, rows, make)


def _named_day(day: dt.date, name: str, size: dict[str, int]) -> list[alt.Chart]:
    """A vertical line at a day, with its name to the left."""
    at_day = alt.Chart(data_of([{"starts_on": day.isoformat()}]), **size)
    return [
        at_day.mark_rule(color=look.INK).encode(x="starts_on:T"),
        at_day.mark_text(align="right", dx=-6, baseline="top", color=look.INK).encode(
            x="starts_on:T", y=alt.value(0), text=alt.value(name)
        ),
    ]


def _effect_values(rows: Sequence[EffectRow], step: dt.timedelta) -> list[dict[str, Any]]:
    """Points are in the middle of their periods; lines have gaps where periods are left out."""
    left_out = itertools.accumulate(not row.is_used for row in rows)
    return [
        dataclasses.asdict(row)
        | {"starts_on": (row.starts_on + step / 2).isoformat()}
        | {"piece": 2 * gaps + row.is_after}
        for row, gaps in zip(rows, left_out, strict=True)
    ]
