"""How late incidents come into the register, and what its newest weeks will come to.

What counts is when an incident was recorded, for from then on it is in every count. Incidents that
were there before their source began to be recorded, such as a history that was imported, tell
nothing of delays and are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

import numpy as np
from django.db.models import Case, Count, Expression, IntegerField, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import Caveat
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.methods.arrays import InputError
from qorgau.methods.reporting_delay import DelayCorrection, correct_for_delay
from qorgau.records.incidents.queries import counted_incidents
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may
from qorgau.records.people.rules import Span

SEE_SIGNALS = Capability("see_signals")
METHOD = "correct_for_delay"
LONGEST_DELAY_WEEKS = 12
HISTORY_WEEKS = 104
# A share of so few would say little, and the delays of so few incidents say who was slow.
LEAST_CASES = 30
# From here on a week is as good as complete.
AS_GOOD_AS_ALL = 0.995
CONFIDENCE = 0.95


class DelayQuestionError(ValueError):
    """A question that has no answer; the sentence says why and what to ask instead."""


@dataclass(frozen=True)
class DelayQuestion:
    """What is asked of the register.

    Attributes
    ----------
    unit : Unit
        The unit whose delays are asked for, with all below it.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    so_far : mapping of date to float, or None
        Incidents of a smaller series reported so far, by the Monday of their week, to be corrected
        by these delays; all incidents of the unit if None.
    """

    unit: Unit
    as_of: dt.datetime | None = None
    so_far: Mapping[dt.date, float] | None = None


@dataclass(frozen=True)
class DelayedWeek:
    """A week of which reports may still come.

    Attributes
    ----------
    week : date
        Its Monday.
    reported : float
        Incidents reported so far.
    share_reported : float
        Estimated share of the week's incidents that this is.
    corrected, lower, upper : float
        Incidents the week will come to once all are reported, and limits.
    """

    week: dt.date
    reported: float
    share_reported: float
    corrected: float
    lower: float
    upper: float

    @property
    def is_complete(self) -> bool:
        """Whether hardly anything is still to come."""
        return self.share_reported >= AS_GOOD_AS_ALL or self.upper <= self.reported


@dataclass(frozen=True)
class ReportingDelay:
    """How late incidents of a unit are recorded.

    Attributes
    ----------
    unit_code : str
        The unit whose delays these are.
    weeks : tuple of DelayedWeek
        The newest whole weeks, oldest first; empty where the delay is not known.
    delay_share : tuple of float
        Estimated share of incidents recorded with a delay of 0, 1, ... weeks, as weeks stood at
        the weekday and hour of `as_of`.
    cases : int
        Incidents that the delays come from.
    recorded_later : int
        Incidents recorded with a longer delay than is reckoned with.
    without_delay : int
        Incidents that were there when their source began to be recorded.
    first_day, last_day : date
        Period in which these incidents occurred.
    inputs : dict
        The question in words and codes.
    as_of : datetime
        Moment whose state of the register was read.
    confidence : float
        Level of the limits.
    method, version : str
        Method applied, and the version of Qorgau that applied it.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    is_synthetic : bool
        Whether made-up data are among what was read.
    """

    unit_code: str
    weeks: tuple[DelayedWeek, ...]
    delay_share: tuple[float, ...]
    cases: int
    recorded_later: int
    without_delay: int
    first_day: dt.date
    last_day: dt.date
    inputs: dict[str, str]
    as_of: dt.datetime
    version: str
    caveats: tuple[Caveat, ...]
    is_synthetic: bool
    confidence: float = CONFIDENCE
    method: str = METHOD

    def share_on(self, monday: dt.date) -> float | None:
        """Share of a week's incidents reported; None where it is not known or the week not over."""
        if not self.weeks or monday > self.weeks[-1].week:
            return None
        shares = {week.week: week.share_reported for week in self.weeks}
        older = 1.0 if len(self.delay_share) > LONGEST_DELAY_WEEKS else None
        return shares.get(monday, older)


