"""The chart of a signal: weeks as points, the expectation as a line, the usual range as a band."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.figures.shared_caveats import exactness
from qorgau.analysis.reporting_delay.results import DelayedWeek
from qorgau.analysis.signals.history import HistoryWeek, SignalHistory
from qorgau.analysis.signals.stored_signals import SignalInFull
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.observed_and_expected import observed_expected_band
from qorgau.web.charts.rows import SeriesRow


def chart_of(detail: SignalInFull) -> Chart | None:
    """The chart, if the register contains any week of the series."""
    history, words = detail.history, detail.words
    if not history.weeks:
        return None
    incomplete = {week.week: week for week in history.incomplete_weeks}
    rows = [_row(week, incomplete.get(week.week)) for week in history.weeks]
    title = _("%(measure)s, %(unit)s") % {
        "measure": words.measure_label,
        "unit": words.unit_name,
    }
    written = Words(
        title=title,
        sentence=_sentence(history),
        y=_("incidents per week"),
        mark=_("synthetic data") if words.signal.is_synthetic else "",
        caution=exactness(detail.caveats),
    )
    return observed_expected_band(rows, written)


def _row(week: HistoryWeek, to_come: DelayedWeek | None) -> SeriesRow:
    return SeriesRow(
        starts_on=week.week,
        observed=week.observed,
        expected=week.expected,
        lower=None,
        upper=week.upper_bound,
        is_signal=week.is_rise,
        corrected=to_come and to_come.corrected,
        corrected_lower=to_come and to_come.lower,
        corrected_upper=to_come and to_come.upper,
    )


def _sentence(history: SignalHistory) -> str:
    rises = sum(week.is_rise for week in history.weeks)
    weeks = ngettext(
        "%(number)d week is above the usual maximum",
        "%(number)d weeks are above the usual maximum",
        rises,
    ) % {"number": rises}
    sentence = _(
        "Points show the incidents of each week from %(first)s to %(last)s, the line what"
        " was expected, the band what is usual: %(weeks)s (diamonds)."
    ) % {
        "first": date_format(history.weeks[0].week, "SHORT_DATE_FORMAT"),
        "last": date_format(history.weeks[-1].week, "SHORT_DATE_FORMAT"),
        "weeks": weeks,
    }
    if history.incomplete_weeks:
        sentence += " " + _(
            "Hollow points show the estimated final counts for recent weeks, with prediction"
            " limits."
        )
    return str(sentence)
