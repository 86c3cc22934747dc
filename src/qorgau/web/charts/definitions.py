"""The charts: each takes plain rows and words, and gives a definition that can be read as data.

Observed values are points, what was expected is a line, the bound is a band; labels stand beside
what they name. The words come in already translated.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from qorgau.web.charts import look, marks
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.rows import (
    BarRow,
    EffectRow,
    FunnelLimitRow,
    FunnelRow,
    SeriesRow,
    TrendRow,
)


@dataclass(frozen=True)
class Words:
    """What is written on and under a chart: title and sentence, the axes, the synthetic mark."""

    title: str
    sentence: str
    y: str
    x: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Chart:
    """A definition for any width, the words, and the rows it was made of."""

    words: Words
    rows: Sequence[Any]
    make: Callable[[int], alt.LayerChart]

    def definition(self, width_pixels: int) -> dict[str, Any]:
        """The Vega-Lite definition at one width, as data."""
        chart = self.make(width_pixels).properties(config=look.CONFIG)
        definition: dict[str, Any] = chart.to_dict()
        return definition


def observed_expected_band(
    rows: Sequence[SeriesRow], words: Words, *, y_max: float | None = None
) -> Chart:
    """A watched series: counts as points, the expectation as a line, its bound as a band.

    What a step will come to once all is reported is a hollow point with its limits.
    ``y_max`` gives several charts side by side the same scale.
    """
    highest = max((_highest(row) for row in rows), default=1.0)
    top = y_max or highest * 1.12 or 1.0
    signals_found = [row for row in rows if row.is_signal]
    is_incomplete = any(row.corrected is not None for row in rows)

    def make(width: int) -> alt.LayerChart:
        named = _apart(signals_found, rows, width)
        values = [_value(row) | {"is_named": row.starts_on in named} for row in rows]
        base = alt.Chart(
            alt.Data(values=values), width=marks.inner_width(width), height=look.HEIGHT_PIXELS
        )
        x = marks.time_axis(rows, words.x, width)
        scale = alt.Scale(domain=[0, top], nice=False)
        y = alt.Y("observed:Q", title=words.y, scale=scale)
        watched = base.transform_filter("datum.upper != null")
        band = watched.transform_calculate(floor="datum.lower == null ? 0 : datum.lower").mark_area(
            color=look.BAND
        )
        line = watched.mark_line(color=look.SOFT, strokeWidth=1.5)
        points = base.transform_filter("!datum.is_signal").mark_point(
            filled=True, color=look.INK, size=marks.point_size(len(rows), width), opacity=1
        )
        signals = base.transform_filter("datum.is_signal")
        shapes = signals.mark_point(shape="diamond", filled=True, color=look.URGENT, size=90)
        counts = _counts(signals.transform_filter("datum.is_named"), is_incomplete)
        return alt.layer(
            band.encode(x=x, y=alt.Y("floor:Q", title=words.y), y2="upper:Q"),
            line.encode(x=x, y=alt.Y("expected:Q", title=words.y)),
            *(_corrected(base, x, words.y, scale) if is_incomplete else []),
            points.encode(x=x, y=y),
            shapes.encode(x=x, y=y, opacity=alt.value(1)),
            *(one.encode(x=x, y=y, text=alt.Text("observed:Q", format=",.0f")) for one in counts),
            *_end_labels(rows, top, width),
        )

    return Chart(words, rows, make)


def _highest(row: SeriesRow) -> float:
    return max(row.observed, row.upper or 0, row.expected or 0, row.corrected_upper or 0)


def _counts(signals: alt.Chart, is_incomplete: bool) -> list[alt.Chart]:
    """The number at each signal; beside it where limits stand above it."""
    words = {"color": look.URGENT, "fontWeight": 600}
    if not is_incomplete:
        return [signals.mark_text(dy=-12, **words)]
    return [
        signals.transform_filter("datum.corrected == null").mark_text(dy=-12, **words),
        signals.transform_filter("datum.corrected != null").mark_text(align="left", dx=9, **words),
    ]


def _corrected(base: alt.Chart, x: alt.X, title: str, scale: alt.Scale) -> list[alt.Chart]:
    """What the newest steps will come to, with limits."""
    to_come = base.transform_filter("datum.corrected != null")
    point = to_come.mark_point(fill=look.PAPER, stroke=look.INK, size=45, opacity=1)
    return [
        to_come.mark_rule(color=look.SOFT, strokeWidth=1.5).encode(
            x=x, y=alt.Y("corrected_lower:Q", title=title, scale=scale), y2="corrected_upper:Q"
        ),
        point.encode(x=x, y=alt.Y("corrected:Q", title=title, scale=scale)),
    ]


def before_and_after(
    rows: Sequence[EffectRow], words: Words, *, names: tuple[str, str, str]
) -> Chart:
    """A series with an action: counts as points, what would have been without it dashed.

    ``names`` stand at the action, at the line without it and at the line with it.
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
        base = alt.Chart(alt.Data(values=values), **size)
        x, y = marks.time_axis(rows, words.x, width), along("observed")
        told = base.transform_filter("datum.without != null")
        fitted = base.transform_filter("datum.is_used && datum.fitted != null")
        pixels = marks.point_size(len(rows), width)
        return alt.layer(
            marks.clipped_area(
                told, look.BAND, x, "without_lower", "without_upper", scale, words.y
            ),
            *_named_day(held_from, names[0], size),
            marks.line(fitted, look.SOFT, x, along("fitted")),
            marks.line(told, look.ACCENT, x, along("without"), strokeDash=[6, 4]),
            base.transform_filter("datum.is_used")
            .mark_point(filled=True, color=look.INK, size=pixels, opacity=1)
            .encode(x=x, y=y),
            base.transform_filter("!datum.is_used")
            .mark_point(filled=False, color=look.SOFT, size=pixels, opacity=1)
            .encode(x=x, y=y),
            *marks.names_at(ends, last.starts_on + step / 2, scale),
        )

    return Chart(words, rows, make)


