"""What share of its injuries the safety register holds, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from qorgau.analysis.answers import Caveat, Provenance
from qorgau.analysis.flat_answers import spread_out
from qorgau.analysis.under_reporting.ascertained_cases import CONFIDENCE, AscertainedFigure


@dataclass(frozen=True)
class UnitShare:
    """What the safety register holds of one sub-unit's injuries."""

    code: str
    name: str
    figure: AscertainedFigure


@dataclass(frozen=True)
class UnderReporting:
    """The share of injuries that the safety register holds; "first" is this register.

    Attributes
    ----------
    unit_code, unit_name : str
        The unit of the question.
    overall : AscertainedFigure
        The unit and all below it.
    units : tuple of UnitShare
        Units directly below; empty where the medical register does not say units.
    elsewhere : AscertainedFigure or None
        Cases of the unit itself, or of units that left those directly below.
    provenance : Provenance
        The question, the period cut to what has passed, and the methods.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    confidence : float
        Level of all limits.
    """

    unit_code: str
    unit_name: str
    overall: AscertainedFigure
    units: tuple[UnitShare, ...]
    elsewhere: AscertainedFigure | None
    caveats: tuple[Caveat, ...]
    provenance: Provenance = field(metadata=spread_out())
    confidence: float = CONFIDENCE
