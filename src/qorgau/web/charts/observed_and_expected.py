"""A monitored series: observed values, expected values, and the bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from qorgau.web.charts import look, marks
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.chart_data import data_of
from qorgau.web.charts.rows import (
    SeriesRow,
    value_of,
)


def observed_expected_band(
    rows: Sequence[SeriesRow], words: Words, *, y_max: float | None = None
) -> Chart:
    """A monitored series: counts as points, the expectation as a line, its bound as a band.

    The expected final count of an incomplete step is a hollow point with its limits.
    ``y_max`` gives several charts the same scale.
    """
    highest = max((_highest(row) for row in rows), default=1.0)
    top = y_max or highest * 1.12 or 1.0
    signals_found = [row for row in rows if row.is_signal]
    is_incomplete = any(row.corrected is not None for row in rows)

    def make(width: int) -> alt.LayerChart:
        named = _apart(signals_found, rows, width)
        values = [value_of(row) | {"is_named": row.starts_on in named} for row in rows]
        base = alt.Chart(data_of(values), width=marks.inner_width(width), height=look.HEIGHT_PIXELS)
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
    """The number at each signal; next to it if there are limits above it."""
    words = {"color": look.URGENT, "fontWeight": 600}
    if not is_incomplete:
        return [signals.mark_text(dy=-12, **words)]
    return [
        signals.transform_filter("datum.corrected == null").mark_text(dy=-12, **words),
        signals.transform_filter("datum.corrected != null").mark_text(align="left", dx=9, **words),
    ]


def _corrected(base: alt.Chart, x: alt.X, title: str, scale: alt.Scale) -> list[alt.Chart]:
    """The expected final counts of the newest steps, with limits."""
    to_come = base.transform_filter("datum.corrected != null")
    point = to_come.mark_point(fill=look.PAPER, stroke=look.INK, size=45, opacity=1)
    return [
        to_come.mark_rule(color=look.SOFT, strokeWidth=1.5).encode(
            x=x, y=alt.Y("corrected_lower:Q", title=title, scale=scale), y2="corrected_upper:Q"
        ),
        point.encode(x=x, y=alt.Y("corrected:Q", title=title, scale=scale)),
    ]


def _apart(signals: Sequence[SeriesRow], rows: Sequence[SeriesRow], width: int) -> set[dt.date]:
    """The days of signals with labels that do not overlap; the highest signals come first."""
    span = max((rows[-1].starts_on - rows[0].starts_on).days, 1) if rows else 1
    gap = marks.LABEL_GAP_PIXELS * 1.4 * span / marks.inner_width(width)
    kept: set[dt.date] = set()
    for row in sorted(signals, key=lambda signal: -signal.observed):
        if all(abs((row.starts_on - day).days) >= gap for day in kept):
            kept.add(row.starts_on)
    return kept


def _end_labels(rows: Sequence[SeriesRow], top: float, width: int) -> list[alt.Chart]:
    """The names of line and band at the right end, moved apart if they would overlap."""
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
