"""What a reader must know before using reporting delays, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import Caveat
from qorgau.analysis.figures.shared_caveats import about_series, about_synthetic_data
from qorgau.analysis.reporting_delay.results import LONGEST_DELAY_WEEKS
from qorgau.methods.reporting_delay import DelayCorrection


def delay_caveats(
    is_synthetic: bool, is_exact: bool, found: DelayCorrection | None, without_delay: int
) -> Iterator[Caveat]:
    """The caveats that apply to delays and to the weeks corrected for them.

    Parameters
    ----------
    is_synthetic : bool
        Whether synthetic data are among what was read.
    is_exact : bool
        Whether confidential incidents count.
    found : DelayCorrection or None
        The estimate, if there is one.
    without_delay : int
        Incidents that say nothing about delays.

    Yields
    ------
    Caveat
    """
    yield from about_synthetic_data(is_synthetic)
    yield from about_series(is_exact)
    if found:
        yield Caveat(
            "delays_as_before",
            _(
                "This assumes that reports are as late as in the last two years. After "
                "holidays, or with a new way of reporting, the limits are not valid."
            ),
        )
    else:
        yield Caveat(
            "delay_not_known",
            _(
                "It is not known here how late reports come: too few incidents were recorded "
                "as they happened. The counts of the newest weeks are likely to grow."
            ),
        )
    if found and found.longest_delay < LONGEST_DELAY_WEEKS:
        yield Caveat(
            "young",
            ngettext(
                "Incidents have not been recorded for long enough to show delays of more "
                "than %(number)d week.",
                "Incidents have not been recorded for long enough to show delays of more "
                "than %(number)d weeks.",
                found.longest_delay,
            )
            % {"number": found.longest_delay},
        )
    yield from _about_left_out(found.left_out if found else 0, without_delay)


def _about_left_out(recorded_later: int, without_delay: int) -> Iterator[Caveat]:
    if recorded_later:
        yield Caveat(
            "recorded_later",
            ngettext(
                "%(number)d incident was recorded more than %(weeks)d weeks after it "
                "happened and is left out: weekly counts may grow beyond their limits.",
                "%(number)d incidents were recorded more than %(weeks)d weeks after they "
                "happened and are left out: weekly counts may grow beyond their limits.",
                recorded_later,
            )
            % {"number": recorded_later, "weeks": LONGEST_DELAY_WEEKS},
        )
    if without_delay:
        yield Caveat(
            "recorded_at_once",
            ngettext(
                "%(number)d incident was already there when recording of its source began, "
                "for example in an import, and says nothing about delays.",
                "%(number)d incidents were already there when recording of their source "
                "began, for example in an import, and say nothing about delays.",
                without_delay,
            )
            % {"number": without_delay},
        )
