"""A signal in one sentence: what rose, by how much, how unusual, and what to look at."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qorgau.analysis.figures.measures import cause_of, measure_label
from qorgau.analysis.figures.number_words import (
    SMALLEST_COUNT,
    expected_in_words,
    percent,
    rounded,
)
from qorgau.analysis.reporting_delay.results import AS_GOOD_AS_ALL
from qorgau.records.signals.models import Signal

# Below this a p-value is a formality: models are not that exact.
SMALLEST_CHANCE = 1e-6
MANY_TIMES = 100

# By the cause, or the branch of the cause tree that it belongs to.
WHAT_TO_LOOK_AT = {
    "force.firearm": gettext_lazy("the weapon, how it is made safe, and who was trained to use it"),
    "force.explosion": gettext_lazy("the substance or munition, its storage and distances"),
    "force.animal": gettext_lazy("where the animals are, and how people come across them"),
    "force.collapse": gettext_lazy("the ground or structure, and who may go there"),
    "transport": gettext_lazy("drivers, vehicles, routes and hours at the wheel"),
    "fall": gettext_lazy("the place, its surface and light, and footwear"),
    "force": gettext_lazy("the machine or tool, its guards, and who was trained to use it"),
    "exertion": gettext_lazy("loads, footwear, the pace of training and time to recover"),
    "environment": gettext_lazy("weather limits, clothing, water, and times of work and rest"),
    "drowning": gettext_lazy("the water, supervision and life jackets"),
    "fire": gettext_lazy("heat sources, fuel and protective clothing"),
    "electricity": gettext_lazy(
        "the electrical installation, its isolation, and who may work on it"
    ),
    "chemical": gettext_lazy("the substance, ventilation and protective equipment"),
    "biological": gettext_lazy("contacts, food, water and living quarters"),
    "violence": gettext_lazy("who, when and where, and what came before it"),
}
WHAT_TO_LOOK_AT_ELSE = gettext_lazy("what these events share: place, task, equipment, time of day")


class Rise(Protocol):
    """What rose in a week: a stored signal, or a rise of an answer."""

    @property
    def measure(self) -> str: ...

    @property
    def observed(self) -> float: ...

    @property
    def expected(self) -> float: ...

    @property
    def upper_bound(self) -> float: ...

    @property
    def p_value(self) -> float | None: ...


@dataclass(frozen=True)
class SignalInWords:
    """A signal in the reader's language.

    Attributes
    ----------
    signal : Signal
    unit_name : str
        What its unit is called now; its code where it has no name.
    measure_label : str
        What rose.
    sentence : str
        What rose, by how much, how unusual it is, and what to look at.
    expected, chance : str
        The expected count, and how unusual the count is, for a table.
    """

    signal: Signal
    unit_name: str
    measure_label: str
    sentence: str
    expected: str
    chance: str


def in_words(signal: Signal, unit_name: str) -> SignalInWords:
    """A stored signal in the reader's language.

    Parameters
    ----------
    signal : Signal
    unit_name : str
        The unit, with all below it.

    Returns
    -------
    SignalInWords
    """
    return SignalInWords(
        signal=signal,
        unit_name=unit_name,
        measure_label=measure_label(signal.measure),
        sentence=signal_sentence(signal, week=signal.last_week, unit_name=unit_name),
        expected=expected_in_words(signal.expected),
        chance=chance_in_short(signal.p_value),
    )


def signal_sentence(rise: Rise, *, week: dt.date, unit_name: str) -> str:
    """Say a signal in the reader's language.

    Parameters
    ----------
    rise : Rise
        What rose, by how much, and how unusual it is.
    week : date
        Monday of the week.
    unit_name : str
        The unit, with all below it.

    Returns
    -------
    str
        One sentence.
    """
    sentence = _(
        "%(unit)s, week of %(week)s: “%(measure)s” rose to %(observed)s%(times)s. Expected: "
        "%(expected)s; usual maximum: %(bound)s; %(chance)s. Check %(look)s."
    ) % {
        "unit": unit_name,
        "week": date_format(week, "SHORT_DATE_FORMAT"),
        "observed": number_format(rise.observed, decimal_pos=0, force_grouping=True),
        "measure": measure_label(rise.measure),
        "expected": expected_in_words(rise.expected),
        "bound": number_format(math.floor(rise.upper_bound), force_grouping=True),
        "times": _times(rise.observed, rise.expected),
        "chance": chance_in_words(rise.p_value),
        "look": look_at(rise.measure),
    }
    return str(sentence)


def completeness_sentence(week: dt.date, share_reported: float | None) -> str:
    """Say how much of a week has been reported.

    Parameters
    ----------
    week : date
        Monday of the week.
    share_reported : float or None
        Share of its incidents reported; None where it is not known.

    Returns
    -------
    str
        A sentence; empty where it is not known or the week is as good as complete.
    """
    if share_reported is None or share_reported >= AS_GOOD_AS_ALL:
        return ""
    sentence = _(
        "About %(share)s%% of the incidents in the week of %(week)s had been reported when "
        "it was tested."
    ) % {"share": percent(share_reported), "week": date_format(week, "SHORT_DATE_FORMAT")}
    return str(sentence)


def look_at(measure: str) -> str:
    """What a person should look at first."""
    cause = cause_of(measure)
    branch = cause.partition(".")[0]
    words = WHAT_TO_LOOK_AT.get(cause) or WHAT_TO_LOOK_AT.get(branch) or WHAT_TO_LOOK_AT_ELSE
    return str(words)


def _times(observed: float, expected: float) -> str:
    """How many times the expected count, where that says something.

    A signal of weeks that add up may end in a week with no more than the expected count.
    """
    if expected < SMALLEST_COUNT or not 1.05 <= observed / expected < MANY_TIMES:
        return ""
    times = observed / expected
    is_whole = times >= 10
    shown = rounded(times, 0 if is_whole else 1)
    # A number with a decimal takes the form of two in languages that have one of its own.
    words = ngettext(
        " (%(times)s times the expected number)",
        " (%(times)s times the expected number)",
        round(times) if is_whole else 2,
    )
    return str(words % {"times": shown})


def chance_in_words(p_value: float | None) -> str:
    """How unusual a count is.

    Parameters
    ----------
    p_value : float or None
        Probability of so many by chance.

    Returns
    -------
    str
        A clause such as "by chance this would happen once in 4,000 weeks".
    """
    if p_value is None:
        return str(_("this is more than chance would usually give"))
    if p_value < SMALLEST_CHANCE:
        weeks = round(1 / SMALLEST_CHANCE)
        words = ngettext(
            "by chance this would happen less than once in %(weeks)s week",
            "by chance this would happen less than once in %(weeks)s weeks",
            weeks,
        )
    else:
        weeks = _two_digits(1 / p_value)
        words = ngettext(
            "by chance this would happen once in %(weeks)s week",
            "by chance this would happen once in %(weeks)s weeks",
            weeks,
        )
    return str(words % {"weeks": number_format(weeks, force_grouping=True)})


def chance_in_short(p_value: float | None) -> str:
    """How unusual a count is, for a table.

    Parameters
    ----------
    p_value : float or None
        Probability of so many by chance.

    Returns
    -------
    str
        Such as "1 in 4,000 weeks"; empty where it is not known.
    """
    if p_value is None:
        return ""
    if p_value < SMALLEST_CHANCE:
        weeks = round(1 / SMALLEST_CHANCE)
        words = ngettext("less than 1 in %(weeks)s week", "less than 1 in %(weeks)s weeks", weeks)
    else:
        weeks = _two_digits(1 / p_value)
        words = ngettext("1 in %(weeks)s week", "1 in %(weeks)s weeks", weeks)
    return str(words % {"weeks": number_format(weeks, force_grouping=True)})


def _two_digits(number: float) -> int:
    size = max(math.floor(math.log10(number)) - 1, 0)
    return int(round(number / 10**size) * 10**size)
