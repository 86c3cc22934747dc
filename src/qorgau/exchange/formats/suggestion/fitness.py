"""How well a column fits a field: by its name and by its content, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.exchange.formats.mapping.schema import TargetField
from qorgau.exchange.formats.suggestion.likeness import best_likeness
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.value_maps import share_of_known_values
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary

_NAME_WEIGHT, _CONTENT_WEIGHT = 0.65, 0.35
# What the content alone, under any name, can make a column believed to be.
_SURE_DATE, _SURE_STORY = 0.45, 0.5
_LONG_TEXT_CHARACTERS = 60
# A name is like a field's from here on; below it only the content speaks.
_LIKE = 0.3
# With less of its content fit for the field, the name must be a coincidence.
_LEAST_CONTENT = 0.4


@dataclass(frozen=True, slots=True)
class Fit:
    """A column and a field, and how well they fit.

    Attributes
    ----------
    profile : ColumnProfile
    field : TargetField
    confidence : float
        0 to 1.
    reason : str
    """

    profile: ColumnProfile
    field: TargetField
    confidence: float
    reason: str


def fit_of(profile: ColumnProfile, field: TargetField, vocabulary: SuggestionVocabulary) -> Fit:
    """Judge one column for one field.

    Parameters
    ----------
    profile : ColumnProfile
    field : TargetField
    vocabulary : SuggestionVocabulary

    Returns
    -------
    Fit
    """
    if not profile.n_filled:
        return Fit(profile, field, 0.0, "The column is empty.")
    name = best_likeness(profile.name, vocabulary.fields.get(field.name, ()))
    alone = _content_alone(profile, field)
    if name < _LIKE and not alone:
        return Fit(profile, field, 0.0, "The name is not like the field's.")
    content, seen = _content(profile, field, vocabulary)
    if content < _LEAST_CONTENT:
        return Fit(profile, field, 0.0, seen)
    if name >= _LIKE:
        confidence = _NAME_WEIGHT * name + _CONTENT_WEIGHT * content
        return Fit(profile, field, confidence, f"The name is like the field's, and {seen}.")
    return Fit(profile, field, alone * content, f"The name says nothing, but {seen}.")


def _content_alone(profile: ColumnProfile, field: TargetField) -> float:
    if field.kind == "date" and field.is_required:
        return _SURE_DATE
    is_story = field.kind == "text" and (field.longest_characters or 0) >= 1000
    if is_story and profile.mean_characters >= _LONG_TEXT_CHARACTERS:
        return _SURE_STORY
    return 0.0


def _content(
    profile: ColumnProfile, field: TargetField, vocabulary: SuggestionVocabulary
) -> tuple[float, str]:
    """Share of the content that the field could take, and what was seen."""
    shares = profile.shares
    if field.kind == "date":
        return profile.dates.share, _seen_dates(profile)
    if field.kind == "time":
        share = max(shares["clock"], shares["figures"])
        return share, f"{share:.0%} of the cells are times of day"
    if field.kind == "integer":
        share = shares["integer"]
        return share, f"{share:.0%} of the cells are whole numbers"
    if field.kind == "decimal":
        return shares["decimal"], f"{shares['decimal']:.0%} of the cells are numbers"
    if field.kind == "choice":
        share = share_of_known_values(profile, field, vocabulary)
        return share, f"{share:.0%} of the cells have a value like one of the register's"
    if field.kind == "boolean":
        return float(profile.n_distinct <= 3), f"it has {profile.n_distinct} different texts"
    return _text_content(profile, field)


def _text_content(profile: ColumnProfile, field: TargetField) -> tuple[float, str]:
    limit = field.longest_characters or 0
    seen = f"its texts have {profile.mean_characters:.0f} characters on average"
    if profile.mean_characters > limit > 0:
        return 0.0, seen
    if profile.shares["decimal"] > 0.9:
        return 0.0, "its cells are numbers"
    if limit >= 1000:
        return min(1.0, 0.5 + profile.mean_characters / (2 * _LONG_TEXT_CHARACTERS)), seen
    return 1.0, seen


def _seen_dates(profile: ColumnProfile) -> str:
    dates = profile.dates
    seen = f"{dates.share:.0%} of the cells are dates ({', '.join(dates.forms) or 'in no form'})"
    if dates.is_swapped:
        seen += (
            "; the Excel numbers end at the 12th of each month and the texts begin at the 13th, "
            "so that day and month of the numbers were exchanged"
        )
    elif dates.is_ambiguous:
        seen += "; nothing tells day from month, check their order"
    return seen
