"""Correct words that mix Latin and Cyrillic letters which look alike.

"Солтүстiк" typed with a Latin i looks right, but no search finds it. A mixed word is rewritten in
the alphabet of its language when every foreign letter in it has a lookalike there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LATIN = "ABCEHIKMOPTXYaceiopxyhəƏ"
_CYRILLIC = "АВСЕНІКМОРТХУасеіорхуһәӘ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class SpelledText:
    """A text after its mixed words were corrected.

    Attributes
    ----------
    text : str
    mixed_words : tuple of str
        Words that mix alphabets and could not be corrected.
    """

    text: str
    mixed_words: tuple[str, ...]


def correct_mixed_alphabets(text: str, *, language: str) -> SpelledText:
    """Rewrite each mixed word in the alphabet of the language.

    Parameters
    ----------
    text : str
    language : str
        ``kk`` and ``ru`` use Cyrillic letters, every other language Latin ones.

    Returns
    -------
    SpelledText
        Words in only one alphabet, whichever it is, are not changed.
    """
    twins = _TO_CYRILLIC if language in ("kk", "ru") else _TO_LATIN
    uncorrected = []

    def in_one_alphabet(match: re.Match[str]) -> str:
        word = match.group()
        if not _is_mixed(word):
            return word
        corrected = word.translate(twins)
        if _is_mixed(corrected):
            uncorrected.append(word)
            return word
        return corrected

    return SpelledText(_WORD.sub(in_one_alphabet, text), tuple(uncorrected))


def _is_mixed(word: str) -> bool:
    return len({_alphabet(letter) for letter in word} & {"LATIN", "CYRILLIC"}) == 2


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]
