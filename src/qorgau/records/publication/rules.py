"""When counts of a year are published; decided on plain values."""

from __future__ import annotations

import datetime as dt

MONTHS = 12
# A record that comes later than this after the end of its month waits for the restatement.
LAG_MONTHS = 1


def first_publication(year: int, last_month: int, made_at: dt.datetime) -> dt.datetime:
    """When the boxes that end with a month are published: one month after, at midnight.

    Parameters
    ----------
    year : int
    last_month : int
        0 for January.
    made_at : datetime
        When the boxes were planned; nothing is published before that.
    """
    months = year * MONTHS + last_month + 1 + LAG_MONTHS
    due = dt.datetime(months // MONTHS, months % MONTHS + 1, 1, tzinfo=made_at.tzinfo)
    return max(due, made_at)


def restatement(first: dt.datetime) -> dt.datetime:
    """When they are restated, once: a year after."""
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    return first.replace(year=first.year + 1, day=day)
