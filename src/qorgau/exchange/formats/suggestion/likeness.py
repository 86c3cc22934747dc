"""How similar the name of a column is to the words for a field, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_ABBREVIATIONS = {
    "dt": "date",
    "cd": "code",
    "no": "number",
    "num": "number",
    "nr": "number",
    "nm": "name",
    "tm": "time",
    "yr": "year",
    "desc": "description",
    "descr": "description",
    "dept": "department",
    "org": "organisation",
    "inj": "injury",
    "acc": "accident",
    "loc": "location",
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "exper": "experience",
    "occ": "occupation",
    "нп": "происшествие",
}
_LITTLE_WORDS = frozenset(
    ("of", "the", "a", "an", "at", "in", "on", "for", "to", "by")
) | frozenset(("и", "в", "на", "о", "об", "при", "для", "мен", "және"))
_CAMEL = re.compile(r"(?<=[a-zа-яёәғқңөұүһі0-9])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Split a name into its words, in lower case and with abbreviations expanded.

    Parameters
    ----------
    name : str
        For example ``ACCIDENT_DT`` or ``accidentDate``.

    Returns
    -------
    tuple of str
        For example ``("accident", "date")``.
    """
    spaced = _CAMEL.sub(" ", name) if not name.isupper() else name
    words = re.findall(r"[^\W_]+", spaced.casefold())
    long = (_ABBREVIATIONS.get(word, word) for word in words)
    return tuple(word for word in long if word not in _LITTLE_WORDS)


def likeness(name: str, phrase: str) -> float:
    """Return how similar a name is to a phrase, 0 to 1.

    Words count as the same when they are equal or share a long prefix, so that the endings of
    Russian and Kazakh words do not matter.

    Parameters
    ----------
    name, phrase : str

    Returns
    -------
    float
        1 when the words are the same, in any order.
    """
    one, other = words_of(name), words_of(phrase)
    if not one or not other:
        return 0.0
    rest = list(other)
    weight = 0.0
    for word in one:
        best = max(rest, key=lambda candidate: _same_word(word, candidate), default=None)
        if best is not None and _same_word(word, best) > 0:
            weight += _same_word(word, best)
            rest.remove(best)
    return weight / (len(one) + len(other) - weight) if weight else 0.0


def mention(text: str, phrase: str) -> tuple[float, float]:
    """Return how much of a phrase a text contains.

    Parameters
    ----------
    text, phrase : str

    Returns
    -------
    share : float
        Share of the phrase's words that the text contains, 0 to 1.
    n_words : float
        Number of these words, so that the longer of two phrases can be preferred.
    """
    one, other = words_of(text), words_of(phrase)
    if not one or not other:
        return 0.0, 0.0
    found = sum(max(_same_beginning(candidate, word) for candidate in one) for word in other)
    # When the shares are equal, prefer a text with few other words.
    return found / len(other), found + 0.5 * found / len(one)


def best_likeness(name: str, phrases: Iterable[str]) -> float:
    """Return the largest similarity of a name to any of the phrases."""
    return max((likeness(name, phrase) for phrase in phrases), default=0.0)


@lru_cache(maxsize=65536)
def _same_word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared / longest if shared >= 4 and shared >= 0.6 * longest else 0.0


@lru_cache(maxsize=65536)
def _same_beginning(word: str, whole: str) -> float:
    """Like `_same_word`, but also for an abbreviated word, such as LACER for laceration."""
    return 1.0 if len(word) >= 4 and whole.startswith(word) else _same_word(word, whole)
