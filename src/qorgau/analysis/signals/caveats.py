"""What a reader must know before using signals, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import Caveat
from qorgau.analysis.figures.number_words import percent
from qorgau.analysis.figures.shared_caveats import about_series, about_synthetic_data
from qorgau.analysis.reporting_delay.results import AS_GOOD_AS_ALL


@dataclass(frozen=True)
class SignalCaveatFacts:
    """What the signals themselves do not show.

    Attributes
    ----------
    is_synthetic : bool
        Whether synthetic data are among what was read.
    is_open : bool
        Whether the week is not over.
    units_by_ears : int
        Units with under two years of history, tested against recent weeks alone.
    units_untested : int
        Units with too short a history for any test.
    rises_without_person_time : int
        Rises of units whose strength is not known in every week.
    series_tested : int
        Series with a test.
    alpha : float
        One-sided probability of a false alarm for one series in one week.
    false_discovery_rate : float
        Stated rate of the whole run; 0 in the first runs, which did not control it.
    rises_withheld : int
        Events above their bounds that are not signals among so many tests.
    share_reported : float or None
        Share of the week's incidents reported when it was tested; None where it is not known.
    is_exact : bool
        Whether confidential incidents count.
    """

    is_synthetic: bool = False
    is_open: bool = False
    units_by_ears: int = 0
    units_untested: int = 0
    rises_without_person_time: int = 0
    series_tested: int = 0
    alpha: float = 0.0
    false_discovery_rate: float = 0.0
    rises_withheld: int = 0
    share_reported: float | None = None
    is_exact: bool = True


def signal_caveats(facts: SignalCaveatFacts) -> tuple[Caveat, ...]:
    """The caveats that apply to the signals of a week.

    Parameters
    ----------
    facts : SignalCaveatFacts
        What the signals themselves do not show.

    Returns
    -------
    tuple of Caveat
        Those that apply: about the data, the history, chance.
    """
    return (*_about_data(facts), *_about_history(facts), *_about_chance(facts))


def _about_data(facts: SignalCaveatFacts) -> Iterator[Caveat]:
    yield from about_synthetic_data(facts.is_synthetic)
    yield from about_series(facts.is_exact)
    if facts.is_open:
        yield Caveat("week_not_over", _("The week is not over: more incidents may still happen."))
    yield from _about_reports(facts.share_reported)
    if facts.rises_without_person_time:
        yield Caveat(
            "strength_not_known",
            ngettext(
                "%(number)d rise is in a unit with strength missing for some weeks: if the "
                "unit has grown, that alone may explain the rise.",
                "%(number)d rises are in units with strength missing for some weeks: if the "
                "units have grown, that alone may explain the rises.",
                facts.rises_without_person_time,
            )
            % {"number": facts.rises_without_person_time},
        )


def _about_reports(share: float | None) -> Iterator[Caveat]:
    """Nothing where the week is as good as complete."""
    if share is None:
        sentence = _(
            "Reports come late: the counts of the newest weeks are likely to grow, so check "
            "them again."
        )
    elif share < AS_GOOD_AS_ALL:
        sentence = _(
            "About %(share)s%% of the week's incidents had been reported when it was tested. "
            "Late reports cannot have caused a rise, but they may hide another one."
        ) % {"share": percent(share)}
    else:
        return
    yield Caveat("reports_come_late", sentence)


def _about_history(facts: SignalCaveatFacts) -> Iterator[Caveat]:
    if facts.units_by_ears:
        yield Caveat(
            "short_history",
            ngettext(
                "%(number)d unit has less than two years of history: it is compared only "
                "with its recent weeks, and a seasonal change can look like a rise.",
                "%(number)d units have less than two years of history: they are compared "
                "only with their recent weeks, and a seasonal change can look like a rise.",
                facts.units_by_ears,
            )
            % {"number": facts.units_by_ears},
        )
    if facts.units_untested:
        yield Caveat(
            "no_history",
            ngettext(
                "%(number)d unit has too short a history to be tested.",
                "%(number)d units have too short a history to be tested.",
                facts.units_untested,
            )
            % {"number": facts.units_untested},
        )


def _about_chance(facts: SignalCaveatFacts) -> Iterator[Caveat]:
    if not facts.series_tested:
        return
    if facts.false_discovery_rate:
        yield from _about_control(facts)
        return
    yield Caveat(
        "chance",
        _(
            "Series tested: %(series)s. Number of signals that chance alone may give: up to "
            "%(false)s, fewer where events are rare."
        )
        % {
            "series": number_format(facts.series_tested, force_grouping=True),
            "false": number_format(facts.series_tested * facts.alpha, decimal_pos=1),
        },
    )


def _about_control(facts: SignalCaveatFacts) -> Iterator[Caveat]:
    """The budget of false alarms, what it assumes, and what it cost."""
    yield Caveat(
        "chance",
        _(
            "Series tested: %(series)s. False alarms are limited over all of them: where "
            "nothing has risen, chance gives a signal in at most %(share)s of 100 weeks, and "
            "of 100 signals at most %(share)s are false on average."
        )
        % {
            "series": number_format(facts.series_tested, force_grouping=True),
            "share": _of_a_hundred(facts.false_discovery_rate),
        },
    )
    yield Caveat(
        "chance_assumes",
        _(
            "This is true if the series follow their models: weeks do not depend on each "
            "other, and counts vary no more than they did before. Where they vary more, more "
            "signals are false."
        ),
    )
    if facts.rises_withheld:
        yield Caveat(
            "withheld",
            ngettext(
                "%(number)d more rise is above its own limit, but not far enough to be "
                "distinguished from chance among so many tests.",
                "%(number)d more rises are above their own limits, but not far enough to be "
                "distinguished from chance among so many tests.",
                facts.rises_withheld,
            )
            % {"number": facts.rises_withheld},
        )


def _of_a_hundred(share: float) -> str:
    percent = 100 * share
    return str(number_format(percent, decimal_pos=0 if percent >= 1 else 1))
