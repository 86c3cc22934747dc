"""The examples of the pages and docstrings are run as they are printed."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"
NAMES = [
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "tarone_screening",
    "tree_benjamini_hochberg",
]
MODULES = ["benjamini_hochberg", "tree_benjamini_hochberg", "tarone_screening"]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_print_what_the_page_says(name):
    outcome = doctest.testfile(str(PAGES / f"{name}.md"), module_relative=False)
    assert outcome.attempted > 1
    assert outcome.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_hold(name):
    outcome = doctest.testmod(importlib.import_module(f"qorgau.methods.false_alarms.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
