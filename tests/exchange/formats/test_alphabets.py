"""Words that mix alphabets."""

from __future__ import annotations

import pytest

from qorgau.exchange.formats.alphabets import correct_mixed_alphabets


@pytest.mark.parametrize(
    ("text", "language", "corrected"),
    [
        ("Солтүст\u0069к Қазақстан", "kk", "Солтүст\u0456к Қазақстан"),
        ("\u0041ршалинский", "ru", "\u0410ршалинский"),
        ("\u0410bai Region", "en", "\u0041bai Region"),
        ("Туран II", "ru", "Туран II"),
        ("\u0259уезов", "kk", "\u04d9уезов"),
        ("рзд.71 км", "ru", "рзд.71 км"),
    ],
)
def test_a_mixed_word_is_rewritten_in_the_alphabet_of_its_language(
    text: str, language: str, corrected: str
) -> None:
    spelled = correct_mixed_alphabets(text, language=language)
    assert spelled.text == corrected
    assert spelled.mixed_words == ()


def test_a_word_that_cannot_be_corrected_is_kept_and_named() -> None:
    spelled = correct_mixed_alphabets("Qызылорда ауданы", language="kk")
    assert spelled.text == "Qызылорда ауданы"
    assert spelled.mixed_words == ("Qызылорда",)
