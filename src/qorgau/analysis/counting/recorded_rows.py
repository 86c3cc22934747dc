"""Incidents by source, day and the week in which they were recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Case, Expression, IntegerField, Value, When

from qorgau.analysis.figures.counted_cells import RecordedRow
from qorgau.records.incidents.counted import CountedRows


def recorded_rows(counted: CountedRows, as_of: dt.datetime, weeks: int) -> list[RecordedRow]:
    """Count incidents by how many weeks before a moment they were recorded.

    Parameters
    ----------
    counted : CountedRows
        What counts.
    as_of : datetime
    weeks : int
        Those recorded earlier count with the oldest of so many weeks.

    Returns
    -------
    list of RecordedRow
    """
    ends = [as_of - dt.timedelta(weeks=week) for week in range(weeks)]
    rows = counted.annotate(weeks_since=_weeks_since(ends, 0, weeks - 1))
    return [RecordedRow(*row) for row in rows.grouped("source", "occurred_on", "weeks_since")]


def _weeks_since(ends: Sequence[dt.datetime], low: int, high: int) -> Expression:
    """How many whole weeks before the first of these moments an incident was recorded.

    Nested comparisons, since the date functions of SQLite are slow; the weeks are counted back
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
