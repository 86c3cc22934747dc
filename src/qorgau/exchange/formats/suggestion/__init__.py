"""A mapping suggested for an unknown file, for a person to correct."""

from qorgau.exchange.formats.suggestion.correction import (
    KEY,
    UNITS,
    Corrections,
    Sample,
    UnitChoice,
    corrected,
    uses_of,
)
from qorgau.exchange.formats.suggestion.proposal import (
    ColumnSuggestion,
    MappingSuggestion,
    sampled_rows,
    suggest_mapping,
)
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary, read_vocabulary

__all__ = [
    "KEY",
    "UNITS",
    "ColumnSuggestion",
    "Corrections",
    "MappingSuggestion",
    "Sample",
    "SuggestionVocabulary",
    "UnitChoice",
    "corrected",
    "read_vocabulary",
    "sampled_rows",
    "suggest_mapping",
    "uses_of",
]
