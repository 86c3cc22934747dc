"""How late incidents are recorded, and what the newest weeks of the register will come to.

What counts is when an incident was recorded, for from then on it is in every count. Incidents that
were there before their source began to be recorded, such as a history that was imported, say
nothing about delays and are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from qorgau.analysis.answers import Provenance
from qorgau.analysis.disclosure.series import series_counts
from qorgau.analysis.figures.counted_cells import RecordedRow
from qorgau.analysis.reporting_delay.caveats import delay_caveats
from qorgau.analysis.reporting_delay.question import SEE_SIGNALS, DelayQuestion, check_question
from qorgau.analysis.reporting_delay.results import (
    CONFIDENCE,
    LONGEST_DELAY_WEEKS,
    DelayedWeek,
    ReportingDelay,
)
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.arrays import InputError
from qorgau.methods.reporting_delay import DelayCorrection, correct_for_delay
from qorgau.records.people.rules import Span

METHOD = "correct_for_delay"
HISTORY_WEEKS = 104
# A share of fewer would say little, and the delays of so few incidents show who was slow.
LEAST_CASES = 30


def reporting_delay(user: User, question: DelayQuestion) -> ReportingDelay:
    """Estimate the delays of a unit's incidents, and correct its newest weeks for them.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see signals are read.
    question : DelayQuestion
        The question.

    Returns
    -------
    ReportingDelay

    Raises
    ------
    QuestionError
        If the user may not see signals of the unit, or neither exact counts of it nor the incidents
        that are not confidential.
    """
    check_question(user, question)
    as_of = clock.known_by(question.as_of)
    today = clock.local_date(as_of)
    this_monday = today - dt.timedelta(days=today.weekday())
    span = Span(this_monday - dt.timedelta(weeks=HISTORY_WEEKS - 1), today + dt.timedelta(days=1))
    counts = series_counts(
        user, [question.unit], SEE_SIGNALS, as_of=as_of, counted=question.counted
    )
    rows = counts.recorded_rows(question.unit, span, HISTORY_WEEKS)
    used, without_delay = _with_a_delay(rows, this_monday)
    cases = sum(row.cases for row in used)
    found = _corrected(used, this_monday, question.so_far) if cases >= LEAST_CASES else None
    is_synthetic = bool(question.unit.is_synthetic) or any(row.synthetic_cases for row in rows)
    return ReportingDelay(
        unit_code=question.unit.code,
        weeks=tuple(_whole_weeks(found, this_monday)) if found else (),
        delay_share=tuple(found.delay_share.tolist()) if found else (),
        cases=cases,
        recorded_later=found.left_out if found else 0,
        without_delay=without_delay,
        caveats=tuple(delay_caveats(is_synthetic, counts.is_exact, found, without_delay)),
        provenance=Provenance(
            inputs=_inputs(question),
            first_day=span.start,
            last_day=today,
            as_of=as_of,
            method=METHOD,
            is_synthetic=is_synthetic,
        ),
    )


def _weeks_between(day: dt.date, this_monday: dt.date) -> int:
    """How many weeks before the present one a day is."""
    return -((day - this_monday).days // 7)


def _with_a_delay(
    rows: Iterable[RecordedRow], this_monday: dt.date
) -> tuple[list[RecordedRow], int]:
    """The rows of weeks after their source began to be recorded, and the incidents of the others.

    What is imported at once was not reported at once; a source that is imported again and again
    shows its delays from its first import on.
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
    rows: Sequence[RecordedRow], this_monday: dt.date, so_far: Mapping[dt.date, float] | None
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


def _inputs(question: DelayQuestion) -> dict[str, str]:
    return {
        "unit": question.unit.code,
        "longest_delay_weeks": str(LONGEST_DELAY_WEEKS),
        "history_weeks": str(HISTORY_WEEKS),
        "corrected": "all incidents" if question.so_far is None else "a smaller series",
    }