def reporting_delay(user: User, question: DelayQuestion) -> ReportingDelay:
    """Estimate the delays of a unit's incidents, and correct its newest weeks for them.

    Parameters
    ----------
    user : User
        Who asks; only units over which this user may see signals are read.
    question : DelayQuestion
        What is asked.

    Returns
    -------
    ReportingDelay

    Raises
    ------
    DelayQuestionError
        If the user may not see signals of the unit.
    """
    if not may(user, SEE_SIGNALS, question.unit):
        raise DelayQuestionError(_("You may not see signals of this unit."))
    as_of = clock.known_by(question.as_of)
    today = clock.local_date(as_of)
    this_monday = today - dt.timedelta(days=today.weekday())
    span = Span(this_monday - dt.timedelta(weeks=HISTORY_WEEKS - 1), today + dt.timedelta(days=1))
    rows = _recorded_rows(user, question.unit, span, as_of)
    used, without_delay = _with_a_delay(rows, this_monday)
    cases = sum(row.cases for row in used)
    found = _corrected(used, this_monday, question.so_far) if cases >= LEAST_CASES else None
    is_synthetic = bool(question.unit.is_synthetic) or any(row.made_up for row in rows)
    return ReportingDelay(
        unit_code=question.unit.code,
        weeks=tuple(_whole_weeks(found, this_monday)) if found else (),
        delay_share=tuple(found.delay_share.tolist()) if found else (),
        cases=cases,
        recorded_later=found.left_out if found else 0,
        without_delay=without_delay,
        first_day=span.start,
        last_day=today,
        inputs=_inputs(question),
        as_of=as_of,
        version=metadata.version("qorgau"),
        caveats=tuple(_caveats(is_synthetic, found, without_delay)),
        is_synthetic=is_synthetic,
    )


@dataclass(frozen=True)
class _RecordedRow:
    """Incidents of a source that occurred on a day and were recorded so many weeks ago."""

    source: str
    occurred_on: dt.date
    weeks_since_recorded: int
    cases: int
    made_up: int


def _recorded_rows(user: User, unit: Unit, span: Span, as_of: dt.datetime) -> list[_RecordedRow]:
    counted = counted_incidents(user, unit, span, as_of=as_of, capability=SEE_SIGNALS)
    ends = [as_of - dt.timedelta(weeks=weeks) for weeks in range(HISTORY_WEEKS)]
    rows = (
        counted.order_by()
        .annotate(weeks_since=_weeks_since(ends, 0, HISTORY_WEEKS - 1))
        .values_list("source", "occurred_on", "weeks_since")
        .annotate(cases=Count("pk"), made_up=Count("pk", filter=Q(is_synthetic=True)))
    )
    return [_RecordedRow(*row) for row in rows]


def _weeks_since(ends: Sequence[dt.datetime], low: int, high: int) -> Expression:
    """How many whole weeks before the first of these moments an incident was recorded.

    Nested comparisons, since the date functions of SQLite are slow; the weeks are reckoned back
    from the moment, so that each is as long as the others.
    """
    if low == high:
        return Value(low)
    middle = (low + high + 1) // 2
    return Case(
        When(recorded_at__lte=ends[middle], then=_weeks_since(ends, middle, high)),
        default=_weeks_since(ends, low, middle - 1),
        output_field=IntegerField(),
    )


