"""The effect of an action in one sentence, and why it was worked out as it was."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy, ngettext

from qorgau.analysis.effect.estimate import (
    COMPARED,
    EXACT,
    FELL,
    INTERRUPTED,
    NOTHING_BEFORE,
    OPEN,
    ROSE,
    Estimate,
)
from qorgau.analysis.figures.number_words import expected_in_words

# From so many cases on, decimals say nothing.
WHOLE_FROM = 20
_SUBJECT = gettext_lazy("%(unit)s, “%(measure)s” since %(day)s: ")
_UNLIMITED = gettext_lazy(
    "This may be chance: the ratio could be %(low)s or any larger number. It is too early to say "
    "whether the action worked."
)
_SAID = {
    FELL: gettext_lazy(
        "The rate fell by %(change)s%% (95%% confidence interval %(least)s%% to %(most)s%%). "
        "This is more than chance would explain. Incidents prevented: about %(averted)s "
        "(%(averted_low)s to %(averted_high)s)."
    ),
    ROSE: gettext_lazy(
        "The rate rose by %(change)s%% (95%% confidence interval %(least)s%% to %(most)s%%). "
        "This is more than chance would explain: the action has not lowered it."
    ),
    OPEN: gettext_lazy(
        "This may be chance: the ratio could be anywhere from %(low)s to %(high)s. It is too "
        "early to say whether the action worked."
    ),
    NOTHING_BEFORE: gettext_lazy(
        "there were no incidents before the action to compare with, so a fall cannot be "
        "measured. Choose a larger unit, a wider cause or a longer period."
    ),
}
WHY = {
    INTERRUPTED: gettext_lazy(
        "There are enough periods and incidents for a time series: the expected numbers "
        "continue the level before the action, with the season and the steady change seen in "
        "it."
    ),
    COMPARED: gettext_lazy(
        "A unit without the action was chosen and has enough incidents: whatever changed "
        "both units in the same way, such as the season, the weather or a new way of "
        "reporting, cancels out."
    ),
    EXACT: gettext_lazy(
        "There are too few periods or incidents for a time series: the two rates are "
        "compared, with limits that are exact for small numbers."
    ),
}


def effect_sentence(
    *, unit_name: str, measure: str, held_from: dt.date, observed: int, estimate: Estimate
) -> str:
    """Say in the reader's language whether it worked.

    Parameters
    ----------
    unit_name : str
        The unit, with all below it.
    measure : str
        What is counted, in the reader's language.
    held_from : date
        Day from which the action held.
    observed : int
        Incidents since.
    estimate : Estimate
        What was to be expected without it.

    Returns
    -------
    str
        One to three sentences.
    """
    verdict = estimate.verdict
    subject = str(_SUBJECT) % {
        "unit": unit_name,
        "measure": measure,
        "day": date_format(held_from, "SHORT_DATE_FORMAT"),
    }
    if verdict == NOTHING_BEFORE:
        return subject + str(_SAID[verdict])
    counted = ngettext(
        "%(observed)s incident was recorded. Without the action, %(expected)s would have been "
        "expected. ",
        "%(observed)s incidents were recorded. Without the action, %(expected)s would have been "
        "expected. ",
        observed,
    ) % {
        "observed": number_format(observed, force_grouping=True),
        "expected": expected_in_words(estimate.expected),
    }
    is_unlimited = verdict == OPEN and estimate.ratio_upper is None
    answer = str(_UNLIMITED if is_unlimited else _SAID[verdict])
    return str(subject + counted + answer % _figures(estimate))


def _figures(estimate: Estimate) -> dict[str, str]:
    low, high = estimate.ratio_lower or 0.0, estimate.ratio_upper
    changes = sorted(abs(1.0 - one) for one in (low, high) if one is not None)
    figures = {
        "change": _percent(abs(1.0 - (estimate.ratio or 0.0))),
        "least": _percent(changes[0]),
        "most": _percent(changes[-1]),
        "low": _times(low),
        "high": "–" if high is None else _times(high),
    }
    if estimate.verdict == FELL:
        figures |= {
            "averted": _cases(estimate.averted, estimate.expected),
            "averted_low": _cases(estimate.averted_lower, estimate.expected),
            "averted_high": _cases(estimate.averted_upper, estimate.expected),
        }
    return figures


def _percent(share: float) -> str:
    return str(number_format(round(100 * share), decimal_pos=0, force_grouping=True))


def _times(ratio: float) -> str:
    return str(number_format(round(ratio, 2), decimal_pos=2))


def _cases(number: float | None, expected: float) -> str:
    """With a decimal only where few are expected."""
    decimals = 0 if expected >= WHOLE_FROM else 1
    return "–" if number is None else str(number_format(round(number, decimals), decimals))
