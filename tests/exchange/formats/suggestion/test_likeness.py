"""Words of names, and their similarity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.suggestion.likeness import best_likeness, likeness, mention, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ACCIDENT_DT", ("accident", "date")),
        ("accidentDate", ("accident", "date")),
        ("Date of the accident", ("date", "accident")),
        ("Дата происшествия", ("дата", "происшествия")),
        ("№", ()),
    ],
)
def test_words(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("ACCIDENT_DT", "date of accident"),
        ("Дата происшествий", "дата происшествия"),
        ("Оқиғаның күні", "оқиға күні"),
        ("DAYS_RESTRICTED", "days restricted"),
    ],
)
def test_similar_names(name, phrase):
    assert likeness(name, phrase) > 0.6


def test_different_name():
    assert best_likeness("PUMP_PRESSURE", ("date of accident", "narrative")) == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_and_symmetric(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) in (0, 1)


def test_mention_prefers_the_longer_phrase_and_accepts_abbreviated_words():
    assert mention("CUT,LACER,PUNCT-OPN WOUND", "laceration")[0] == 1
    assert mention("Gunfire (Accidental)", "accidental gunfire") > mention(
        "Gunfire (Accidental)", "gunfire"
    )
    assert mention("Training accident", "train accident")[0] < 0.9