def _weeks_between(day: dt.date, this_monday: dt.date) -> int:
    """How many weeks before the present one a day lies."""
    return -((day - this_monday).days // 7)


def _with_a_delay(
    rows: Iterable[_RecordedRow], this_monday: dt.date
) -> tuple[list[_RecordedRow], int]:
    """The rows of weeks after their source began to be recorded, and the incidents of the others.

    What is imported at once was not reported at once; a source that goes on to be imported tells
    its delays from its first import on.
    """
    began: dict[str, int] = {}
    for row in rows:
        began[row.source] = max(row.weeks_since_recorded, began.get(row.source, 0))
    used, without_delay = [], 0
    for row in rows:
        if _weeks_between(row.occurred_on, this_monday) < began[row.source]:
            used.append(row)
        else:
            without_delay += row.cases
    return used, without_delay


def _corrected(
    rows: Sequence[_RecordedRow], this_monday: dt.date, so_far: Mapping[dt.date, float] | None
) -> DelayCorrection | None:
    """The estimate; None where no week is old enough to show a delay."""
    occurred = np.array([-_weeks_between(row.occurred_on, this_monday) for row in rows])
    recorded = np.array([-row.weeks_since_recorded for row in rows])
    newest = None
    if so_far is not None:
        weeks = range(LONGEST_DELAY_WEEKS, -1, -1)
        mondays = (this_monday - dt.timedelta(weeks=week) for week in weeks)
        newest = [so_far.get(monday, 0.0) for monday in mondays]
    try:
        return correct_for_delay(
            occurred,
            # The clock of a phone may run ahead: recorded before it occurred.
            np.maximum(recorded, occurred),
            cases=[row.cases for row in rows],
            so_far=newest,
            as_of=0,
            longest_delay=LONGEST_DELAY_WEEKS,
            history=HISTORY_WEEKS,
            confidence=CONFIDENCE,
        )
    except InputError as error:
        if error.reason == "no_history":
            return None
        raise


def _whole_weeks(found: DelayCorrection, this_monday: dt.date) -> Iterator[DelayedWeek]:
    """All weeks but the last, which is not over."""
    columns = (found.reported, found.share_reported, found.expected, found.lower, found.upper)
    rows = zip(found.weeks.tolist(), *(column.tolist() for column in columns), strict=True)
    for week, *figures in list(rows)[:-1]:
        yield DelayedWeek(this_monday + dt.timedelta(weeks=week), *figures)


def _caveats(
    is_synthetic: bool, found: DelayCorrection | None, without_delay: int
) -> Iterator[Caveat]:
    if is_synthetic:
        yield Caveat("synthetic", _("Made-up data are in these figures: they say nothing real."))
    if found:
        yield Caveat(
            "delays_as_before",
            _(
                "Reports are taken to come as late as they did in the last two years. After "
                "holidays or a new way of reporting the limits do not hold."
            ),
        )
    else:
        yield Caveat(
            "delay_not_known",
            _(
                "How late reports come is not known here: too few incidents were recorded as they "
                "happened. The newest weeks are likely to grow."
            ),
        )
    if found and found.longest_delay < LONGEST_DELAY_WEEKS:
        yield Caveat(
            "young",
            ngettext(
                "Incidents are recorded too short a time to show delays of more than %(number)d "
                "week.",
                "Incidents are recorded too short a time to show delays of more than %(number)d "
                "weeks.",
                found.longest_delay,
            )
            % {"number": found.longest_delay},
        )
    yield from _about_left_out(found.left_out if found else 0, without_delay)


def _about_left_out(recorded_later: int, without_delay: int) -> Iterator[Caveat]:
    if recorded_later:
        yield Caveat(
            "recorded_later",
            ngettext(
                "%(number)d incident was recorded more than %(weeks)d weeks after it happened and "
                "is not reckoned with: weeks may grow beyond their limits.",
                "%(number)d incidents were recorded more than %(weeks)d weeks after they happened "
                "and are not reckoned with: weeks may grow beyond their limits.",
                recorded_later,
            )
            % {"number": recorded_later, "weeks": LONGEST_DELAY_WEEKS},
        )
    if without_delay:
        yield Caveat(
            "recorded_at_once",
            ngettext(
                "%(number)d incident was there when its source began to be recorded, as in an "
                "import, and says nothing of delays.",
                "%(number)d incidents were there when their source began to be recorded, as in an "
                "import, and say nothing of delays.",
                without_delay,
            )
            % {"number": without_delay},
        )


def _inputs(question: DelayQuestion) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "longest_delay_weeks": str(LONGEST_DELAY_WEEKS),
        "history_weeks": str(HISTORY_WEEKS),
        "corrected": "all incidents" if question.so_far is None else "a smaller series",
    }