def funnel(
    rows: Sequence[FunnelRow],
    limits: Sequence[FunnelLimitRow],
    words: Words,
    *,
    centre: float,
    centre_name: str,
) -> Chart:
    """Units by exposure and rate, within the limits that chance alone would give."""
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
        area = alt.Chart(alt.Data(values=bounds), **size)
        units = alt.Chart(alt.Data(values=[dataclasses.asdict(row) for row in rows]), **size)
        axis = alt.Axis(format=",.0f", tickCount=5)
        x = alt.X("exposure:Q", title=words.x, axis=axis, scale=across)
        y = alt.Y("rate:Q", title=words.y, scale=scale)
        outside = units.transform_filter("datum.is_outside")
        middle = alt.Chart(alt.Data(values=[{"rate": centre}]), **size)
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


def rate_trend(
    rows: Sequence[TrendRow],
    words: Words,
    *,
    reference: float | None = None,
    reference_name: str = "",
    y_max: float | None = None,
) -> Chart:
    """Rates of following periods with their limits, and a reference to compare them with."""
    top = y_max or max((r.upper for r in rows), default=1.0) * 1.05 or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    values = [_value(row) for row in rows]

    def make(width: int) -> alt.LayerChart:
        size = {"width": marks.inner_width(width), "height": look.HEIGHT_PIXELS}
        base = alt.Chart(alt.Data(values=values), **size)
        x = marks.time_axis(rows, words.x, width)
        y = alt.Y("rate:Q", title=words.y, scale=scale)
        layers = [
            base.mark_rule(color=look.SOFT, strokeWidth=1.5).encode(
                x=x, y=alt.Y("lower:Q", title=words.y), y2="upper:Q"
            ),
            base.mark_point(filled=True, color=look.INK, size=45, opacity=1).encode(x=x, y=y),
        ]
        if reference is not None:
            middle = alt.Chart(alt.Data(values=[{"rate": reference}]), **size)
            layers.insert(0, middle.mark_rule(color=look.ACCENT, strokeDash=[4, 3]).encode(y=y))
            layers.append(
                marks.name_beside(middle, marks.inner_width(width), "rate", reference_name, scale)
            )
        return alt.layer(*layers)

    return Chart(words, rows, make)


