"""Funnel: units by exposure and rate, with the limits of chance."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.utils.formats import number_format

from qorgau.web.charts import look, marks
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import (
    FunnelLimitRow,
    FunnelRow,
)


def funnel(
    rows: Sequence[FunnelRow],
    limits: Sequence[FunnelLimitRow],
    words: Words,
    *,
    centre: float,
    centre_name: str,
) -> Chart:
    """Units by exposure and rate, with the limits that chance alone would give."""
    furthest = max([r.exposure for r in rows] + [r.exposure for r in limits], default=1.0)
    across = alt.Scale(domain=[0, furthest], nice=False)
    top = max([r.rate for r in rows] + [min(r.upper_95, 4 * centre) for r in limits], default=1.0)
    highest = (top or 1.0) * 1.08
    scale = alt.Scale(domain=[0, highest], nice=False)
    names = marks.spread_apart(
        _funnel_names(limits, centre, centre_name),
        gap=marks.LABEL_GAP_PIXELS * highest / look.HEIGHT_PIXELS,
    )
    bounds = [dataclasses.asdict(row) for row in limits]

    def make(width: int) -> alt.LayerChart:
        size = {"width": marks.inner_width(width), "height": look.HEIGHT_PIXELS}
        area = alt.Chart(data_of(bounds), **size)
        units = alt.Chart(data_of([dataclasses.asdict(row) for row in rows]), **size)
        axis = alt.Axis(format=",.0f", tickCount=5)
        x = alt.X("exposure:Q", title=words.x, axis=axis, scale=across)
        y = alt.Y("rate:Q", title=words.y, scale=scale)
        outside = units.transform_filter("datum.is_outside")
        middle = alt.Chart(data_of([{"rate": centre}]), **size)
        return alt.layer(
            marks.clipped_area(area, look.GRID, x, "lower_998", "upper_998", scale, words.y),
            marks.clipped_area(area, look.BAND, x, "lower_95", "upper_95", scale, words.y),
            middle.mark_rule(color=look.SOFT, strokeDash=[4, 3]).encode(y=y),
            units.transform_filter("!datum.is_outside")
            .mark_point(filled=True, color=look.INK, size=35, opacity=0.8)
            .encode(x=x, y=y),
            outside.mark_point(
                shape="diamond", filled=True, color=look.URGENT, size=90, opacity=1
            ).encode(x=x, y=y),
            outside.mark_text(dy=-12, color=look.URGENT, fontWeight=600, limit=160).encode(
                x=x, y=y, text="label:N"
            ),
            *_funnel_labels(names, furthest, scale),
        )

    return Chart(words, rows, make)


def _funnel_names(
    limits: Sequence[FunnelLimitRow], centre: float, centre_name: str
) -> list[tuple[float, str]]:
    """The labels at the right end of a funnel, from the bottom up."""
    named = [(centre, centre_name)]
    if limits:
        last = limits[-1]
        named += [(last.upper_95, "95 %"), (last.upper_998, f"{number_format(99.8, 1)} %")]
    return named


def _funnel_labels(
    named: Sequence[tuple[float, str]], furthest: float, scale: alt.Scale
) -> list[alt.Chart]:
    return [
        alt.Chart(data_of([{"exposure": furthest, "rate": at, "name": name}]))
        .mark_text(align="left", dx=8, color=look.SOFT)
        .encode(x="exposure:Q", y=alt.Y("rate:Q", scale=scale), text="name:N")
        for at, name in named
    ]
