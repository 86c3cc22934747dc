"""A mapping suggested for an unknown file, for a person to correct."""

from qorgau.exchange.formats.suggestion.proposal import (
    ColumnSuggestion,
    MappingSuggestion,
    suggest_mapping,
)
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary, read_vocabulary

__all__ = [
    "ColumnSuggestion",
    "MappingSuggestion",
    "SuggestionVocabulary",
    "read_vocabulary",
    "suggest_mapping",
]
