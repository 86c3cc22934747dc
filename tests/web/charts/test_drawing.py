"""Drawings follow the content-security policy and the theme, and carry their marks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import struct

import pytest
from django.http import Http404
from django.utils import translation

from qorgau.web.charts import look
from qorgau.web.charts.bars_with_limits import bars_with_limits
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.drawing import download, draw
from qorgau.web.charts.observed_and_expected import observed_expected_band
from qorgau.web.charts.rows import BarRow, SeriesRow


def chart(mark: str = "", title: str = "Injuries") -> Chart:
    rows = [
        SeriesRow(dt.date(2025, 1, 6) + dt.timedelta(weeks=week), week % 5, 2.0, 0.0, 6.5)
        for week in range(60)
    ]
    return observed_expected_band(rows, Words(title, "A sentence.", "a week", mark=mark))


def test_page_drawing_needs_neither_script_nor_inline_style() -> None:
    drawn = draw(chart())
    for svg in (drawn.wide, drawn.narrow):
        assert re.search(r"style=|<style|<script|\bon\w+=", svg) is None


def test_page_drawing_takes_every_colour_from_the_theme() -> None:
    drawn = draw(chart())
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", drawn.wide)) == set()
    assert "var(--chart-band)" in drawn.wide


def test_page_drawing_gives_its_sentence_to_a_screen_reader() -> None:
    drawn = draw(chart()).wide
    assert 'role="img" aria-label="A sentence."' in drawn
    assert drawn.count("role=") == 1
    assert "aria-roledescription" not in drawn


@pytest.mark.parametrize(("language", "month"), [("kk", "шіл"), ("ru", "июл"), ("en", "Jul")])
def test_months_are_in_the_language_of_the_page(language: str, month: str) -> None:
    with translation.override(language):
        assert f">{month}<" in draw(chart()).wide


def test_every_language_names_twelve_months_and_seven_days() -> None:
    for language in ("kk", "ru", "en"):
        locale = look.time_locale(language)
        assert [len(locale[name]) for name in ("months", "shortMonths", "days", "shortDays")] == [
            12,
            12,
            7,
            7,
        ]


def test_picture_carries_title_sentence_and_mark() -> None:
    svg = download(chart("Synthetic data"), "svg", "injuries").content.decode()
    for words in ("Injuries", "A sentence.", "SYNTHETIC DATA", look.PAPER):
        assert words in svg


def test_png_contains_words_in_kazakh() -> None:
    """The same chart with and without Kazakh words differs, so the letters are really drawn."""
    kazakh = download(chart(title="Жарақаттану қаупі әңгүұөһі"), "png", "x").content
    blank = download(chart(title=" "), "png", "x").content
    assert kazakh.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", kazakh[16:24])
    assert (width > 1000, height > 400) == (True, True)
    assert kazakh != blank


def test_csv_contains_the_rows_and_the_mark() -> None:
    response = download(chart("Synthetic data"), "csv", "injuries")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 60
    assert rows[1] == {
        "starts_on": "2025-01-13",
        "observed": "1",
        "expected": "2.0",
        "lower": "0.0",
        "upper": "6.5",
        "is_signal": "False",
        "corrected": "",
        "corrected_lower": "",
        "corrected_upper": "",
        "mark": "Synthetic data",
    }
    assert response["Content-Disposition"] == 'attachment; filename="injuries.csv"'


def test_text_that_looks_like_a_formula_is_made_harmless() -> None:
    bars = bars_with_limits([BarRow("=1+1", 1, 0, 2)], Words("t", "s", "y"))
    assert "'=1+1" in download(bars, "csv", "x").content.decode()


def test_an_unknown_form_is_not_found() -> None:
    with pytest.raises(Http404):
        download(chart(), "exe", "x")
