"""Sentences in the language of the terminal, for commands that do not start Django.

They use the same catalogues as the pages, read with the standard library.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, sentence_in

DOMAIN = "django"
CATALOGUES = Path(__file__).resolve().parents[2] / "project" / "locale"
# In the order of precedence in POSIX.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = frozenset({"c", "posix"})
_LANGUAGES = _NO_LANGUAGE | {"en", "kk", "ru"}
# Kazakh and Russian put a no-break space between groups of digits and before the percent sign.
_PUNCTUATION = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "%": "\N{NO-BREAK SPACE}%"})
_MINUS = "\N{MINUS SIGN}"


def terminal_language(environment: Mapping[str, str]) -> str:
    """The language set in the environment, by the rules of GNU gettext; default English.

    LANGUAGE lists languages, the preferred one first, and takes precedence over the locale, except
    over the locale C (or POSIX), which is also the default when the environment names none.
    """
    locale = next((environment[n] for n in _LOCALE_VARIABLES if environment.get(n)), "C")
    if _language_of(locale) in _NO_LANGUAGE:
        return "en"
    listed = map(_language_of, (environment.get("LANGUAGE") or locale).split(":"))
    language = next((one for one in listed if one in _LANGUAGES), "en")
    return "en" if language in _NO_LANGUAGE else language


def _language_of(name: str) -> str:
    """The language in the name of a locale such as ``kk_KZ.UTF-8``."""
    return re.split(r"[_.@-]", name, maxsplit=1)[0].lower()


def gettext(message: str) -> str:
    """The message in the language of the terminal."""
    return _catalogue().gettext(message)


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogues; it is translated when it is shown."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """The plural form of the message for a number, in the language of the terminal."""
    return _catalogue().ngettext(singular, plural, number)


def sentence_of(error: Exception) -> str:
    """What is wrong, in the language of the terminal; words of libraries are not translated."""
    return sentence_in(error, gettext) if isinstance(error, FormatError) else str(error)


def localised_number(value: float, form: str = ",") -> str:
    """Format a number with a Python format and the separators of the language."""
    text = with_minus(format(value, form))
    return text if terminal_language(os.environ) == "en" else text.translate(_PUNCTUATION)


def with_minus(number: str) -> str:
    """The number with a true minus sign instead of a hyphen."""
    return _MINUS + number[1:] if number.startswith("-") else number


def localised_day(day: dt.date) -> str:
    """Write a day in the same form as the pages."""
    return f"{day:%d %b %Y}" if terminal_language(os.environ) == "en" else f"{day:%d.%m.%Y}"


def localised_month(day: dt.date) -> str:
    """Write the month of a day: by its English name, by its number in Kazakh and Russian."""
    return f"{day:%b %Y}" if terminal_language(os.environ) == "en" else f"{day:%m.%Y}"


def _catalogue() -> NullTranslations:
    return _catalogue_in(CATALOGUES, terminal_language(os.environ))


@cache
def _catalogue_in(folder: Path, language: str) -> NullTranslations:
    return translation(DOMAIN, folder, [language], fallback=True)
