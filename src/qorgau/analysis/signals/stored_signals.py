"""Stored signals as pages and programs show them: a line each, or one with all there is to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qorgau.analysis.answers import Caveat
from qorgau.analysis.figures.measures import cause_of, kind_of, measure_label
from qorgau.analysis.signals.caveats import signal_caveats
from qorgau.analysis.signals.history import SignalHistory, signal_history
from qorgau.analysis.signals.question import HistoryQuestion
from qorgau.analysis.signals.results import ExplainedRise
from qorgau.analysis.signals.stored_run import StoredRun, stored_run
from qorgau.analysis.signals.words import SignalInWords, completeness_sentence, in_words
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.people.queries import latest_versions
from qorgau.records.signals.models import DetectionRun, Signal

WEEKS_BEFORE = 52
# So many weeks after it show whether it went on.
MOST_WEEKS_AFTER = 8


@dataclass(frozen=True)
class ExplainedInWords:
    """A rise that is there because of a signal, with what rose in the reader's language."""

    measure_label: str
    rise: ExplainedRise


@dataclass(frozen=True)
class SignalInFull:
    """All there is to say about one signal.

    Attributes
    ----------
    words : SignalInWords
    kind, cause : str
        What rose, as the register writes it; the cause is empty for all causes.
    history : SignalHistory
        The year before it, and what followed.
    explained : tuple of ExplainedInWords
        Wider and narrower rises that are there because of it.
    caveats : tuple of Caveat
        What a reader must know before using it.
    false_alarm_method : str
        Procedure that controlled the false alarms of its run.
    """

    words: SignalInWords
    kind: str
    cause: str
    history: SignalHistory
    explained: tuple[ExplainedInWords, ...]
    caveats: tuple[Caveat, ...]
    false_alarm_method: str


def signals_in_words(signals: Sequence[Signal]) -> list[SignalInWords]:
    """Signals in the reader's language.

    Parameters
    ----------
    signals : sequence of Signal

    Returns
    -------
    list of SignalInWords
        In the same order.
    """
    versions = latest_versions({signal.unit_id for signal in signals})
    names = {version.unit_id: version.name for version in versions}
    return [in_words(signal, names.get(signal.unit_id) or signal.unit.code) for signal in signals]


def signal_in_full(user: User, signal: Signal) -> SignalInFull:
    """All there is to say about one signal.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see signals are read.
    signal : Signal

    Returns
    -------
    SignalInFull

    Raises
    ------
    QuestionError
        If the user may not see signals of the unit.
    """
    run = stored_run(signal.run)
    explained = run.explained.get((signal.unit.code, signal.measure), ())
    return SignalInFull(
        words=signals_in_words([signal])[0],
        kind=kind_of(signal.measure),
        cause=cause_of(signal.measure),
        history=signal_history(user, _question_about(signal, run)),
        explained=tuple(ExplainedInWords(measure_label(one.measure), one) for one in explained),
        caveats=signal_caveats(run.caveat_facts),
        false_alarm_method=run.false_alarm_method,
    )


def _question_about(signal: Signal, run: StoredRun) -> HistoryQuestion:
    """The year before a signal and what followed it, as far as weeks are over."""
    today = clock.today()
    newest_whole = today - dt.timedelta(days=today.weekday(), weeks=1)
    latest = signal.last_week + dt.timedelta(weeks=MOST_WEEKS_AFTER)
    return HistoryQuestion(
        unit=signal.unit,
        measure=signal.measure,
        first_week=signal.first_week - dt.timedelta(weeks=WEEKS_BEFORE),
        last_week=max(signal.last_week, min(latest, newest_whole)),
        history_begins=run.history_begins,
        alpha=run.alpha,
        least_cases=run.least_cases,
        delays_of=signal.run.unit,
        counted=signal.counted,
    )


def completeness_of(run: DetectionRun | None) -> str:
    """How much of the week of a run had been reported; empty where there is nothing to say."""
    if run is None:
        return ""
    return completeness_sentence(run.week_start, stored_run(run).caveat_facts.share_reported)
