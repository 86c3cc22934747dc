"""What is asked of detection, and what it answers, in plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qorgau.analysis.answers import Caveat
from qorgau.analysis.signals.caveats import SignalCaveatFacts
from qorgau.analysis.unit_cause_hierarchy.control import FALSE_DISCOVERY_RATE
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES, METHOD
from qorgau.records.people.models import Unit


@dataclass(frozen=True)
class SignalQuestion:
    """What is asked of the register.

    Attributes
    ----------
    unit : Unit
        The unit watched, with all below it.
    week : date or None
        A day of the week to test; the newest whole week if None.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    alpha : float
        One-sided probability of a false alarm for one series in one week: the bound that a count
        must exceed, and that is shown as what is usual. It says nothing of the whole run.
    least_cases : int
        Fewer cases in the week raise no signal.
    false_discovery_rate : float
        The budget of false alarms of the whole run: where nothing has risen, the largest share of
        runs that raise a signal; otherwise the largest expected share of false signals.
    """

    unit: Unit
    week: dt.date | None = None
    as_of: dt.datetime | None = None
    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    false_discovery_rate: float = FALSE_DISCOVERY_RATE


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
        Whether the unit is made up.
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
    week_start, last_day : date
        Monday and Sunday of the week.
    rises : tuple of RisingSeries
        The most unusual first.
    series_tested, series_untested : int
        Series with a test, and without one because their history is too short.
    inputs : dict
        The question in words and codes.
    as_of : datetime
        Moment whose state of the register was read.
    method, version : str
        Methods applied, and the version of Qorgau that applied them.
    false_alarm_method : str
        Procedure that controlled the false alarms of the run.
    caveats : tuple of Caveat
        What a reader must know before using the signals.
    caveat_facts : SignalCaveatFacts
        What the caveats follow from, to say them again in another language.
    is_synthetic : bool
        Whether made-up data are among what was read.
    """

    unit_code: str
    unit_name: str
    week_start: dt.date
    last_day: dt.date
    rises: tuple[RisingSeries, ...]
    series_tested: int
    series_untested: int
    inputs: dict[str, str]
    as_of: dt.datetime
    version: str
    false_alarm_method: str
    caveats: tuple[Caveat, ...]
    caveat_facts: SignalCaveatFacts
    is_synthetic: bool
    method: str = METHOD
