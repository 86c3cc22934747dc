"""Rates of a unit's subtree in plain numbers: in all, by kind, by month and by sub-unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from qorgau.analysis.answers import Caveat, Provenance
from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.flat_answers import spread_out
from qorgau.analysis.rates.comparison import UnitComparison

CONFIDENCE = 0.95


@dataclass(frozen=True)
class KindRate:
    """The rate of one kind of incident."""

    kind: str
    figure: RateFigure


@dataclass(frozen=True)
class MonthRate:
    """The rate of one calendar month, or of the part of it that is in the period."""

    starts_on: dt.date
    figure: RateFigure


@dataclass(frozen=True)
class InjuryRates:
    """Rates of a unit's subtree with limits.

    Attributes
    ----------
    unit_code, unit_name : str
        The unit of the question.
    overall : RateFigure
        All that the question is about together.
    by_kind : tuple of KindRate
        Every kind of incident, under the question's other conditions.
    months : tuple of MonthRate
        Calendar months of the period.
    comparison : UnitComparison
        Sub-units with crude and shrunk rates and their place in the funnel.
    elsewhere : RateFigure
        What happened in the unit itself, or in units that left the sub-units compared.
    denominator_key, denominator_label : str
        What the rates are per: its key, and its words in the reader's language.
    exposure_unit, exposure_label : str
        The unit of every `exposure`, likewise.
    provenance : Provenance
        The question, the period cut to what has passed, and the methods.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    confidence : float
        Level of all limits but the funnel's.
    """

    unit_code: str
    unit_name: str
    overall: RateFigure
    by_kind: tuple[KindRate, ...]
    months: tuple[MonthRate, ...]
    comparison: UnitComparison
    elsewhere: RateFigure
    denominator_key: str
    denominator_label: str
    exposure_unit: str
    exposure_label: str
    caveats: tuple[Caveat, ...]
    provenance: Provenance = field(metadata=spread_out())
    confidence: float = CONFIDENCE
