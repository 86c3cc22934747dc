"""The chart of an action's effect: the series, and its expected course without the action."""

from __future__ import annotations

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from qorgau.analysis.effect.results import EffectOfAction
from qorgau.analysis.figures.number_words import expected_in_words
from qorgau.analysis.figures.shared_caveats import exactness
from qorgau.web.charts.before_and_after import before_and_after
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.rows import EffectRow


def chart_of(effect: EffectOfAction) -> Chart:
    """The chart of the periods of an effect."""
    rows = [
        EffectRow(
            starts_on=period.starts_on,
            observed=period.cases,
            fitted=period.fitted,
            without=period.without,
            without_lower=period.without_lower,
            without_upper=period.without_upper,
            person_days=period.person_days,
            compared=period.compared_cases,
            is_after=period.is_after,
            is_used=period.is_used,
        )
        for period in effect.periods
    ]
    words = Words(
        title=_("%(measure)s, %(unit)s")
        % {"measure": effect.measure_label, "unit": effect.unit_name},
        sentence=_sentence(effect),
        y=_("incidents per week") if effect.weeks_per_period == 1 else _("incidents per 4 weeks"),
        mark=_("synthetic data") if effect.provenance.is_synthetic else "",
        caution=exactness(effect.caveats),
    )
    return before_and_after(
        rows, words, names=(_("the action"), _("without the action"), _("with the action"))
    )


def _sentence(effect: EffectOfAction) -> str:
    figures = {
        "day": date_format(effect.held_from, "SHORT_DATE_FORMAT"),
        "observed": number_format(effect.after.cases, force_grouping=True),
        "expected": expected_in_words(effect.estimate.expected),
    }
    if effect.weeks_per_period == 1:
        sentence = _(
            "Points show the incidents of each week, the line their smoothed course. From"
            " %(day)s, the dashed line and its band show what would have been expected"
            " without the action: %(expected)s in total. Recorded: %(observed)s."
        )
    else:
        sentence = _(
            "Points show the incidents of every 4 weeks, the line their smoothed course."
            " From %(day)s, the dashed line and its band show what would have been expected"
            " without the action: %(expected)s in total. Recorded: %(observed)s."
        )
    hollow = _("Hollow points are not compared.")
    is_whole = all(period.is_used for period in effect.periods)
    return sentence % figures if is_whole else f"{sentence % figures} {hollow}"
