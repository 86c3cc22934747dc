"""What a reader must know before using a unit's rates, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import SMALL_COUNT, Caveat, is_small
from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.figures.shared_caveats import (
    about_disclosure,
    about_open_period,
    about_synthetic_data,
)
from qorgau.analysis.rates.comparison import UnitRate
from qorgau.analysis.rates.results import MonthRate

# Fewer sub-units than this do not show how much their true rates differ.
FEW_UNITS = 10


@dataclass(frozen=True)
class RateCaveatFacts:
    """What the figures themselves do not show.

    Attributes
    ----------
    is_cut : bool
        Whether the period of the question ends later than today.
    is_synthetic : bool
        Whether synthetic data are in the figures.
    is_exact : bool
        Whether the reader is shown every count.
    lacks_category : bool
        Whether the question is about a category, and some strength is known for all together only.
    without_category : int
        Incidents left out because the category of those hurt is not known.
    """

    is_cut: bool = False
    is_exact: bool = True
    is_synthetic: bool = False
    lacks_category: bool = False
    without_category: int = 0


def rate_caveats(
    overall: RateFigure,
    months: Sequence[MonthRate],
    units: Sequence[UnitRate],
    facts: RateCaveatFacts,
) -> tuple[Caveat, ...]:
    """The caveats that apply to a set of rates.

    Parameters
    ----------
    overall : RateFigure
        The headline figure.
    months, units : sequences
        Its months and sub-units.
    facts : RateCaveatFacts
        What the figures themselves do not show.

    Returns
    -------
    tuple of Caveat
        Those that apply: about the data, the person-time, the counts.
    """
    return (
        *about_synthetic_data(facts.is_synthetic),
        *about_open_period(facts.is_cut),
        *about_disclosure(facts.is_exact),
        *_about_person_time(overall, months, units, facts.lacks_category),
        *_about_counts(overall, units, facts.without_category),
    )


def _about_person_time(
    overall: RateFigure,
    months: Sequence[MonthRate],
    units: Sequence[UnitRate],
    lacks_category: bool,
) -> Iterator[Caveat]:
    if overall.person_days <= 0:
        yield Caveat(
            "no_person_time",
            _("No strength or postings are recorded for this period, so there is no rate."),
        )
    missing = sum(month.figure.person_days <= 0 for month in months)
    if overall.person_days > 0 and missing:
        yield Caveat(
            "months_without_person_time",
            ngettext(
                "%(missing)d of %(all)d months has no person-time, so the rate is too high.",
                "%(missing)d of %(all)d months have no person-time, so the rate is too high.",
                missing,
            )
            % {"missing": missing, "all": len(months)},
        )
    unexposed = [
        unit.code for unit in units if unit.figure.person_days <= 0 and unit.figure.cases_lower
    ]
    if unexposed:
        yield Caveat(
            "units_without_person_time",
            _("Units with incidents but no person-time: %(units)s.")
            % {"units": ", ".join(unexposed)},
        )
    if lacks_category:
        yield Caveat(
            "category_not_reported",
            _(
                "Some strength figures were reported for all categories together; they are left "
                "out here."
            ),
        )


def _about_counts(
    overall: RateFigure, units: Sequence[UnitRate], without_category: int
) -> Iterator[Caveat]:
    if overall.cases is not None and is_small(overall.cases):
        yield Caveat(
            "small_count",
            _(
                "Fewer than %(least)d incidents: use the limits, not the rate, and do not "
                "publish it."
            )
            % {"least": SMALL_COUNT},
        )
    if without_category:
        yield Caveat(
            "category_not_known",
            ngettext(
                "%(number)d incident does not give the category of the person hurt; it is "
                "left out.",
                "%(number)d incidents do not give the category of the people hurt; they are "
                "left out.",
                without_category,
            )
            % {"number": without_category},
        )
    compared = sum(unit.shrunk_rate is not None for unit in units)
    if 0 < compared < FEW_UNITS:
        yield Caveat(
            "few_units",
            ngettext(
                "Only %(number)d sub-unit is compared: the limits of the shrunk rates are "
                "too narrow.",
                "Only %(number)d sub-units are compared: the limits of the adjusted rates "
                "are too narrow.",
                compared,
            )
            % {"number": compared},
        )
    yield Caveat(
        "reported_only",
        _("Only reported incidents are counted; unreported ones are not in any figure."),
    )
