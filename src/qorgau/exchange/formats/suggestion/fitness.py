"""How well a column fits a field, by name and by content, with the reasons as sentences."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.exchange.formats.format_errors import gettext_noop
from qorgau.exchange.formats.mapping.schema import TargetField
from qorgau.exchange.formats.suggestion.likeness import best_likeness
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.reasons import SuggestionReason
from qorgau.exchange.formats.suggestion.value_maps import share_of_known_values
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary

_NAME_WEIGHT, _CONTENT_WEIGHT = 0.65, 0.35
# Confidence from the content alone, whatever the name.
_SURE_DATE, _SURE_STORY = 0.45, 0.5
_LONG_TEXT_CHARACTERS = 60
# Minimum similarity of a name to a field's; below it only the content counts.
_LIKE = 0.3
# When less of the content fits the field, a similar name is a coincidence.
_LEAST_CONTENT = 0.4

_NAMED_ALIKE = SuggestionReason(gettext_noop("The name resembles that of the field."))
_NAME_SAYS_NOTHING = SuggestionReason(
    gettext_noop("The name does not show it, but the content does.")
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A column and a field, and how well they fit.

    Attributes
    ----------
    profile : ColumnProfile
    field : TargetField
    confidence : float
        0 to 1.
    reasons : tuple of SuggestionReason
    """

    profile: ColumnProfile
    field: TargetField
    confidence: float
    reasons: tuple[SuggestionReason, ...]


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
    name = best_likeness(profile.name, vocabulary.fields.get(field.name, ()))
    alone = _content_alone(profile, field)
    if not profile.n_filled or (name < _LIKE and not alone):
        return Fit(profile, field, 0.0, ())
    content, seen = _content(profile, field, vocabulary)
    if content < _LEAST_CONTENT:
        return Fit(profile, field, 0.0, (seen,))
    if name >= _LIKE:
        confidence = _NAME_WEIGHT * name + _CONTENT_WEIGHT * content
        return Fit(profile, field, confidence, (_NAMED_ALIKE, seen))
    return Fit(profile, field, alone * content, (_NAME_SAYS_NOTHING, seen))


def _content_alone(profile: ColumnProfile, field: TargetField) -> float:
    if field.kind == "date" and field.is_required:
        return _SURE_DATE
    is_story = field.kind == "text" and (field.longest_characters or 0) >= 1000
    if is_story and profile.mean_characters >= _LONG_TEXT_CHARACTERS:
        return _SURE_STORY
    return 0.0


def _content(
    profile: ColumnProfile, field: TargetField, vocabulary: SuggestionVocabulary
) -> tuple[float, SuggestionReason]:
    """Share of the content that the field could take, and what was seen."""
    shares = profile.shares
    if field.kind == "date":
        return profile.dates.share, _seen_dates(profile)
    if field.kind == "time":
        share = max(shares["clock"], shares["figures"])
        return share, _seen(gettext_noop("%(share)s%% of the cells are times of day."), share)
    if field.kind == "integer":
        share = shares["integer"]
        return share, _seen(gettext_noop("%(share)s%% of the cells are whole numbers."), share)
    if field.kind == "decimal":
        share = shares["decimal"]
        return share, _seen(gettext_noop("%(share)s%% of the cells are numbers."), share)
    if field.kind == "choice":
        share = share_of_known_values(profile, field, vocabulary)
        template = gettext_noop("%(share)s%% of the cells resemble a value of the register.")
        return share, _seen(template, share)
    if field.kind == "boolean":
        reason = gettext_noop("Different texts: %(count)s.")
        return float(profile.n_distinct <= 3), SuggestionReason(
            reason, {"count": profile.n_distinct}
        )
    return _text_content(profile, field)


def _seen(template: str, share: float) -> SuggestionReason:
    return SuggestionReason(template, {"share": round(100 * share)})


def _text_content(profile: ColumnProfile, field: TargetField) -> tuple[float, SuggestionReason]:
    limit = field.longest_characters or 0
    if profile.shares["decimal"] > 0.9:
        return 0.0, SuggestionReason(gettext_noop("Its cells are numbers."))
    template = gettext_noop("Average length of the texts in characters: %(count)s.")
    seen = SuggestionReason(template, {"count": round(profile.mean_characters)})
    if profile.mean_characters > limit > 0:
        return 0.0, seen
    if limit >= 1000:
        return min(1.0, 0.5 + profile.mean_characters / (2 * _LONG_TEXT_CHARACTERS)), seen
    return 1.0, seen


def _seen_dates(profile: ColumnProfile) -> SuggestionReason:
    dates = profile.dates
    if dates.is_swapped:
        template = gettext_noop(
            "%(share)s%% of the cells are dates (%(forms)s). The Excel numbers end at the "
            "12th of each month and the texts begin at the 13th: day and month of the "
            "numbers were swapped."
        )
    elif dates.is_ambiguous:
        template = gettext_noop(
            "%(share)s%% of the cells are dates (%(forms)s). Day and month cannot be "
            "distinguished: check their order."
        )
    else:
        template = gettext_noop("%(share)s%% of the cells are dates (%(forms)s).")
    return SuggestionReason(
        template, {"share": round(100 * dates.share), "forms": ", ".join(dates.forms)}
    )
