"""Why something is suggested, in sentences that pages and commands can translate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SuggestionReason:
    """One sentence.

    Attributes
    ----------
    template : str
        English, with ``%(name)s`` placeholders.
    values : mapping of str to object
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values


def english_sentences(reasons: Iterable[SuggestionReason]) -> str:
    """Return the sentences in English, one after another."""
    return " ".join(map(str, reasons))
