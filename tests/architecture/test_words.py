"""The glossary is in three languages, and no word mixes alphabets."""

from __future__ import annotations

import re
from collections import Counter

from tests.architecture.source_tree import ROOT
from tools.messages import mixed_words

ROW = re.compile(r"^\| ([^|]+?) *\| *([^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\|$", re.MULTILINE)
TEXT = (ROOT / "docs/words.md").read_text(encoding="utf-8")
ROWS = [row for row in ROW.findall(TEXT) if row[0] != "English"]
FIRST_WORDS = {
    "incident", "report", "injury", "near miss", "hazard", "dangerous occurrence", "illness",
    "finding", "action", "person-time", "strength", "signal", "request", "offer", "mission",
    "assignment", "custody", "alert", "severity class",
}  # fmt: skip


def test_the_first_words_are_there() -> None:
    assert {row[0] for row in ROWS} >= FIRST_WORDS


def test_every_word_has_three_languages_and_a_meaning() -> None:
    assert not [row for row in ROWS if not all(cell.strip() for cell in row)]


def test_one_word_never_means_two_things() -> None:
    for column in range(3):
        counts = Counter(row[column] for row in ROWS)
        assert not [word for word, count in counts.items() if count > 1]


def test_kazakh_and_russian_are_in_their_own_letters() -> None:
    latin = re.compile(r"[A-Za-z]")
    assert not [row for row in ROWS if latin.search(row[1] + row[2])]


def test_no_page_mixes_alphabets_within_a_word() -> None:
    for page in sorted((ROOT / "docs").rglob("*.md")):
        assert not mixed_words(page.read_text(encoding="utf-8")), page.name
