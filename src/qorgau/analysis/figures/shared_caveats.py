"""Caveats that the answers to several questions share."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from qorgau.analysis.answers import Caveat


def about_synthetic_data(is_synthetic: bool) -> Iterator[Caveat]:
    """That synthetic data are among what was read."""
    if is_synthetic:
        yield Caveat(
            "synthetic",
            _("These figures include synthetic data. They do not describe real events."),
        )


def about_open_period(is_cut: bool) -> Iterator[Caveat]:
    """That the period asked for is longer than what has passed."""
    if is_cut:
        yield Caveat(
            "period_cut", _("The period is not over: the days still to come are left out.")
        )
