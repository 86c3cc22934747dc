"""Did it work? What changed in a unit from the day on which something was done about it.

What was done is called an *action*; a *measure* is what is counted, as in detection. Counts and
person-time are read as a user, and the method is used that the counts can carry. Weeks
that called for the action are left out of the time before it, because after a peak a rate falls
with or without an action. Pages, commands and programs ask this one function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from qorgau.analysis.answers import Provenance
from qorgau.analysis.disclosure.series import series_counts
from qorgau.analysis.effect.caveats import EffectCaveatFacts, effect_caveats
from qorgau.analysis.effect.estimate import CONFIDENCE, FittedEffect, Flags, best_fit, known
from qorgau.analysis.effect.peak import Peak, peak_before
from qorgau.analysis.effect.question import (
    SEE_RATES,
    EffectQuestion,
    check_question,
    weeks_compared,
)
from qorgau.analysis.effect.results import EffectOfAction, EffectPeriod
from qorgau.analysis.effect.series import EffectSeries, laid_out, weekly_series
from qorgau.analysis.effect.words import WHY, effect_sentence
from qorgau.analysis.figures.denominator_words import DENOMINATOR_LABELS, EXPOSURE_LABELS
from qorgau.analysis.figures.measures import measure_label
from qorgau.analysis.figures.rate_figures import RateFigure, figure
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.rates import DENOMINATORS, Denominator, crude_rate
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import latest_versions, versions_on

DENOMINATOR = "per_1000_person_years"
A_WEEK, WEEKS = _lazy("a week"), _lazy("weeks")


@dataclass(frozen=True, eq=False)
class _Compared:
    """What was read and what came of it.

    The series, the one beside it, the peak before the action, and the fit of the method chosen.
    """

    series: EffectSeries
    other: EffectSeries | None
    peak: Peak | None
    fit: FittedEffect


def effect_of_action(user: User, question: EffectQuestion) -> EffectOfAction:
    """Say what changed from the day of an action on.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see rates are read.
    question : EffectQuestion
        The question.

    Returns
    -------
    EffectOfAction
        Rates before and after, what was to be expected, the ratio and the cases averted, with
        limits and caveats.

    Raises
    ------
    QuestionError
        If the user may not see rates or counts of a unit, the units overlap, the action is too
        recent, or the register begins too late.
    """
    as_of = clock.known_by(question.as_of)
    today = clock.local_date(as_of)
    check_question(user, question)
    units = [unit for unit in (question.unit, question.compared_with) if unit]
    counts = series_counts(user, units, SEE_RATES, as_of=question.as_of)
    weeks = weeks_compared(counts, question, today)
    weekly, beside = weekly_series(counts, question, weeks)
    peak = peak_before(user, question, weekly)
    series, other = laid_out(weekly, beside)
    fit = best_fit(counts, question, series, other, peak)
    counted = weekly.synthetic_cases + (beside.synthetic_cases if beside else 0)
    facts = EffectCaveatFacts(
        is_synthetic=bool(question.unit.is_synthetic or counted),
        is_exact=counts.is_exact,
        peak=peak,
        is_comparison_unused=other is not None and fit.key != "compared_series",
        units_moved=weeks.units_moved,
        days_since=(today - series.first_days[-1]).days,
    )
    return _result(question, _Compared(series, other, peak, fit), facts, as_of)


def _result(
    question: EffectQuestion, compared: _Compared, facts: EffectCaveatFacts, as_of: dt.datetime
) -> EffectOfAction:
    series, fit, other = compared.series, compared.fit, question.compared_with
    per = DENOMINATORS[DENOMINATOR] if series.person_days is not None else None
    before, after = _sides(series, fit.is_used, per)
    last_day = series.first_days[-1] - dt.timedelta(days=1)
    unit_name, label = _name(question.unit, last_day), measure_label(question.measure)
    return EffectOfAction(
        unit_code=question.unit.code,
        unit_name=unit_name,
        measure=question.measure,
        measure_label=label,
        compared_code=other.code if other else "",
        compared_name=_name(other, last_day) if other else "",
        held_from=question.held_from,
        weeks_before=series.weeks_before,
        weeks_after=series.weeks_after,
        weeks_per_period=series.weeks_per_period,
        sentence=effect_sentence(
            unit_name=unit_name,
            measure=label,
            held_from=question.held_from,
            observed=after.cases_lower,
            estimate=fit.estimate,
        ),
        before=before,
        after=after,
        rate_without=fit.estimate.expected / after.exposure * (per.per if per else 1.0),
        estimate=fit.estimate,
        peak=compared.peak,
        periods=tuple(_periods(compared)),
        denominator_key=per.key if per else "per_week",
        denominator_label=str(DENOMINATOR_LABELS[per.key] if per else A_WEEK),
        exposure_label=str(EXPOSURE_LABELS[per.exposure_unit.key] if per else WEEKS),
        method_key=fit.key,
        why=str(WHY[fit.key]),
        caveats=effect_caveats(series, fit, (before.cases_lower, after.cases_lower), facts),
        provenance=_provenance(question, compared, facts, as_of),
    )


def _provenance(
    question: EffectQuestion, compared: _Compared, facts: EffectCaveatFacts, as_of: dt.datetime
) -> Provenance:
    return Provenance(
        inputs=_inputs(question),
        first_day=compared.series.first_days[0],
        last_day=compared.series.first_days[-1] - dt.timedelta(days=1),
        as_of=as_of,
        method=compared.fit.method,
        is_synthetic=facts.is_synthetic,
    )


def _sides(
    series: EffectSeries, is_used: Flags, per: Denominator | None
) -> tuple[RateFigure, RateFigure]:
    """Incidents and rates before and after, of the periods compared; without `per`, a week's."""
    before, after = is_used.copy(), is_used.copy()
    before[series.start :] = False
    after[: series.start] = False
    return _side(series, before, per), _side(series, after, per)


