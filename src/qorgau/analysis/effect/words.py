"""The effect of an action in one sentence, and why it was worked out as it was."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.analysis.counting.number_words import expected_in_words
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

# From so many cases on, decimals say nothing.
WHOLE_FROM = 20
_SUBJECT = gettext_lazy("%(unit)s, “%(measure)s” since %(day)s: ")
_COUNTED = gettext_lazy(
    "%(observed)s counted where %(expected)s were to be expected without the action. "
)
_SAID = {
    FELL: gettext_lazy(
        "The rate fell by %(change)s %% (limits %(least)s to %(most)s %%), more than chance "
        "explains; averted: about %(averted)s (limits %(averted_low)s to %(averted_high)s)."
    ),
    ROSE: gettext_lazy(
        "The rate rose by %(change)s %% (limits %(least)s to %(most)s %%), more than chance "
        "explains: what was done has not lowered it."
    ),
    OPEN: gettext_lazy(
        "That may be chance: the limits reach from %(low)s to %(high)s times as many. Whether it "
        "worked cannot be told yet."
    ),
    NOTHING_BEFORE: gettext_lazy(
        "no case in the time before that could be compared, so nothing can have fallen. Choose a "
        "wider unit or cause, or a longer time before."
    ),
}
WHY = {
    INTERRUPTED: gettext_lazy(
        "There are periods and cases enough for a series: what was to be expected carries the "
        "level of the time before on, with the season and the steady change that it shows."
    ),
    COMPARED: gettext_lazy(
        "A unit without the action is named and has cases enough: what moved both alike, such as "
        "season, weather or a new way of reporting, drops out."
    ),
    EXACT: gettext_lazy(
        "There are too few periods or cases for a series: the two rates are compared, with limits "
        "that are exact for few cases."
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
    counted = str(_COUNTED) % {
        "observed": number_format(observed, force_grouping=True),
        "expected": expected_in_words(estimate.expected),
    }
    return subject + counted + str(_SAID[verdict]) % _figures(estimate)


def _figures(estimate: Estimate) -> dict[str, str]:
    low, high = estimate.ratio_lower or 0.0, estimate.ratio_upper
    changes = sorted(abs(1.0 - one) for one in (low, high) if one is not None)
    figures = {
        "change": _percent(abs(1.0 - (estimate.ratio or 0.0))),
        "least": _percent(changes[0]),
        "most": _percent(changes[-1]),
        "low": _times(low),
        "high": _("any number of") if high is None else _times(high),
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
