"""What is asked about signals, and which questions have no answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.unit_cause_hierarchy.control import FALSE_DISCOVERY_RATE
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.languages import short_day
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may

# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_SIGNALS = Capability("see_signals")
MOST_WEEKS = 520


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
    counted : str
        "all", or "plain" without confidential incidents; as much as the reader may know if empty.
    """

    unit: Unit
    week: dt.date | None = None
    as_of: dt.datetime | None = None
    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    false_discovery_rate: float = FALSE_DISCOVERY_RATE
    counted: str = ""


@dataclass(frozen=True)
class HistoryQuestion:
    """Which series is wanted, and which weeks of it.

    Attributes
    ----------
    unit : Unit
        The unit, with all below it.
    measure : str
        A kind of incident, or a kind and a cause.
    first_week, last_week : date
        Mondays; both weeks are included.
    history_begins : date or None
        Day from which the register is complete; that of the first incident if None.
    alpha : float
        One-sided probability of a false alarm for one week.
    least_cases : int
        Fewer cases in a week are no rise.
    delays_of : Unit or None
        Unit whose delays say what the newest weeks will come to; that of the series if None, or
        if the reader may not see signals of it. A unit above has more incidents to estimate from.
    counted : str
        "all", or "plain" without confidential incidents; as much as the reader may know if empty.
    """

    unit: Unit
    measure: str
    first_week: dt.date
    last_week: dt.date
    history_begins: dt.date | None = None
    alpha: float = ALPHA
    least_cases: int = LEAST_CASES
    delays_of: Unit | None = None
    counted: str = ""


def check_reader(user: User, unit: Unit) -> None:
    """Refuse a question about a unit of which the user may not see signals.

    Raises
    ------
    QuestionError
        With the reason.
    """
    if not may(user, SEE_SIGNALS, unit):
        raise QuestionError(_("Your role does not let you see signals for this unit."))


def last_monday(user: User, question: SignalQuestion, weeks: int, today: dt.date) -> dt.date:
    """Monday of the last week tested, if the question has an answer.

    Parameters
    ----------
    user : User
        The reader.
    question : SignalQuestion
        The question.
    weeks : int
        How many weeks are tested.
    today : date
        Day that is not over yet.

    Returns
    -------
    date
        Of the week of the question; by default of the newest one that is over.

    Raises
    ------
    QuestionError
        If the user may not see signals of the unit, the week has not begun, or an option is out
        of range.
    """
    check_reader(user, question.unit)
    if not 1 <= weeks <= MOST_WEEKS:
        raise QuestionError(
            _("Choose from 1 to %(most)d weeks to look back.") % {"most": MOST_WEEKS}
        )
    if not 0.0 < question.false_discovery_rate < 1.0:
        raise QuestionError(
            _("Choose a share of false signals above 0 and below 1, for example 0.1.")
        )
    this_monday = today - dt.timedelta(days=today.weekday())
    if question.week is None:
        return this_monday - dt.timedelta(weeks=1)
    monday = question.week - dt.timedelta(days=question.week.weekday())
    if monday > today:
        raise QuestionError(
            _("The week has not begun yet. Choose %(today)s or an earlier day.")
            % {"today": short_day(today)}
        )
    return monday
