"""Faults of formats, said in the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qorgau.exchange.formats.format_errors import FormatError, errors_of
from qorgau.exchange.formats.suggestion.reasons import Reason

# Values that are words of ours, not of the file: they have a translation too.
_TRANSLATED_VALUES = frozenset(("label", "what", "kind", "given"))


def sentence_of(error: FormatError) -> str:
    """Return what is wrong as a sentence in the active language.

    Parameters
    ----------
    error : FormatError
        One that is made of several gives one line for each.

    Returns
    -------
    str
    """
    return "\n".join(_sentence(single) for single in errors_of(error))


def sentences_of(errors: Iterable[FormatError]) -> str:
    """Return all that is wrong with a row, one sentence after the other."""
    return " ".join(_sentence(error) for error in errors)


def reasons_said(reasons: Iterable[Reason]) -> str:
    """Return why something is suggested, in the active language."""
    return " ".join(str(_(reason.template) % reason.values) for reason in reasons)


def _sentence(error: FormatError) -> str:
    values = {
        name: _(value) if name in _TRANSLATED_VALUES and isinstance(value, str) else value
        for name, value in error.values.items()
    }
    return str(_(error.template) % values)
