"""Who is hurt, for the time they served: rates of a unit's subtree, its sub-units and months.

Counts and person-time are read as a user, through the queries of the register; rates, funnel
and shrinkage come from `qorgau.methods.rates`. Incidents are counted, not people: an accident
that hurts four counts once. Pages, commands and programs ask this one function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from qorgau.analysis.answers import Provenance
from qorgau.analysis.disclosure.counts import (
    CountQuestion,
    DisclosedCounts,
    disclosed_counts,
    incidents_without_category,
)
from qorgau.analysis.figures.denominator_words import DENOMINATOR_LABELS, EXPOSURE_LABELS
from qorgau.analysis.figures.person_time import (
    months_of,
    person_days,
    person_days_by_month,
    person_days_by_sub_unit,
)
from qorgau.analysis.figures.rate_figures import figure
from qorgau.analysis.figures.sub_units import SubUnits, names_during, sub_units_below
from qorgau.analysis.rates.caveats import RateCaveatFacts, rate_caveats
from qorgau.analysis.rates.comparison import SubUnitCount, unit_comparison
from qorgau.analysis.rates.question import (
    SEE_RATES,
    RateQuestion,
    check_question,
    denominator_of,
    span_of,
)
from qorgau.analysis.rates.results import InjuryRates, KindRate, MonthRate
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.rates import Denominator
from qorgau.records.incidents.choices import Kind
from qorgau.records.people.choices import Category
from qorgau.records.people.queries import exposures
from qorgau.records.people.rules import Exposure, Span

METHOD = (
    "crude rates with exact Poisson limits (Garwood 1936); funnel limits from the exact Poisson "
    "distribution (Spiegelhalter 2005); gamma-Poisson empirical-Bayes rates (Clayton, Kaldor 1987)"
)


def injury_rates(user: User, question: RateQuestion) -> InjuryRates:
    """Answer a question about rates with what the user may see.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see rates are read.
    question : RateQuestion
        The question.

    Returns
    -------
    InjuryRates
        Rates of the subtree, by kind, month and sub-unit, with limits and caveats.

    Raises
    ------
    QuestionError
        If the user may not see rates of the unit, the period is empty or has not begun, or the
        denominator does not follow from person-time.
    """
    check_question(user, question)
    as_of = clock.known_by(question.as_of)
    per = denominator_of(question)
    span = span_of(question, clock.local_date(as_of))
    everyone = exposures(user, question.unit, span)
    served = [e for e in everyone if not question.category or e.category == question.category]
    counts = disclosed_counts(user, _count_question(question, span))
    months = _months(counts, question.kinds, served, span, per)
    overall = figure(counts.total(question.kinds), person_days(served), per)
    below = sub_units_below(user, question.unit, span, capability=SEE_RATES, depth=question.depth)
    compared = _sub_units(counts, question.kinds, below, served, span)
    comparison = unit_comparison(compared, per)
    facts = _facts(user, question, everyone, counts, span)
    return InjuryRates(
        unit_code=question.unit.code,
        unit_name=names_during([question.unit.pk], span)[question.unit.pk],
        overall=overall,
        by_kind=tuple(_by_kind(counts, overall.person_days, per)),
        months=tuple(months),
        comparison=comparison,
        elsewhere=figure(
            counts.elsewhere(below.stays, question.kinds),
            overall.person_days - sum(unit.person_days for unit in compared),
            per,
        ),
        denominator_key=per.key,
        denominator_label=str(DENOMINATOR_LABELS[per.key]),
        exposure_unit=per.exposure_unit.key,
        exposure_label=str(EXPOSURE_LABELS[per.exposure_unit.key]),
        caveats=rate_caveats(overall, months, comparison.units, facts),
        provenance=Provenance(
            inputs=_inputs(question),
            first_day=span.start,
            last_day=span.end - dt.timedelta(days=1),
            as_of=as_of,
            method=METHOD,
            is_synthetic=facts.is_synthetic,
        ),
    )


def _count_question(question: RateQuestion, span: Span) -> CountQuestion:
    return CountQuestion(
        unit=question.unit,
        span=span,
        capability=SEE_RATES,
        as_of=question.as_of,
        cause=question.cause,
        severity_classes=question.severity_classes,
        category=question.category,
    )


def _months(
    counts: DisclosedCounts,
    kinds: Sequence[str],
    served: Sequence[Exposure],
    span: Span,
    per: Denominator,
) -> list[MonthRate]:
    months = months_of(span)
    days = person_days_by_month(served, months)
    return [
        MonthRate(month.start, figure(number, int(served_days), per))
        for month, number, served_days in zip(
            months, counts.by_month(months, kinds), days, strict=True
        )
    ]


def _by_kind(counts: DisclosedCounts, days: int, per: Denominator) -> Iterator[KindRate]:
    for kind in Kind.values:
        yield KindRate(kind, figure(counts.total([kind]), days, per))


def _sub_units(
    counts: DisclosedCounts,
    kinds: Sequence[str],
    below: SubUnits,
    served: Sequence[Exposure],
    span: Span,
) -> list[SubUnitCount]:
    """Counts and person-days below each sub-unit of the last day, as the tree was each day."""
    days = person_days_by_sub_unit(served, below.stays)
    cases = counts.by_sub_unit(below.stays, kinds)
    names = names_during(list(below.units), span)
    return [
        SubUnitCount(unit.code, names[key], cases[key], days[key])
        for key, unit in below.units.items()
    ]


def _facts(
    user: User,
    question: RateQuestion,
    everyone: Sequence[Exposure],
    counts: DisclosedCounts,
    span: Span,
) -> RateCaveatFacts:
    return RateCaveatFacts(
        is_cut=span.end <= question.last_day,
        is_synthetic=bool(question.unit.is_synthetic) or counts.has_synthetic,
        is_exact=counts.is_exact,
        lacks_category=bool(question.category)
        and any(exposure.category == Category("all") for exposure in everyone),
        without_category=_without_category(user, question, span),
    )


def _without_category(user: User, question: RateQuestion, span: Span) -> int:
    """Incidents that a category leaves out because nobody hurt in them has one."""
    if not question.category:
        return 0
    return incidents_without_category(user, _count_question(question, span), question.kinds)


def _inputs(question: RateQuestion) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "from": question.first_day.isoformat(),
        "to": question.last_day.isoformat(),
        "kinds": ", ".join(question.kinds),
        "category": question.category or "all",
        "cause": question.cause or "all",
        "severity_classes": ", ".join(question.severity_classes) or "all",
        "denominator": question.denominator,
        "depth": str(question.depth),
        "counted": "incidents",
    }
