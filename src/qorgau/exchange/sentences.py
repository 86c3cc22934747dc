"""Faults of formats as sentences in the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qorgau.exchange.formats.format_errors import FormatError, sentence_in
from qorgau.exchange.formats.suggestion.reasons import SuggestionReason


def sentence_of(error: FormatError) -> str:
    """Return what is wrong as a sentence in the active language.

    Parameters
    ----------
    error : FormatError
        A compound error gives one line for each fault.

    Returns
    -------
    str
    """
    return sentence_in(error, _)


def sentences_of(errors: Iterable[FormatError]) -> str:
    """Return everything that is wrong with a row, one sentence after another."""
    return " ".join(sentence_in(error, _) for error in errors)


def sentences_of_reasons(reasons: Iterable[SuggestionReason]) -> str:
    """Return why something is suggested, in the active language."""
    return " ".join(str(_(reason.template) % reason.values) for reason in reasons)
