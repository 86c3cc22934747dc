"""What is asked about the effect of an action, and which questions have no answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.disclosure.series import SeriesCounts
from qorgau.analysis.figures.measures import ALL_MEASURES
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may, stays_below
from qorgau.records.people.rules import Span

# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_RATES = Capability("see_rates")
WEEK = dt.timedelta(weeks=1)
# Two whole years before show the season; a year after has all of it.
WEEKS_BEFORE, WEEKS_AFTER = 104, 52
FEWEST_WEEKS_BEFORE = 4
MOST_WEEKS = 520


@dataclass(frozen=True)
class EffectQuestion:
    """What is asked of the register.

    Attributes
    ----------
    unit : Unit
        The unit in which the action was taken, with all below it.
    measure : str
        What is counted: a kind of incident, or a kind and a cause.
    held_from : date
        The day from which the action held; weeks are counted from it, backwards and forwards.
    weeks_before, weeks_after : int
        How many weeks on either side, as far as the register reaches.
    compared_with : Unit or None
        A unit in which the action was not taken.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    """

    unit: Unit
    measure: str
    held_from: dt.date
    weeks_before: int = WEEKS_BEFORE
    weeks_after: int = WEEKS_AFTER
    compared_with: Unit | None = None
    as_of: dt.datetime | None = None


@dataclass(frozen=True)
class WeeksCompared:
    """Which weeks are compared.

    Attributes
    ----------
    span : Span
        Whole weeks before the action and after it.
    before : int
        How many of them are before it.
    units_moved : int
        Units that belonged to both compared units, one after the other.
    """

    span: Span
    before: int
    units_moved: int = 0


def weeks_compared(counts: SeriesCounts, question: EffectQuestion, today: dt.date) -> WeeksCompared:
    """The weeks that can be compared, if the question has an answer.

    Parameters
    ----------
    counts : SeriesCounts
        What the reader may count.
    question : EffectQuestion
        The question.
    today : date
        Day that is not over yet.

    Returns
    -------
    WeeksCompared

    Raises
    ------
    QuestionError
        If the units overlap, no whole week has passed since the action, or the register begins
        too late.
    """
    before, after = _weeks_before_and_after(counts, question, today)
    span = Span(question.held_from - before * WEEK, question.held_from + after * WEEK)
    return WeeksCompared(span, before, _units_moved(question, span))


def check_question(user: User, question: EffectQuestion) -> None:
    """Refuse what this user may not ask, and what has no answer whatever the register holds.

    Raises
    ------
    QuestionError
        With the reason.
    """
    for unit in filter(None, (question.unit, question.compared_with)):
        if not may(user, SEE_RATES, unit):
            raise QuestionError(
                _("Your role does not let you see rates for the unit %(unit)s.")
                % {"unit": unit.code}
            )
    if question.measure not in ALL_MEASURES:
        raise QuestionError(
            _("“%(measure)s” cannot be counted. Choose a kind of incident and, if needed, a cause.")
            % {"measure": question.measure}
        )
    for weeks in (question.weeks_before, question.weeks_after):
        if not 1 <= weeks <= MOST_WEEKS:
            raise QuestionError(
                _("Choose from 1 to %(most)d weeks before and after the action.")
                % {"most": MOST_WEEKS}
            )


def _weeks_before_and_after(
    counts: SeriesCounts, question: EffectQuestion, today: dt.date
) -> tuple[int, int]:
    """Whole weeks on either side, as far as the register reaches."""
    after = min(question.weeks_after, (today - question.held_from).days // 7)
    if after < 1:
        raise QuestionError(
            _(
                "Less than one whole week has passed since %(day)s. Check again later, or "
                "choose an earlier day."
            )
            % {"day": date_format(question.held_from, "SHORT_DATE_FORMAT")}
        )
    begins = counts.register_begins()
    units = filter(None, (question.unit, question.compared_with))
    begins = max(begins or question.held_from, *(unit.opened_on for unit in units))
    before = min(question.weeks_before, (question.held_from - begins).days // 7)
    if before < FEWEST_WEEKS_BEFORE:
        raise QuestionError(
            _(
                "The register begins on %(begins)s, and at least %(least)d whole weeks "
                "before the action are needed. Choose a later day."
            )
            % {
                "begins": date_format(begins, "SHORT_DATE_FORMAT"),
                "least": FEWEST_WEEKS_BEFORE,
            }
        )
    return before, after


def _units_moved(question: EffectQuestion, span: Span) -> int:
    """How many units belonged to both compared units, one after the other.

    Units that belonged to both at the same time are refused; without a comparison there are none.
    """
    if question.compared_with is None:
        return 0
    ours, theirs = _stays(question.unit, span), _stays(question.compared_with, span)
    shared = ours.keys() & theirs.keys()
    if any(one.meet(other) for unit in shared for one in ours[unit] for other in theirs[unit]):
        raise QuestionError(
            _(
                "%(unit)s and %(other)s overlap. Compare with a unit in which the action was not "
                "taken."
            )
            % {"unit": question.unit.code, "other": question.compared_with.code}
        )
    return len(shared)


def _stays(unit: Unit, span: Span) -> dict[int, list[Span]]:
    stays: dict[int, list[Span]] = {}
    fields = ("descendant_id", "valid_from", "valid_until")
    for below, start, end in stays_below([unit.pk], span).values_list(*fields):
        shared = Span(start, end).meet(span)
        if shared:
            stays.setdefault(below, []).append(shared)
    return stays
