"""The charts, read as data: what is a point, a line, a band, and on which scale."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest

from qorgau.web.charts import look
from qorgau.web.charts.bars_with_limits import bars_with_limits
from qorgau.web.charts.before_and_after import before_and_after
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.funnel import funnel
from qorgau.web.charts.observed_and_expected import observed_expected_band
from qorgau.web.charts.rate_trend import rate_trend
from qorgau.web.charts.rows import BarRow, EffectRow, FunnelLimitRow, FunnelRow, SeriesRow, TrendRow

WORDS = Words("Injuries by week", "In the last week 9 were seen, 3 expected.", "injuries a week")
MONDAY = dt.date(2025, 1, 6)


def series(count: int, signals: dict[int, int] | None = None) -> list[SeriesRow]:
    signals = signals or {}
    return [
        SeriesRow(
            MONDAY + dt.timedelta(weeks=week),
            observed=signals.get(week, 3),
            expected=3.0 if week >= 10 else None,
            lower=0.0 if week >= 10 else None,
            upper=7.0 if week >= 10 else None,
            is_signal=week in signals,
        )
        for week in range(count)
    ]


def layers_of(chart: Chart, mark: str, width: int = look.WIDE_PIXELS) -> list[dict[str, Any]]:
    found = []
    for layer in chart.definition(width)["layer"]:
        kind = layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"]
        if kind == mark:
            found.append(layer)
    return found


def rows_of(chart: Chart, layer: dict[str, Any]) -> list[dict[str, Any]]:
    definition = chart.definition(look.WIDE_PIXELS)
    data = layer.get("data") or definition["data"]
    return data.get("values") or definition["datasets"][data["name"]]


def test_observed_are_points_expected_a_line_and_the_bound_a_band() -> None:
    chart = observed_expected_band(series(30), WORDS)
    (band,), (line,) = layers_of(chart, "area"), layers_of(chart, "line")
    points = layers_of(chart, "point")
    assert band["encoding"]["y2"]["field"] == "upper"
    assert line["encoding"]["y"]["field"] == "expected"
    assert {layer["encoding"]["y"]["field"] for layer in points} == {"observed"}


def test_a_signal_differs_by_shape_and_not_by_colour_alone() -> None:
    chart = observed_expected_band(series(30, {28: 12}), WORDS)
    ordinary, signal = layers_of(chart, "point")
    assert signal["mark"]["shape"] == "diamond"
    assert "shape" not in ordinary["mark"]


def test_expected_final_counts_are_hollow_points_with_limits_on_the_scale() -> None:
    rows = series(30)
    rows[-1] = replace(rows[-1], corrected=6.0, corrected_lower=4.0, corrected_upper=30.0)
    chart = observed_expected_band(rows, WORDS)
    (limits,) = layers_of(chart, "rule")
    hollow, *_others = layers_of(chart, "point")
    assert limits["encoding"]["y2"]["field"] == "corrected_upper"
    assert hollow["encoding"]["y"]["field"] == "corrected"
    assert (hollow["mark"]["fill"], hollow["mark"]["stroke"]) == (look.PAPER, look.INK)
    assert hollow["encoding"]["y"]["scale"]["domain"][1] > 30


def test_the_higher_of_two_close_signals_is_labelled() -> None:
    chart = observed_expected_band(series(150, {120: 11, 121: 14}), WORDS)
    (counts,) = [
        layer
        for layer in layers_of(chart, "text")
        if layer["encoding"]["text"]["field"] == "observed"
    ]
    named = [row["observed"] for row in rows_of(chart, counts) if row["is_named"]]
    assert named == [14]


def test_charts_side_by_side_have_the_same_scale() -> None:
    low = observed_expected_band(series(20), WORDS, y_max=40)
    (points, _signals) = layers_of(low, "point")
    assert points["encoding"]["y"]["scale"]["domain"] == [0, 40]


def test_labels_of_line_and_band_do_not_overlap() -> None:
    rows = [
        SeriesRow(MONDAY + dt.timedelta(weeks=week), 50, 50.0, 49.0, 50.5) for week in range(20)
    ]
    chart = observed_expected_band(rows, WORDS)
    named = {
        row["name"]: row["at"]
        for layer in layers_of(chart, "text")
        for row in rows_of(chart, layer)
        if "name" in row
    }
    highest = 50.5 * 1.12
    assert named["upper bound"] - named["expected"] >= 15 * highest / look.HEIGHT_PIXELS


def test_a_series_without_an_expectation_has_no_band_labels() -> None:
    chart = observed_expected_band(series(8), WORDS)
    assert [layer["encoding"]["text"]["field"] for layer in layers_of(chart, "text")] == [
        "observed"
    ]


def test_funnel_labels_only_units_outside_and_keeps_them_on_the_scale() -> None:
    rows = [FunnelRow("1st", 100, 50), FunnelRow("7th", 200, 190, is_outside=True)]
    limits = [FunnelLimitRow(x, 20, 90, 10, 120) for x in (50, 250)]
    chart = funnel(rows, limits, WORDS, centre=55, centre_name="brigade")
    inner, outer = layers_of(chart, "area")[::-1]
    assert (inner["encoding"]["y2"]["field"], outer["encoding"]["y2"]["field"]) == (
        "upper_95",
        "upper_998",
    )
    _inside, outside = layers_of(chart, "point")
    assert outside["encoding"]["y"]["scale"]["domain"][1] > 190


def test_trend_shows_limits_and_names_its_reference() -> None:
    rows = [TrendRow(dt.date(2025, month, 1), 60, 50, 72) for month in (1, 4, 7)]
    chart = rate_trend(rows, WORDS, reference=58, reference_name="year before")
    limits = [layer for layer in layers_of(chart, "rule") if "y2" in layer["encoding"]]
    assert limits[0]["encoding"]["y2"]["field"] == "upper"
    assert layers_of(chart, "text")[0]["encoding"]["text"]["value"] == "year before"


def test_bars_begin_at_zero_and_keep_the_order_given() -> None:
    rows = [BarRow("falls", 30, 20, 44), BarRow("road traffic", 60, 48, 75)]
    chart = bars_with_limits(rows, WORDS)
    (bars,) = layers_of(chart, "bar")
    assert bars["encoding"]["x"]["scale"]["domain"][0] == 0
    assert bars["encoding"]["y"]["sort"] is None


@pytest.mark.parametrize("width", [look.WIDE_PIXELS, look.NARROW_PIXELS])
def test_no_colour_is_used_that_has_no_custom_property(width: int) -> None:
    chart = observed_expected_band(series(30, {28: 12}), WORDS)
    colours = {
        layer["mark"]["color"]
        for layer in chart.definition(width)["layer"]
        if isinstance(layer["mark"], dict) and "color" in layer["mark"]
    }
    assert colours
    assert colours <= set(look.CUSTOM_PROPERTIES)


def test_labels_at_the_end_of_a_narrow_funnel_do_not_overlap() -> None:
    limits = [FunnelLimitRow(exposure, 9.8, 10.2, 9.7, 10.3) for exposure in (1.0, 100.0)]
    chart = funnel(
        [FunnelRow("a", 50.0, 10.0)], limits, WORDS, centre=10.0, centre_name="all together"
    )
    named = {
        row["name"]: row["rate"]
        for layer in layers_of(chart, "text")
        for row in rows_of(chart, layer)
        if "name" in row
    }
    heights = [named[name] for name in ("all together", "95 %", "99.8 %")]
    gap = 15 * 10.2 * 1.08 / look.HEIGHT_PIXELS
    assert all(above - below >= gap for below, above in itertools.pairwise(heights))


def effect_rows(**changed: Any) -> list[EffectRow]:
    """Ten periods before an action and five after it; the tenth is left out."""
    rows = []
    for place in range(15):
        is_after = place >= 10
        row = {
            "starts_on": MONDAY + dt.timedelta(weeks=4 * place),
            "observed": 3 if is_after else 6,
            "fitted": 3.0 if is_after else 6.0,
            "without": 6.0 if is_after else None,
            "without_lower": 5.0 if is_after else None,
            "without_upper": 7.5 if is_after else None,
            "person_days": 14_000,
            "compared": None,
            "is_after": is_after,
            "is_used": place != 9,
        }
        rows.append(EffectRow(**row | changed))
    return rows


def test_the_expected_course_is_dashed_with_a_band_and_the_action_is_marked() -> None:
    chart = before_and_after(effect_rows(), WORDS, names=("action", "without", "with"))
    (band,) = layers_of(chart, "area")
    assert (band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) == (
        "without_lower",
        "without_upper",
    )
    fitted, without = layers_of(chart, "line")
    assert "strokeDash" not in fitted["mark"]
    assert without["mark"]["strokeDash"]
    (mark,) = layers_of(chart, "rule")
    held_from = (MONDAY + dt.timedelta(weeks=40)).isoformat()
    assert rows_of(chart, mark)[0]["starts_on"] == held_from
    days = [row["starts_on"] for row in rows_of(chart, band)]
    assert days[9] < held_from < days[10]


def test_unused_periods_are_hollow_and_interrupt_the_line() -> None:
    chart = before_and_after(effect_rows(), WORDS, names=("action", "without", "with"))
    used, left_out = layers_of(chart, "point")
    assert (used["mark"]["filled"], left_out["mark"]["filled"]) == (True, False)
    (fitted, _without) = layers_of(chart, "line")
    assert fitted["encoding"]["detail"]["field"] == "piece"
    pieces = [row["piece"] for row in rows_of(chart, fitted)]
    assert len(set(pieces[:9])) == 1
    assert pieces[8] != pieces[10]


def test_labels_of_both_lines_do_not_overlap() -> None:
    rows = effect_rows(without=3.01, fitted=3.0)
    chart = before_and_after(rows, WORDS, names=("action", "without", "with"))
    named = {
        row["name"]: row["at"]
        for layer in layers_of(chart, "text")
        for row in rows_of(chart, layer)
        if "name" in row
    }
    assert named["without"] - named["with"] >= 15 * 6 * 1.12 / look.HEIGHT_PIXELS


def test_a_series_without_a_time_before_can_be_drawn() -> None:
    rows = effect_rows(fitted=None, without=None, without_lower=None, without_upper=None)
    chart = before_and_after(rows, WORDS, names=("action", "without", "with"))
    assert layers_of(chart, "point")
