"""Sentences in the language of the terminal, for what answers without starting Django.

The catalogues are those of the pages, read with the standard library.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from gettext import NullTranslations, translation
from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, sentence_in

DOMAIN = "django"
CATALOGUES = Path(__file__).resolve().parents[2] / "project" / "locale"
# In the order in which POSIX lets them override each other.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = frozenset({"c", "posix"})
_LANGUAGES = _NO_LANGUAGE | {"en", "kk", "ru"}
# Kazakh and Russian set groups of digits and the percent sign apart with a space that no line
# breaks at.
_PUNCTUATION = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "%": "\N{NO-BREAK SPACE}%"})
_MINUS = "\N{MINUS SIGN}"


def terminal_language(environment: Mapping[str, str]) -> str:
    """The language that the environment names, as GNU gettext reads it; else English.

    LANGUAGE lists languages, the preferred one first, and goes before the locale, except before
    the locale C (or POSIX), which is also that of an environment that names none.
    """
    locale = next((environment[n] for n in _LOCALE_VARIABLES if environment.get(n)), "C")
    if _language_of(locale) in _NO_LANGUAGE:
        return "en"
    listed = map(_language_of, (environment.get("LANGUAGE") or locale).split(":"))
    language = next((one for one in listed if one in _LANGUAGES), "en")
    return "en" if language in _NO_LANGUAGE else language


def _language_of(name: str) -> str:
    """Of a locale's name such as ``kk_KZ.UTF-8`` the language."""
    return re.split(r"[_.@-]", name, maxsplit=1)[0].lower()


def gettext(message: str) -> str:
    """The message in the language of the terminal."""
    return _catalogue().gettext(message)


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that goes with a number, in the language of the terminal."""
    return _catalogue().ngettext(singular, plural, number)


def sentence_of(error: Exception) -> str:
    """What is wrong, in the language of the terminal; a library's own words stay as they are."""
    return sentence_in(error, gettext) if isinstance(error, FormatError) else str(error)


def number_said(value: float, form: str = ",") -> str:
    """Write a number as a format of Python's puts it, with the language's own separators."""
    said = with_minus(format(value, form))
    return said if terminal_language(os.environ) == "en" else said.translate(_PUNCTUATION)


def with_minus(number: str) -> str:
    """The number with a true minus sign instead of a hyphen."""
    return _MINUS + number[1:] if number.startswith("-") else number


def day_said(day: dt.date) -> str:
    """Write a day as the pages write it in the language."""
    return f"{day:%d %b %Y}" if terminal_language(os.environ) == "en" else f"{day:%d.%m.%Y}"


def month_said(day: dt.date) -> str:
    """Write the month of a day: by its English name, by its number in Kazakh and Russian."""
    return f"{day:%b %Y}" if terminal_language(os.environ) == "en" else f"{day:%m.%Y}"


def _catalogue() -> NullTranslations:
    languages = [terminal_language(os.environ)]
    return translation(DOMAIN, CATALOGUES, languages, fallback=True)
