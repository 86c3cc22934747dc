"""Sentences with numbers: all on one page for people, correct for every number, complete."""

from __future__ import annotations

import pytest

from tools import words
from tools.messages import LANGUAGES, faults, mixed_words


def test_the_page_has_the_sentences_as_they_are() -> None:
    """A changed sentence changes the page, so a review shows it."""
    assert words.PAGE.read_text(encoding="utf-8") == words.page(), "run: make words"


def test_a_changed_translation_makes_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = words.catalogue_of("ru")
    key = (None, "Tokens revoked: %(count)s.")
    assert catalogue[key] == ("Отозвано токенов: %(count)s.",)
    changed = {"ru": {**catalogue, key: ("Отозвано %(count)s-х токенов.",)}}
    monkeypatch.setattr(words, "catalogue_of", lambda one: changed.get(one, catalogue))
    assert "Отозвано [0 · 1 · 2 · 5 · 11 · 21 · 101]-х токенов." in words.page()


def test_no_word_of_the_page_mixes_alphabets() -> None:
    assert mixed_words(words.PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_have_no_fault(language: str) -> None:
    """For example: all plural forms exist, and nothing is attached to a value."""
    assert list(faults(language)) == []


def test_numbers_that_take_the_same_words_share_a_bracket() -> None:
    text = words.PAGE.read_text(encoding="utf-8")
    assert "[0 · 5 · 11] территорий\n  [1 · 21 · 101] территория\n  [2] территории" in text
    assert "[0 · 1 · 2 · 5 · 11 · 21 · 101] аумақ" in text
