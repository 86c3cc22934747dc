"""The chart of the scenarios: false positives on the left, detected outbreaks on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

import qorgau.web.charts
from qorgau.web.charts import look
from simulations.scenarios.methods import METHODS
from simulations.scenarios.outcomes import SIZES_SHOWN, Outcome, pooled

vl_convert.register_font_directory(str(Path(qorgau.web.charts.__file__).parent / "fonts"))

ROW_PIXELS = 36
LEFT_PIXELS, RIGHT_PIXELS = 400, 360
TITLE = "What the methods find in the 42 scenarios, and how often they cry wolf"
SENTENCE = [
    "Left: weeks without an outbreak that alarm, in per cent. A thin stroke is one scenario; the"
    " point and the number are all of them in",
    "corrected mode, the diamond in reference mode; the long stroke is what the method promises."
    " Right: outbreaks found, in per cent,",
    "in corrected mode; a number is the size of the outbreak in standard deviations of a count.",
]


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the chart as SVG."""
    chart = alt.hconcat(_false_positives(outcomes), _detected(outcomes), spacing=64)
    definition = chart.properties(config=look.CONFIG).to_dict()
    definition |= {
        "title": {"text": TITLE, "subtitle": SENTENCE, "frame": "bounds", "offset": 20},
        "background": look.PAPER,
        "padding": 16,
    }
    svg = vl_convert.vegalite_to_svg(definition, format_locale=look.number_locale("en"))
    letters = svg.replace(f'font-family="{look.MEASURED_AS}"', f'font-family="{look.FONT}"')
    path.write_text(letters + "\n", encoding="utf-8")


def _false_positives(outcomes: Sequence[Outcome]) -> alt.LayerChart:
    rows = [
        {"method": METHODS[row.method].title, "rate": 100 * row.false_positive_rate}
        for row in outcomes
        if row.mode == METHODS[row.method].modes[0]
    ]
    promised = [
        {"method": method.title, "rate": 100 * method.nominal}
        for method in METHODS.values()
        if method.nominal is not None
    ]
    totals = [
        {
            "method": METHODS[row.method].title,
            "mode": row.mode,
            "rate": 100 * row.false_positive_rate,
            "label": f"{100 * row.false_positive_rate:.1f} %",
        }
        for row in _totals(outcomes)
    ]
    x = alt.X(
        "rate:Q",
        title="false positives, %",
        # Linear below 0.1 %, so that a scenario without a false positive has a place.
        scale=alt.Scale(type="symlog", constant=0.1, domain=[0, 100]),
        axis=alt.Axis(values=[0, 0.1, 1, 10, 100], labelExpr="toString(datum.value)", grid=True),
    )
    shown = _chart(totals, LEFT_PIXELS)
    corrected = shown.transform_filter("datum.mode == 'corrected'")
    reference = shown.transform_filter("datum.mode == 'reference'")
    return alt.layer(
        _chart(rows, LEFT_PIXELS).mark_tick(color=look.SOFT, thickness=1, size=12, opacity=0.6)
        .encode(x=x, y=_rows(has_labels=True)),
        _chart(promised, LEFT_PIXELS).mark_tick(color=look.INK, thickness=2, size=26)
        .encode(x=x, y=_rows(has_labels=True)),
        reference.mark_point(shape="diamond", color=look.INK, size=90, opacity=1, fill=look.PAPER)
        .encode(x=x, y=_rows(has_labels=True)),
        corrected.mark_point(filled=True, color=look.ACCENT, size=80, opacity=1)
        .encode(x=x, y=_rows(has_labels=True)),
        corrected.mark_text(align="right", color=look.ACCENT, fontWeight=600)
        .encode(x=alt.value(LEFT_PIXELS + 44), y=_rows(has_labels=True), text="label:N"),
    )  # fmt: skip


def _detected(outcomes: Sequence[Outcome]) -> alt.LayerChart:
    rows = [
        {
            "method": METHODS[row.method].title,
            "size": str(size),
            "share": 100 * row.probability_of_detecting(size),
        }
        for row in _totals(outcomes)
        if row.mode == METHODS[row.method].modes[0]
        for size in SIZES_SHOWN
    ]
    x = alt.X(
        "share:Q",
        title="outbreaks found, %",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(grid=True, tickCount=5),
    )
    chart = _chart(rows, RIGHT_PIXELS)
    y = _rows(has_labels=False)
    return alt.layer(
        chart.mark_line(color=look.GRID, strokeWidth=3).encode(x=x, y=y, detail="method:N"),
        chart.mark_text(color=look.ACCENT, fontWeight=600).encode(x=x, y=y, text="size:N"),
    )


def _totals(outcomes: Sequence[Outcome]) -> list[Outcome]:
    kinds = dict.fromkeys((row.method, row.mode) for row in outcomes)
    return [pooled(row for row in outcomes if (row.method, row.mode) == kind) for kind in kinds]


def _chart(values: list[dict[str, Any]], width: int) -> alt.Chart:
    return alt.Chart(alt.Data(values=values), width=width, height=ROW_PIXELS * len(METHODS))


def _rows(*, has_labels: bool) -> alt.Y:
    axis = alt.Axis(labelLimit=260, grid=False) if has_labels else None
    return alt.Y("method:N", title=None, sort=[m.title for m in METHODS.values()], axis=axis)
