"""What is asked about rates of a unit, and which questions have no answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.languages import short_day
from qorgau.methods.rates import DENOMINATORS, Denominator
from qorgau.records.incidents.choices import Kind
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may
from qorgau.records.people.rules import Span

# Each month is a row of the answer, and each unit has its months.
MOST_YEARS = 50
# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_RATES = Capability("see_rates")
PERSON_TIME_DENOMINATORS = {
    key: one for key, one in DENOMINATORS.items() if one.exposure_unit.person_days is not None
}


@dataclass(frozen=True)
class RateQuestion:
    """What is asked of the register.

    Attributes
    ----------
    unit : Unit
        The unit; everything below it counts, by the tree of each day.
    first_day, last_day : date
        The period, both days included.
    kinds : tuple of str
        Kinds of incident that count.
    category : str
        Only people of this category, and incidents in which one of them was hurt; empty for all.
    cause : str
        A cause of the cause tree, its branch included; empty for all.
    severity_classes : tuple of str
        Only these severity classes; empty for all.
    denominator : str
        Key of the denominator; it must follow from person-time.
    depth : int
        How many levels below the unit the sub-units compared are.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    """

    unit: Unit
    first_day: dt.date
    last_day: dt.date
    kinds: tuple[str, ...] = (Kind("injury"),)
    category: str = ""
    cause: str = ""
    severity_classes: tuple[str, ...] = ()
    denominator: str = "per_1000_person_years"
    depth: int = 1
    as_of: dt.datetime | None = None


def check_question(user: User, question: RateQuestion) -> None:
    """Refuse a question about a unit of which the user may not see rates.

    Raises
    ------
    QuestionError
        With the reason.
    """
    if not may(user, SEE_RATES, question.unit):
        raise QuestionError(_("Your role does not let you see rates for this unit."))


def default_period(last_day: dt.date) -> tuple[dt.date, dt.date]:
    """The calendar month of a day and the eleven before it.

    Parameters
    ----------
    last_day : date
        Last day of the period.

    Returns
    -------
    first_day, last_day : date
        Both included.
    """
    months = max(last_day.year * 12 + last_day.month - 12, 12)
    return dt.date(months // 12, months % 12 + 1, 1), last_day


def denominator_of(question: RateQuestion) -> Denominator:
    """The denominator of a question.

    Parameters
    ----------
    question : RateQuestion
        The question.

    Returns
    -------
    Denominator
        One that follows from person-time.

    Raises
    ------
    QuestionError
        If it does not, or there is none of that key.
    """
    if question.denominator not in PERSON_TIME_DENOMINATORS:
        raise QuestionError(
            _("The rates of a unit need a denominator of person-time. Choose one of: %(known)s.")
            % {"known": ", ".join(PERSON_TIME_DENOMINATORS)}
        )
    return PERSON_TIME_DENOMINATORS[question.denominator]


def span_of(question: RateQuestion, today: dt.date) -> Span:
    """The period of a question, cut to what has passed.

    Parameters
    ----------
    question : RateQuestion
        The question.
    today : date
        Last day that has begun.

    Returns
    -------
    Span
        Days from the first until, not including, the one after the last.

    Raises
    ------
    QuestionError
        If the period is empty, longer than fifty years, or has not begun.
    """
    if question.last_day < question.first_day:
        raise QuestionError(
            _("The period ends before it begins. Swap the first day and the last day.")
        )
    last_day = min(question.last_day, today)
    if last_day.year - question.first_day.year > MOST_YEARS:
        raise QuestionError(
            _(
                "The period is too long. With this last day, the first year can be %(year)s at the "
                "earliest."
            )
            % {"year": last_day.year - MOST_YEARS}
        )
    if question.first_day > today:
        raise QuestionError(
            _("The period has not begun yet. The first day can be %(today)s at the latest.")
            % {"today": short_day(today)}
        )
    return Span(question.first_day, last_day + dt.timedelta(days=1))