def _side(series: EffectSeries, chosen: Flags, per: Denominator | None) -> RateFigure:
    cases, exposure = int(series.cases[chosen].sum()), float(series.exposure[chosen].sum())
    if per is not None:
        return figure(cases, int(exposure), per, CONFIDENCE)
    rate = crude_rate(cases, exposure, confidence=CONFIDENCE)
    return RateFigure(
        cases, 0, exposure, float(rate.rate), float(rate.lower), float(rate.upper), cases, cases
    )


def _periods(compared: _Compared) -> Iterator[EffectPeriod]:
    """The series with its lines, period by period."""
    series, other, fit = compared.series, compared.other, compared.fit
    for place in range(series.cases.size):
        is_after = place >= series.start
        yield EffectPeriod(
            starts_on=series.first_days[place],
            cases=int(series.cases[place]),
            person_days=None if series.person_days is None else int(series.person_days[place]),
            compared_cases=None if other is None else int(other.cases[place]),
            is_after=is_after,
            is_used=bool(fit.is_used[place]),
            fitted=known(fit.fitted[place]),
            without=known(fit.without[place]) if is_after else None,
            without_lower=known(fit.without_lower[place]) if is_after else None,
            without_upper=known(fit.without_upper[place]) if is_after else None,
        )


def _name(unit: Unit, on: dt.date) -> str:
    """What a unit was called on a day; the last name known of one closed by then."""
    version = versions_on([unit.pk], on).first() or latest_versions([unit.pk]).first()
    return (version.name if version else "") or unit.code


def _inputs(question: EffectQuestion) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "measure": question.measure,
        "from": question.held_from.isoformat(),
        "weeks_before": str(question.weeks_before),
        "weeks_after": str(question.weeks_after),
        "compared_with": question.compared_with.code if question.compared_with else "none",
        "counted": "incidents",
    }
