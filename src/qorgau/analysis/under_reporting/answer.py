"""How many injuries happened, and what share of them does the safety register hold?

The register's injuries are linked with those of a medical register that comes as tokens and days.
The door that read it knows the secret, and hands over only the function from a person's code to a
token. That somebody asked is journalled here, so that no door can leave it out; neither secret nor
token is kept or journalled.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import metadata

from django.utils.translation import gettext as _

from qorgau.analysis.answers import Caveat, QuestionError
from qorgau.analysis.counting.sub_units import names_during
from qorgau.analysis.rates.question import RateQuestion, span_of
from qorgau.analysis.under_reporting.ascertained_cases import (
    CONFIDENCE,
    AscertainedFigure,
    figure_of,
    figures_by_group,
)
from qorgau.analysis.under_reporting.linked_injuries import (
    ELSEWHERE,
    SEE_MEDICAL,
    LinkedInjuries,
    MedicalRegister,
    link_injuries,
)
from qorgau.analysis.under_reporting.words import LinkageFacts, linkage_caveats
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.ascertainment import two_registers
from qorgau.records.incidents.services import note_linkage
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may
from qorgau.records.people.rules import Span

USUAL_TOLERANCE_DAYS = 3
MOST_TOLERANCE_DAYS = 31


@dataclass(frozen=True)
class UnderReportingQuestion:
    """What is asked: of a unit with all below it, from the first day to the last.

    Attributes
    ----------
    unit : Unit
    first_day, last_day : date
        Both included.
    tolerance_days : int
        How far apart the days of one injury may lie in the two registers.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    """

    unit: Unit
    first_day: dt.date
    last_day: dt.date
    tolerance_days: int = USUAL_TOLERANCE_DAYS
    as_of: dt.datetime | None = None


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
        The unit asked about.
    overall : AscertainedFigure
        The unit and all below it.
    units : tuple of UnitShare
        Units directly below; empty where the medical register does not tell units.
    elsewhere : AscertainedFigure or None
        Cases of the unit itself, or of units that left those directly below.
    inputs : dict
        The question in words and codes.
    first_day, last_day : date
        Period covered, cut to what has passed.
    as_of : datetime
        Moment whose state of the register was read.
    method, version : str
        Methods applied, and the version of Qorgau that applied them.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    is_synthetic : bool
        Whether made-up data are in the figures.
    confidence : float
        Level of all limits.
    """

    unit_code: str
    unit_name: str
    overall: AscertainedFigure
    units: tuple[UnitShare, ...]
    elsewhere: AscertainedFigure | None
    inputs: dict[str, str]
    first_day: dt.date
    last_day: dt.date
    as_of: dt.datetime
    method: str
    version: str
    caveats: tuple[Caveat, ...]
    is_synthetic: bool
    confidence: float = CONFIDENCE


def under_reporting(
    user: User, question: UnderReportingQuestion, medical: MedicalRegister
) -> UnderReporting:
    """Link the register's injuries with the medical register's, and estimate what neither holds.

    Parameters
    ----------
    user : User
        Who asks; must be allowed to see medical detail of the unit.
    question : UnderReportingQuestion
        What is asked.
    medical : MedicalRegister
        The other register; nothing of it is kept.

    Returns
    -------
    UnderReporting
        Estimated injuries, and the share that the safety register holds, in all and by unit.

    Raises
    ------
    QuestionError
        If the user may not see medical detail of the unit, the period is empty or has not begun,
        or the two registers have nothing in common.
    """
    if not may(user, SEE_MEDICAL, question.unit):
        raise QuestionError(
            _("You may not see medical detail of this unit, which this question needs.")
        )
    as_of = clock.known_by(question.as_of)
    asked = RateQuestion(question.unit, question.first_day, question.last_day)
    span = span_of(asked, clock.local_date(as_of))
    note_linkage(
        unit=question.unit,
        first_day=span.start,
        last_day=span.end - dt.timedelta(days=1),
        acting_user=user,
    )
    injuries = link_injuries(
        user,
        question.unit,
        span,
        medical,
        tolerance_days=question.tolerance_days,
        as_of=question.as_of,
    )
    overall = figure_of(injuries.cells)
    units, elsewhere = _by_unit(injuries) if medical.has_units else ((), None)
    return UnderReporting(
        unit_code=question.unit.code,
        unit_name=names_during([question.unit.pk], span)[question.unit.pk],
        overall=overall,
        units=units,
        elsewhere=elsewhere,
        inputs=_inputs(question, medical),
        first_day=span.start,
        last_day=span.end - dt.timedelta(days=1),
        as_of=as_of,
        method=f"{two_registers(1, 1, 1).method}; {injuries.method}",
        version=metadata.version("qorgau"),
        caveats=linkage_caveats(_facts(question, span, overall, injuries, medical.has_units)),
        is_synthetic=injuries.is_synthetic,
    )


def _facts(
    question: UnderReportingQuestion,
    span: Span,
    overall: AscertainedFigure,
    injuries: LinkedInjuries,
    has_units: bool,
) -> LinkageFacts:
    return LinkageFacts(
        is_cut=span.end <= question.last_day,
        is_synthetic=injuries.is_synthetic,
        without_code=injuries.without_code,
        most_share=_most_share(overall, injuries.without_code),
        left_out=injuries.left_out,
        unknown_units=injuries.unknown_units,
        has_units=has_units,
        is_nested=0 in (injuries.cells.first_alone, injuries.cells.second_alone),
    )


def _by_unit(injuries: LinkedInjuries) -> tuple[tuple[UnitShare, ...], AscertainedFigure | None]:
    """Sub-units in the order of their codes, and what is of none of them."""
    figures = figures_by_group(injuries.by_unit)
    elsewhere = figures.pop(ELSEWHERE, None)
    return tuple(
        UnitShare(code, injuries.unit_names[code], figure) for code, figure in figures.items()
    ), elsewhere


def _most_share(overall: AscertainedFigure, without_code: int) -> float | None:
    """The share if every injury without a code were of somebody with one; None where withheld."""
    if overall.first is None or not overall.total:
        return None
    return min((overall.first + without_code) / overall.total, 1.0)


def _inputs(question: UnderReportingQuestion, medical: MedicalRegister) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "from": question.first_day.isoformat(),
        "to": question.last_day.isoformat(),
        "kinds": "injury",
        "tolerance_days": str(question.tolerance_days),
        "counted": "people injured, each once a day",
        "medical_cases": str(len(medical.cases)),
    }
