"""How wide the ranges are that readers without exact counts see, in the demonstration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from qorgau.analysis.disclosure.counts import CountQuestion, disclosed_counts
from qorgau.analysis.disclosure.plans import PlanParameters
from qorgau.analysis.figures.rate_figures import Count
from qorgau.analysis.rates.question import SEE_RATES
from qorgau.demonstration.present import demonstration_unit
from qorgau.demonstration.publications import publish_every_year
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.records.incidents.choices import Kind
from qorgau.records.people.rules import Span
from qorgau.records.publication.queries import every_plan, plans_of_years

UNITS = {"company": "SYN-R1-2", "battalion": "SYN-R1", "brigade": "SYN"}
QUESTIONS = {
    "all kinds": tuple(Kind.values),
    "injuries": (Kind.INJURY,),
    "illness": (Kind.ILLNESS,),
}
READERS = ("analyst", "commander", "planner")
PARAMETERS = (
    PlanParameters(target_expected=5.0, least_count=3),
    PlanParameters(target_expected=5.0),
    PlanParameters(),
    PlanParameters(target_expected=20.0),
    PlanParameters(target_expected=20.0, least_count=10),
)


def width_table(year: int) -> list[str]:
    """What an analyst, a commander and a planner see of a year and of its second quarter."""
    spans = {
        "year": Span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)),
        "quarter": Span(dt.date(year, 4, 1), dt.date(year, 7, 1)),
    }
    lines = [
        "| unit | of a | what | exact | a commander | a planner |",
        "|---|---|---|---:|---:|---:|",
    ]
    for unit, code in UNITS.items():
        for period, span in spans.items():
            for what, kinds in QUESTIONS.items():
                told = [_words(one) for one in _told(code, span, kinds)]
                lines.append(f"| {unit} | {period} | {what} | {' | '.join(told)} |")
    return lines


def parameter_table(year: int, first_day: dt.date, last_day: dt.date) -> list[str]:
    """The same of a year's incidents of all kinds, had the brigade planned otherwise."""
    span = Span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    lines = [
        "| expected of a box | least shown | boxes | battalion: a commander | a planner "
        "| brigade: a commander | a planner |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for parameters in PARAMETERS:
        with transaction.atomic():
            every_plan().delete()
            publish_every_year(first_day, last_day, parameters)
            boxes = sum(len(plan.boxes) for plan in plans_of_years([year]))
            told = [
                _words(one)
                for unit in ("battalion", "brigade")
                for one in list(_told(UNITS[unit], span, tuple(Kind.values)))[1:]
            ]
            transaction.set_rollback(True)
        lines.append(
            f"| {parameters.target_expected:g} | {parameters.least_count} | {boxes} "
            f"| {' | '.join(told)} |"
        )
    return lines


def _told(code: str, span: Span, kinds: tuple[str, ...]) -> Iterator[Count]:
    unit = demonstration_unit(code)
    for name in READERS:
        counts = disclosed_counts(_reader(name), CountQuestion(unit, span, SEE_RATES))
        yield counts.total(kinds)


def _reader(name: str) -> User:
    user = user_of_name(name)
    assert user is not None, "the demonstration is loaded"
    return user


def _words(count: Count) -> str:
    if count.cases is not None:
        return f"{count.cases:,}"
    return f"{count.lower:,} or more" if count.upper is None else f"{count.lower:,}–{count.upper:,}"
