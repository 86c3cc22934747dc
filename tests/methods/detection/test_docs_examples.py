"""The examples of the pages and docstrings are run as they are printed."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"
NAMES = ["ears", "farrington_flexible", "nb_glr"]
HEADINGS = [
    "Question",
    "Formula",
    "Assumptions",
    "Source",
    "Worked example",
    "Differences from the package",
    "Limits",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_print_what_the_page_says(name):
    outcome = doctest.testfile(str(PAGES / f"{name}.md"), module_relative=False)
    assert outcome.attempted > 3
    assert outcome.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_docstring_hold(name):
    outcome = doctest.testmod(importlib.import_module(f"qorgau.methods.detection.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_a_reader_needs(name):
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == HEADINGS
