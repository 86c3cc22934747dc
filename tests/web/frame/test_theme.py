"""The colours: both dark themes are the same, and words have enough contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qorgau
from qorgau.web.charts import look

CSS = (Path(qorgau.__file__).parent / "web/static/qorgau/theme.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"(--(?:q|chart)-[\w-]+):\s*(#[0-9a-f]{6});")
BLOCKS = [dict(COLOUR.findall(block)) for block in re.split(r"\n +color-scheme:", CSS)[:3]]
LIGHT, DARK_BY_DEVICE, DARK_BY_CHOICE = BLOCKS
THEMES = {"light": LIGHT, "dark": DARK_BY_DEVICE}

# WCAG 2.2: 4.5 for words, 3 for lines with a meaning and for the focus.
WORDS_ON = [
    ("ink", "paper"),
    ("ink", "sunken"),
    ("ink", "raised"),
    ("ink-soft", "paper"),
    ("ink-soft", "sunken"),
    ("ink-soft", "raised"),
    ("accent", "paper"),
    ("accent", "sunken"),
    ("accent", "raised"),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("urgent", "paper"),
    ("urgent", "urgent-soft"),
    ("mark", "mark-soft"),
    ("mark", "mark-stripe"),
]
LINES_ON = [("line-strong", "paper"), ("focus", "paper"), ("focus", "sunken")]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_dark_by_device_and_dark_by_choice_are_the_same() -> None:
    assert DARK_BY_DEVICE == DARK_BY_CHOICE
    assert set(DARK_BY_DEVICE) == set(LIGHT)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("words", "ground"), WORDS_ON)
def test_words_can_be_read(theme: str, words: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[f"--q-{words}"], colours[f"--q-{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_lines_that_mean_something_can_be_seen(theme: str, line: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[f"--q-{line}"], colours[f"--q-{ground}"]) >= 3


def test_charts_in_a_picture_have_the_colours_of_the_light_page() -> None:
    assert {name: LIGHT[name] for name in look.CUSTOM_PROPERTIES.values()} == {
        name: literal for literal, name in look.CUSTOM_PROPERTIES.items()
    }
