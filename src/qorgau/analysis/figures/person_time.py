"""Person-time of a unit's subtree laid out as arrays: in all, by month, and by sub-unit.

The register says who served where from when until when; rates need the days of that service
that fall into a month or into a sub-unit by the tree of each day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from qorgau.records.people.rules import Exposure, Span

Days = npt.NDArray[np.int64]


def months_of(span: Span) -> list[Span]:
    """Calendar months of a span, the first and the last cut to it.

    Parameters
    ----------
    span : Span
        Days from its start until, not including, its end.

    Returns
    -------
    list of Span
        In order; together exactly the span.
    """
    months = []
    start = span.start
    while start < span.end:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        months.append(Span(start, min(following, span.end)))
        start = following
    return months


def person_days(exposures: Iterable[Exposure]) -> int:
    """Person-days of all exposures together."""
    return sum(exposure.person_days for exposure in exposures)


def person_days_by_month(exposures: Sequence[Exposure], months: Sequence[Span]) -> Days:
    """Person-days falling into each of the months.

    Parameters
    ----------
    exposures : sequence of Exposure
        Spans of service with a strength.
    months : sequence of Span
        Periods to share them out to.

    Returns
    -------
    ndarray of int, shape (months,)
        Person-days.
    """
    totals = np.zeros(len(months), dtype=np.int64)
    if not exposures:
        return totals
    start = np.array([exposure.span.start.toordinal() for exposure in exposures])
    end = np.array([exposure.span.end.toordinal() for exposure in exposures])
    strength = np.array([exposure.strength for exposure in exposures], dtype=np.int64)
    for index, month in enumerate(months):
        first, after = month.start.toordinal(), month.end.toordinal()
        shared = np.minimum(end, after) - np.maximum(start, first)
        totals[index] = int((strength * np.maximum(shared, 0)).sum())
    return totals


def person_days_by_sub_unit(
    exposures: Iterable[Exposure], stays: Mapping[int, Mapping[int, Sequence[Span]]]
) -> dict[int, int]:
    """Person-days spent below each sub-unit, by the tree of each day.

    Parameters
    ----------
    exposures : iterable of Exposure
        Spans of service with a strength.
    stays : mapping of sub-unit id to mapping of unit id to spans
        When each unit belonged to the sub-unit (itself included).

    Returns
    -------
    dict of int to int
        Person-days by sub-unit id; 0 where nobody served.
    """
    totals = dict.fromkeys(stays, 0)
    below: dict[int, list[tuple[int, Span]]] = {}
    for sub_unit, units in stays.items():
        for unit, spans in units.items():
            below.setdefault(unit, []).extend((sub_unit, span) for span in spans)
    for exposure in exposures:
        for sub_unit, span in below.get(exposure.unit_id, ()):
            shared = exposure.span.meet(span)
            if shared:
                totals[sub_unit] += exposure.strength * shared.days
    return totals
