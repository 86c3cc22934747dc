"""The chart of a signal: weeks as points, the expectation as a line, what is usual as a band."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.counting.measures import measure_label
from qorgau.analysis.reporting_delay.results import DelayedWeek
from qorgau.analysis.signals.history import (
    HistoryQuestion,
    SignalHistory,
    WatchedWeek,
    signal_history,
)
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES
from qorgau.foundation.identity.models import User
from qorgau.records.signals.models import Signal
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.observed_and_expected import observed_expected_band
from qorgau.web.charts.rows import SeriesRow

WEEKS_BEFORE = 52
# So many weeks after it show whether it went on.
MOST_WEEKS_AFTER = 8


def history_of_signal(user: User, signal: Signal, today: dt.date) -> SignalHistory:
    """The year before a signal and what followed it, as far as weeks are over."""
    this_monday = today - dt.timedelta(days=today.weekday())
    newest_whole = this_monday - dt.timedelta(weeks=1)
    latest = signal.last_week + dt.timedelta(weeks=MOST_WEEKS_AFTER)
    given = signal.run.parameters
    begins = given.get("history_begins")
    question = HistoryQuestion(
        unit=signal.unit,
        measure=signal.measure,
        first_week=signal.first_week - dt.timedelta(weeks=WEEKS_BEFORE),
        last_week=max(signal.last_week, min(latest, newest_whole)),
        history_begins=dt.date.fromisoformat(begins) if begins else None,
        alpha=float(given.get("alpha", ALPHA)),
        least_cases=int(given.get("least_cases", LEAST_CASES)),
        delays_of=signal.run.unit,
    )
    return signal_history(user, question)


def chart_of(signal: Signal, history: SignalHistory, unit_name: str) -> Chart | None:
    """The chart, if the register holds any week of the series."""
    if not history.weeks:
        return None
    incomplete = {week.week: week for week in history.incomplete_weeks}
    rows = [_row(week, incomplete.get(week.week)) for week in history.weeks]
    title = _("%(measure)s, %(unit)s") % {
        "measure": measure_label(signal.measure),
        "unit": unit_name,
    }
    words = Words(
        title=title,
        sentence=_sentence(history),
        y=_("incidents per week"),
        mark=_("synthetic data") if signal.is_synthetic else "",
    )
    return observed_expected_band(rows, words)


def _row(week: WatchedWeek, to_come: DelayedWeek | None) -> SeriesRow:
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
