"""Caveats that the answers to several questions share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from qorgau.analysis.answers import Caveat

# The key of the caveat that exact figures have.
EXACT_COUNTS = "exact_counts"


def about_synthetic_data(is_synthetic: bool) -> Iterator[Caveat]:
    """That synthetic data are among what was read."""
    if is_synthetic:
        yield Caveat(
            "synthetic",
            _("These figures include synthetic data. They do not describe real events."),
        )


def about_disclosure(is_exact: bool) -> Iterator[Caveat]:
    """Whether counts are exact, which not everyone may see, or bands."""
    if is_exact:
        yield Caveat(
            EXACT_COUNTS,
            _(
                "These are exact figures. Show them only to people who may see exact counts: a"
                " small count can reveal who was hurt."
            ),
        )
    else:
        yield Caveat(
            "bands",
            _(
                "You may not open every incident, so a count that could include the others is"
                " shown as a range, even where there are none. A range without an upper end is"
                " not published yet."
            ),
        )


def exactness(caveats: Iterable[Caveat]) -> str:
    """What a file with exact figures says of itself; empty where there are none."""
    return next((one.sentence for one in caveats if one.key == EXACT_COUNTS), "")


def about_series(is_exact: bool) -> Iterator[Caveat]:
    """Whether what was computed counts confidential incidents too."""
    if is_exact:
        yield from about_disclosure(is_exact)
    else:
        yield Caveat(
            "plain_only",
            _(
                "Confidential incidents are left out, because your role does not let you see"
                " exact counts. The figures of those who may see them can differ."
            ),
        )


def about_open_period(is_cut: bool) -> Iterator[Caveat]:
    """That the period asked for is longer than what has passed."""
    if is_cut:
        yield Caveat(
            "period_cut", _("The period is not over: the days still to come are left out.")
        )
