"""The worked examples of the rate methods' pages are run as they are printed."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"
NAMES = [
    "crude_rate",
    "directly_standardised_rate",
    "standardised_ratio",
    "rate_ratio",
    "rate_difference",
    "funnel_limits",
    "empirical_bayes_rates",
    "dispersion_test",
    "rate_denominators",
]
HEADINGS = ["Question", "Formula", "Assumptions", "Source", "Worked example", "Limits"]


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_example_prints_what_the_page_says(name):
    outcome = doctest.testfile(str(PAGES / f"{name}.md"), module_relative=False)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_a_reader_needs(name):
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == HEADINGS
