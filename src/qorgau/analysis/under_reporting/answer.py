"""How many injuries happened, and what share of them does the safety register hold?

The register's injuries are linked with those of a medical register that comes as tokens and days.
The door that read it knows the secret, and hands over only the function from a person's code to a
token. The question is journalled here, so that no door can leave it out; neither secret nor
token is kept or journalled.
"""

from __future__ import annotations

import datetime as dt

from qorgau.analysis.answers import Provenance
from qorgau.analysis.figures.sub_units import names_during
from qorgau.analysis.rates.question import RateQuestion, span_of
from qorgau.analysis.under_reporting.ascertained_cases import (
    AscertainedFigure,
    figure_of,
    figures_by_group,
)
from qorgau.analysis.under_reporting.caveats import LinkageFacts, linkage_caveats
from qorgau.analysis.under_reporting.linked_injuries import (
    ELSEWHERE,
    LinkedInjuries,
    MedicalRegister,
    link_injuries,
)
from qorgau.analysis.under_reporting.question import UnderReportingQuestion, check_question
from qorgau.analysis.under_reporting.results import UnderReporting, UnitShare
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.ascertainment import two_registers
from qorgau.records.incidents.services import note_linkage
from qorgau.records.people.rules import Span


def under_reporting(
    user: User, question: UnderReportingQuestion, medical: MedicalRegister
) -> UnderReporting:
    """Link the register's injuries with the medical register's, and estimate what neither holds.

    Parameters
    ----------
    user : User
        The reader; must be allowed to see medical detail of the unit.
    question : UnderReportingQuestion
        The question.
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
    check_question(user, question)
    as_of = clock.known_by(question.as_of)
    period = RateQuestion(question.unit, question.first_day, question.last_day)
    span = span_of(period, clock.local_date(as_of))
    last_day = span.end - dt.timedelta(days=1)
    note_linkage(unit=question.unit, first_day=span.start, last_day=last_day, acting_user=user)
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
        caveats=linkage_caveats(_facts(question, span, overall, injuries, medical.has_units)),
        provenance=Provenance(
            inputs=_inputs(question, medical),
            first_day=span.start,
            last_day=last_day,
            as_of=as_of,
            method=f"{two_registers(1, 1, 1).method}; {injuries.method}",
            is_synthetic=injuries.is_synthetic,
        ),
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
