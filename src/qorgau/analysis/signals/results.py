"""What rises below a unit in one week, in plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from qorgau.analysis.answers import Caveat, Provenance
from qorgau.analysis.flat_answers import spread_out
from qorgau.analysis.signals.caveats import SignalCaveatFacts
from qorgau.analysis.signals.words import signal_sentence


@dataclass(frozen=True)
class ExplainedRise:
    """A rise that another one explains.

    Attributes
    ----------
    unit_code, measure : str
        What rose.
    observed, upper_bound : float
        Its count and its bound.
    """

    unit_code: str
    measure: str
    observed: float
    upper_bound: float


@dataclass(frozen=True)
class RisingSeries:
    """A series above its bound.

    Attributes
    ----------
    unit_id : int
        The unit, with all below it.
    unit_code, unit_name : str
        Its code and what it was called in that week.
    measure : str
        What rose: a kind of incident, or a kind and a cause.
    observed, expected, upper_bound : float
        Incidents of the week, expected ones, and the most that are usual.
    p_value : float
        Probability of so many by chance.
    score : float or None
        (observed - expected) / (bound - expected); None where the bound is not above expected.
    method : str
        The method that tested it.
    years : int
        Years of history behind the test; 0 for EARS.
    explains : tuple of ExplainedRise
        Rises that are there because of this one.
    is_synthetic : bool
        Whether the unit is synthetic.
    """

    unit_id: int
    unit_code: str
    unit_name: str
    measure: str
    observed: float
    expected: float
    upper_bound: float
    p_value: float
    score: float | None
    method: str
    years: int
    explains: tuple[ExplainedRise, ...]
    is_synthetic: bool


@dataclass(frozen=True)
class RisingSignals:
    """What rises below a unit in one week.

    Attributes
    ----------
    unit_code, unit_name : str
        The unit watched.
    rises : tuple of RisingSeries
        The most unusual first.
    series_tested, series_untested : int
        Series with a test, and without one because their history is too short.
    provenance : Provenance
        The question, Monday and Sunday of the week, and the methods.
    false_alarm_method : str
        Procedure that controlled the false alarms of the run.
    caveats : tuple of Caveat
        What a reader must know before using the signals.
    caveat_facts : SignalCaveatFacts
        What the caveats follow from, to say them again in another language.
    """

    unit_code: str
    unit_name: str
    rises: tuple[RisingSeries, ...]
    series_tested: int
    series_untested: int
    false_alarm_method: str
    caveats: tuple[Caveat, ...]
    caveat_facts: SignalCaveatFacts
    provenance: Provenance = field(metadata=spread_out(first_day="week_start"))

    @property
    def week_start(self) -> dt.date:
        """Monday of the week."""
        return self.provenance.first_day

    def sentence_of(self, rise: RisingSeries) -> str:
        """One of the rises in the reader's language."""
        return signal_sentence(rise, week=self.week_start, unit_name=rise.unit_name)