def bars_with_limits(rows: Sequence[BarRow], words: Words, *, x_max: float | None = None) -> Chart:
    """Categories, each with its value as a bar and its limits as a line, in the order given."""
    right = x_max or max((r.upper for r in rows), default=1.0) * 1.02 or 1.0
    values = [dataclasses.asdict(row) for row in rows]

    def make(width: int) -> alt.LayerChart:
        size = {"width": width - 40, "height": alt.Step(46)}
        base = alt.Chart(alt.Data(values=values), **size)
        y = alt.Y("label:N", sort=None, axis=None)
        x = alt.X("value:Q", title=words.y, scale=alt.Scale(domain=[0, right], nice=False))
        # The name stands above its bar, so that a long word has the whole width.
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


def _named_day(day: dt.date, name: str, size: dict[str, int]) -> list[alt.Chart]:
    """A rule at a day, its name to the left of it."""
    at_day = alt.Chart(alt.Data(values=[{"starts_on": day.isoformat()}]), **size)
    return [
        at_day.mark_rule(color=look.INK).encode(x="starts_on:T"),
        at_day.mark_text(align="right", dx=-6, baseline="top", color=look.INK).encode(
            x="starts_on:T", y=alt.value(0), text=alt.value(name)
        ),
    ]


def _effect_values(rows: Sequence[EffectRow], step: dt.timedelta) -> list[dict[str, Any]]:
    """A point stands in the middle of its period; lines break where periods are left out."""
    left_out = itertools.accumulate(not row.is_used for row in rows)
    return [
        dataclasses.asdict(row)
        | {"starts_on": (row.starts_on + step / 2).isoformat()}
        | {"piece": 2 * gaps + row.is_after}
        for row, gaps in zip(rows, left_out, strict=True)
    ]


def _value(row: SeriesRow | TrendRow) -> dict[str, Any]:
    return dataclasses.asdict(row) | {"starts_on": row.starts_on.isoformat()}


def _apart(signals: Sequence[SeriesRow], rows: Sequence[SeriesRow], width: int) -> set[dt.date]:
    """The days of the signals, the highest first, whose labels do not overlap."""
    span = max((rows[-1].starts_on - rows[0].starts_on).days, 1) if rows else 1
    gap = marks.LABEL_GAP_PIXELS * 1.4 * span / marks.inner_width(width)
    kept: set[dt.date] = set()
    for row in sorted(signals, key=lambda signal: -signal.observed):
        if all(abs((row.starts_on - day).days) >= gap for day in kept):
            kept.add(row.starts_on)
    return kept


def _funnel_names(
    limits: Sequence[FunnelLimitRow], centre: float, centre_name: str
) -> list[tuple[float, str]]:
    """What stands at the right end of a funnel, from below."""
    named = [(centre, centre_name)]
    if limits:
        last = limits[-1]
        named += [(last.upper_95, "95 %"), (last.upper_998, f"{number_format(99.8, 1)} %")]
    return named


def _funnel_labels(
    named: Sequence[tuple[float, str]], furthest: float, scale: alt.Scale
) -> list[alt.Chart]:
    return [
        alt.Chart(alt.Data(values=[{"exposure": furthest, "rate": at, "name": name}]))
        .mark_text(align="left", dx=8, color=look.SOFT)
        .encode(x="exposure:Q", y=alt.Y("rate:Q", scale=scale), text="name:N")
        for at, name in named
    ]


def _end_labels(rows: Sequence[SeriesRow], top: float, width: int) -> list[alt.Chart]:
    """The names of line and band at the right end, moved apart where they would overlap."""
    last = next((row for row in reversed(rows) if row.upper is not None), None)
    if last is None:
        return []
    per_pixel = top / look.HEIGHT_PIXELS
    upper, expected = float(last.upper or 0), float(last.expected or 0)
    if upper - expected < marks.LABEL_GAP_PIXELS * per_pixel:
        middle = (upper + expected) / 2
        half = marks.LABEL_GAP_PIXELS * per_pixel / 2
        upper, expected = middle + half, max(middle - half, 0)
    named = [(upper, _("upper bound")), (expected, _("expected"))]
    return marks.names_at(named, rows[-1].starts_on, alt.Scale(domain=[0, top], nice=False))
