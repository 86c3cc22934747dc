"""What a reader must know before believing in an effect, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import SMALL_COUNT, Caveat, is_small
from qorgau.analysis.counting.number_words import expected_in_words
from qorgau.analysis.counting.shared_caveats import about_synthetic_data
from qorgau.analysis.effect.estimate import COMPARED, EXACT, Fit
from qorgau.analysis.effect.peak import Peak
from qorgau.analysis.effect.series import WEEKS_PER_YEAR, EffectSeries

# Most reports have come in after so many days; newer weeks are likely to grow.
LATE_REPORT_DAYS = 28
# Fewer weeks say little, whatever the counts.
EARLY_WEEKS = 13


@dataclass(frozen=True)
class EffectCaveatFacts:
    """What the estimate itself does not tell.

    Attributes
    ----------
    is_synthetic : bool
        Whether synthetic data are in the figures.
    peak : Peak or None
        The weeks before the action that were left out.
    is_comparison_unused : bool
        Whether a unit to compare with was named and could not be used.
    units_moved : int
        Units that stood in both compared units, one after the other.
    days_since : int
        Days from the end of the period to the moment of asking.
    """

    is_synthetic: bool = False
    peak: Peak | None = None
    is_comparison_unused: bool = False
    units_moved: int = 0
    days_since: int = 0


def effect_caveats(
    series: EffectSeries, fit: Fit, cases: tuple[int, int], facts: EffectCaveatFacts
) -> tuple[Caveat, ...]:
    """The caveats that apply to an effect.

    Parameters
    ----------
    series : EffectSeries
        What was compared.
    fit : Fit
        What came of it.
    cases : tuple of int
        Incidents before and after, of the periods compared.
    facts : EffectCaveatFacts
        What the estimate does not tell.

    Returns
    -------
    tuple of Caveat
        Those that apply: why the action was taken, the data, the time, what else may be behind it.
    """
    return (
        *_about_peak(fit, facts.peak),
        *_about_data(series, cases, facts),
        *_about_time(series, fit),
        *_about_comparison(fit, facts),
        *_about_other_changes(fit),
    )


def _about_peak(fit: Fit, peak: Peak | None) -> Iterator[Caveat]:
    if peak is not None:
        told = {
            "first": date_format(peak.first_day, "SHORT_DATE_FORMAT"),
            "cases": number_format(peak.cases),
            "expected": expected_in_words(peak.expected),
        }
        why = (
            _("The action followed a signal: %(cases)s counted from %(first)s until it.")
            if peak.is_signal
            else _(
                "The action followed a peak: %(cases)s counted from %(first)s until it, where the "
                "weeks before lead to expect %(expected)s."
            )
        )
        left_out = _(
            "After a peak rates fall with or without an action, so these weeks are left out of the "
            "time before."
        )
        yield Caveat("peak_before", f"{why % told} {left_out}")
    if fit.estimate.comparable_units:
        yield Caveat(
            "drawn_to_comparable",
            ngettext(
                "The rate expected is drawn to that of %(number)d unit beside it, as far as "
                "chance explains the difference; its own counts for %(weight)s %%.",
                "The rate expected is drawn to that of %(number)d units beside it, as far as "
                "chance explains the difference; its own counts for %(weight)s %%.",
                fit.estimate.comparable_units,
            )
            % {
                "number": fit.estimate.comparable_units,
                "weight": number_format(round(100 * fit.estimate.own_weight)),
            },
        )


def _about_data(
    series: EffectSeries, cases: tuple[int, int], facts: EffectCaveatFacts
) -> Iterator[Caveat]:
    yield from about_synthetic_data(facts.is_synthetic)
    if is_small(min(cases)):
        yield Caveat(
            "few_cases",
            _(
                "Fewer than %(least)d incidents on one side: read the limits, not the ratio, and "
                "do not publish."
            )
            % {"least": SMALL_COUNT},
        )
    if series.person_days is None:
        yield Caveat(
            "counts_alone",
            _(
                "Strength is not known in every week, so counts are compared and not rates: a unit "
                "that shrank looks as if the action had worked."
            ),
        )
    if facts.days_since < LATE_REPORT_DAYS:
        yield Caveat(
            "reports_come_late",
            _(
                "Reports come late: the newest weeks are likely to grow, and the fall to become "
                "smaller. Ask again in a month."
            ),
        )


def _about_time(series: EffectSeries, fit: Fit) -> Iterator[Caveat]:
    if series.weeks_after < EARLY_WEEKS:
        yield Caveat(
            "early",
            ngettext(
                "Only %(number)d week has passed since: it may not last.",
                "Only %(number)d weeks have passed since: it may not last.",
                series.weeks_after,
            )
            % {"number": series.weeks_after},
        )
    used = int(fit.is_used[: series.start].sum()) * series.weeks_per_period
    if fit.key == EXACT and fit.has_season:
        yield Caveat(
            "same_season",
            _(
                "Less than a year has passed: it is compared with the same weeks of the years "
                "before, %(used)d of %(all)d weeks."
            )
            % {"used": used, "all": series.weeks_before},
        )
    elif not fit.has_season and min(series.weeks_before, series.weeks_after) < WEEKS_PER_YEAR:
        yield Caveat(
            "season_not_known",
            _("There is less than a year before the action: the season can look like an effect.")
            if series.weeks_before < WEEKS_PER_YEAR
            else _(
                "Too few cases lie in the same weeks of the years before: all weeks are compared, "
                "and the season can look like an effect."
            ),
        )
    if not fit.has_trend:
        yield Caveat(
            "trend_not_known",
            _(
                "A rate that had been changing steadily for years is counted to the action: too "
                "few weeks or cases lie before it to tell the two apart."
            ),
        )


def _about_comparison(fit: Fit, facts: EffectCaveatFacts) -> Iterator[Caveat]:
    if facts.is_comparison_unused:
        yield Caveat(
            "comparison_unused",
            _(
                "The unit to compare with has too few weeks or cases on one side: it was left out. "
                "Compare with a larger one."
            ),
        )
    if fit.key == COMPARED:
        yield Caveat(
            "comparison_assumes",
            _(
                "Without the action both units are taken to have moved alike, and the other not to "
                "have been touched by it."
            ),
        )
    if facts.units_moved:
        yield Caveat(
            "units_moved",
            ngettext(
                "%(number)d unit stood first in one and then in the other of the two compared.",
                "%(number)d units stood first in one and then in the other of the two compared.",
                facts.units_moved,
            )
            % {"number": facts.units_moved},
        )


def _about_other_changes(fit: Fit) -> Iterator[Caveat]:
    if fit.key == EXACT:
        yield Caveat(
            "chance_alone",
            _("Limits allow for chance alone: incidents that come in clusters scatter more."),
        )
    yield Caveat(
        "same_time",
        _(
            "Another change at the same time is counted to the action: ask what else was new in "
            "these weeks."
        ),
    )
    yield Caveat(
        "reported_only",
        _(
            "Only what was reported is counted: an action that changes how readily people report "
            "looks like an effect."
        ),
    )
