"""Which value of the register each text in a column means, judged by its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qorgau.exchange.formats.mapping.schema import TargetField
from qorgau.exchange.formats.suggestion.likeness import mention
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.vocabulary import Phrases, SuggestionVocabulary

_MENTIONED = 0.75
_MOST_VALUES = 200


def suggest_values(
    profile: ColumnProfile, field: TargetField, vocabulary: SuggestionVocabulary, prefix: str = ""
) -> tuple[tuple[str, str], ...]:
    """Pair the texts of a column with the choices of a field.

    Parameters
    ----------
    profile : ColumnProfile
    field : TargetField
        A field of the kind ``choice``.
    vocabulary : SuggestionVocabulary
    prefix : str
        Common prefix of the texts, absent from the pairs.

    Returns
    -------
    tuple of (str, str)
        A text without any choice gets the field's default, so that a person sees it.
    """
    otherwise = vocabulary.otherwise.get(field.name, "")
    phrases = _phrases(field, vocabulary)
    pairs: dict[str, tuple[str, str]] = {}
    for text, _ in profile.values:
        plain = text.removeprefix(prefix).strip()
        pairs.setdefault(plain.casefold(), (plain, _choice_of(plain, phrases) or otherwise))
    return tuple(pairs.values())


def share_of_known_values(
    profile: ColumnProfile, field: TargetField, vocabulary: SuggestionVocabulary
) -> float:
    """Return the share of the filled cells with a text that contains one of the choices."""
    if profile.n_distinct > _MOST_VALUES:
        return 0.0
    phrases = _phrases(field, vocabulary)
    known = sum(n for text, n in profile.values if _choice_of(text, phrases))
    return known / profile.n_filled if profile.n_filled else 0.0


def _phrases(field: TargetField, vocabulary: SuggestionVocabulary) -> Mapping[str, Phrases]:
    known = vocabulary.values.get(field.name, {})
    return {choice: (choice.replace(".", " "), *known.get(choice, ())) for choice in field.choices}


def _choice_of(text: str, phrases: Mapping[str, Sequence[str]]) -> str | None:
    """The choice with the phrase that shares most words with the text."""
    best, best_score = None, (0.0, 0.0)
    for choice, known in phrases.items():
        for phrase in known:
            share, n_words = mention(text, phrase)
            if share >= _MENTIONED and (n_words, share) > best_score:
                best, best_score = choice, (n_words, share)
    return best
