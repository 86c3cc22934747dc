"""What a reader must know before believing in an effect, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import SMALL_COUNT, Caveat, is_small
from qorgau.analysis.effect.estimate import COMPARED, EXACT, FittedEffect
from qorgau.analysis.effect.peak import Peak
from qorgau.analysis.effect.series import WEEKS_PER_YEAR, EffectSeries
from qorgau.analysis.figures.number_words import expected_in_words
from qorgau.analysis.figures.shared_caveats import about_series, about_synthetic_data

# Most reports have come in after so many days; newer weeks are likely to grow.
LATE_REPORT_DAYS = 28
# Fewer weeks say little, whatever the counts.
EARLY_WEEKS = 13


@dataclass(frozen=True)
class EffectCaveatFacts:
    """What the estimate itself does not show.

    Attributes
    ----------
    is_synthetic : bool
        Whether synthetic data are in the figures.
    is_exact : bool
        Whether confidential incidents count.
    peak : Peak or None
        The weeks before the action that were left out.
    is_comparison_unused : bool
        Whether a unit to compare with was named and could not be used.
    units_moved : int
        Units that belonged to both compared units, one after the other.
    days_since : int
        Days from the end of the period to the moment of the question.
    """

    is_synthetic: bool = False
    is_exact: bool = True
    peak: Peak | None = None
    is_comparison_unused: bool = False
    units_moved: int = 0
    days_since: int = 0


def effect_caveats(
    series: EffectSeries, fit: FittedEffect, cases: tuple[int, int], facts: EffectCaveatFacts
) -> tuple[Caveat, ...]:
    """The caveats that apply to an effect.

    Parameters
    ----------
    series : EffectSeries
        What was compared.
    fit : FittedEffect
        What came of it.
    cases : tuple of int
        Incidents before and after, of the periods compared.
    facts : EffectCaveatFacts
        What the estimate does not show.

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


def _about_peak(fit: FittedEffect, peak: Peak | None) -> Iterator[Caveat]:
    if peak is not None:
        figures = {
            "first": date_format(peak.first_day, "SHORT_DATE_FORMAT"),
            "cases": number_format(peak.cases),
            "expected": expected_in_words(peak.expected),
        }
        why = (
            _("The action followed a signal. Incidents from %(first)s until the action: %(cases)s.")
            if peak.is_signal
            else _(
                "The action followed a peak. Incidents from %(first)s until the action: "
                "%(cases)s; expected from the weeks before: %(expected)s."
            )
        )
        left_out = _(
            "After a peak, rates fall with or without an action, so these weeks are left out "
            "of the period before it."
        )
        yield Caveat("peak_before", f"{why % figures} {left_out}")
    if fit.estimate.comparable_units:
        yield Caveat(
            "drawn_to_comparable",
            ngettext(
                "The expected rate was adjusted towards that of %(number)d similar unit, as "
                "far as chance explains the difference. The unit's own rate has a weight of "
                "%(weight)s%%.",
                "The expected rate was adjusted towards that of %(number)d similar units, as "
                "far as chance explains the difference. The unit's own rate has a weight of "
                "%(weight)s%%.",
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
    yield from about_series(facts.is_exact)
    if is_small(min(cases)):
        yield Caveat(
            "few_cases",
            _(
                "Fewer than %(least)d incidents before or after the action: use the limits, "
                "not the ratio, and do not publish it."
            )
            % {"least": SMALL_COUNT},
        )
    if series.person_days is None:
        yield Caveat(
            "counts_alone",
            _(
                "Personnel strength is missing for some weeks, so counts are compared "
                "instead of rates. A unit that got smaller will look as if the action worked."
            ),
        )
    if facts.days_since < LATE_REPORT_DAYS:
        yield Caveat(
            "reports_come_late",
            _(
                "Reports come late: the counts of the newest weeks are likely to grow and "
                "the fall to become smaller. Check again in a month."
            ),
        )


def _about_time(series: EffectSeries, fit: FittedEffect) -> Iterator[Caveat]:
    if series.weeks_after < EARLY_WEEKS:
        yield Caveat(
            "early",
            ngettext(
                "Only %(number)d week has passed since the action: the effect may not last.",
                "Only %(number)d weeks have passed since the action: the effect may not last.",
                series.weeks_after,
            )
            % {"number": series.weeks_after},
        )
    used = int(fit.is_used[: series.start].sum()) * series.weeks_per_period
    if fit.key == EXACT and fit.has_season:
        yield Caveat(
            "same_season",
            _(
                "Less than a year has passed, so the comparison uses the same weeks of "
                "earlier years: %(used)d of %(all)d weeks."
            )
            % {"used": used, "all": series.weeks_before},
        )
    elif not fit.has_season and min(series.weeks_before, series.weeks_after) < WEEKS_PER_YEAR:
        yield Caveat(
            "season_not_known",
            _("The period before is under a year: a seasonal change can look like an effect.")
            if series.weeks_before < WEEKS_PER_YEAR
            else _(
                "There are too few incidents in the same weeks of earlier years, so all weeks "
                "are compared: a seasonal change can look like an effect."
            ),
        )
    if not fit.has_trend:
        yield Caveat(
            "trend_not_known",
            _(
                "A steady change that began before the action is included in the effect: too "
                "few weeks or incidents came before it to separate the two."
            ),
        )


def _about_comparison(fit: FittedEffect, facts: EffectCaveatFacts) -> Iterator[Caveat]:
    if facts.is_comparison_unused:
        yield Caveat(
            "comparison_unused",
            _(
                "The unit to compare with has too few weeks or incidents before or after the "
                "action, so it was left out. Choose a larger one."
            ),
        )
    if fit.key == COMPARED:
        yield Caveat(
            "comparison_assumes",
            _(
                "This assumes that without the action both units would have changed in the "
                "same way, and that the action did not affect the other unit."
            ),
        )
    if facts.units_moved:
        yield Caveat(
            "units_moved",
            ngettext(
                "%(number)d unit belonged first to one and then to the other of the two "
                "units compared.",
                "%(number)d units belonged first to one and then to the other of the two "
                "units compared.",
                facts.units_moved,
            )
            % {"number": facts.units_moved},
        )


def _about_other_changes(fit: FittedEffect) -> Iterator[Caveat]:
    if fit.key == EXACT:
        yield Caveat(
            "chance_alone",
            _("The limits account only for chance: incidents that come in clusters vary more."),
        )
    yield Caveat(
        "same_time",
        _(
            "If something else changed at the same time, its effect is included. Ask what "
            "else was new in these weeks."
        ),
    )
    yield Caveat(
        "reported_only",
        _(
            "Only reported incidents are counted: an action that makes people report more or "
            "less often looks like an effect."
        ),
    )
