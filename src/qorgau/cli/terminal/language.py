"""Sentences in the language of the terminal, for what answers without starting Django.

The catalogues are those of the pages, read with the standard library.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from gettext import NullTranslations, translation
from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, sentence_in

# In the order in which POSIX lets them override each other.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_CATALOGUES = Path(__file__).resolve().parents[2] / "project" / "locale"
# Kazakh and Russian set groups of digits apart with a space that no line breaks at.
_PUNCTUATION = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


def terminal_language(environment: Mapping[str, str]) -> str:
    """The language that the terminal's locale asks for; English where it asks for none of ours."""
    locale = next((environment[n] for n in _LOCALE_VARIABLES if environment.get(n)), "")
    language = locale[:2].lower()
    return language if language in ("kk", "ru") else "en"


def gettext(message: str) -> str:
    """The message in the language of the terminal."""
    return _catalogue().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that goes with a number, in the language of the terminal."""
    return _catalogue().ngettext(singular, plural, number)


def sentence_of(error: Exception) -> str:
    """What is wrong, in the language of the terminal; a library's own words stay as they are."""
    return sentence_in(error, gettext) if isinstance(error, FormatError) else str(error)


def number_said(value: float, form: str = ",") -> str:
    """Write a number as a format of Python's puts it, with the language's own separators."""
    said = format(value, form)
    return said if terminal_language(os.environ) == "en" else said.translate(_PUNCTUATION)


def _catalogue() -> NullTranslations:
    languages = [terminal_language(os.environ)]
    return translation("django", _CATALOGUES, languages, fallback=True)
