"""Errors of files and mappings, as sentences that pages and commands can translate."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping

# Values that are our own words, not the file's: they have a translation too.
_TRANSLATED_VALUES = frozenset(("label", "what", "kind", "given"))


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation and return it unchanged.

    Formats have no language; the page or command that shows a fault translates its template.
    """
    return message


class FormatError(ValueError):
    """What is wrong with a file, a mapping or a cell, and what to do about it.

    Parameters
    ----------
    template : str
        English sentence with ``%(name)s`` placeholders.
    **values
        Values of the placeholders. ``column`` and ``row`` also show a page where to put the
        sentence.

    Attributes
    ----------
    template : str
    values : dict of str to object
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template % _with_capital_label(values))

    @property
    def sentence(self) -> str:
        """The whole English sentence."""
        return str(self)

    @property
    def column(self) -> str | None:
        """The column of the file that the fault is about, if any."""
        value = self.values.get("column")
        return value if isinstance(value, str) else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word with the most similar spelling, or None when none is similar."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def shortened(text: str, *, length: int = 60) -> str:
    """Return ``text`` on one line, at most ``length`` long, for use inside a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


class CompoundFormatError(FormatError):
    """Several faults found together, so that a person can correct them all at once.

    Parameters
    ----------
    faults : iterable of FormatError
        At least one.
    """

    def __init__(self, faults: Iterable[FormatError]) -> None:
        self.faults = tuple(faults)
        super().__init__("%(all)s", all="\n".join(fault.sentence for fault in self.faults))


def errors_of(fault: FormatError) -> tuple[FormatError, ...]:
    """Return the single faults in a fault."""
    return fault.faults if isinstance(fault, CompoundFormatError) else (fault,)


def sentence_in(error: FormatError, translate: Callable[[str], str]) -> str:
    """Return what is wrong as a sentence in the reader's language.

    Parameters
    ----------
    error : FormatError
        A compound error gives one line for each fault.
    translate : callable
        Returns the translation of an English message.

    Returns
    -------
    str
    """
    return "\n".join(_translated(single, translate) for single in errors_of(error))


def _translated(error: FormatError, translate: Callable[[str], str]) -> str:
    values = {
        name: translate(value) if name in _TRANSLATED_VALUES and isinstance(value, str) else value
        for name, value in error.values.items()
    }
    return translate(error.template) % _with_capital_label(values)


def _with_capital_label(values: Mapping[str, object]) -> dict[str, object]:
    """The label of a field is a word of a form; sentences begin with it."""
    label = values.get("label")
    return {**values, "label": capitalised(label)} if isinstance(label, str) else dict(values)


def capitalised(label: str) -> str:
    """Return a label with a capital first letter."""
    return label[:1].upper() + label[1:]
