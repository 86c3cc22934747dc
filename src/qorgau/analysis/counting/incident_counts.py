"""Incidents counted by unit, day and kind: for one reader, or for what is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qorgau.analysis.figures.counted_cells import CountedCell
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.queries import incidents_known
from qorgau.records.people.rules import Span


def counted_cells(counted: QuerySet[Incident], *, joins_people: bool) -> list[CountedCell]:
    """Count incidents by unit, day and kind.

    Parameters
    ----------
    counted : QuerySet of Incident
        What counts, already limited to what the reader may see.
    joins_people : bool
        Whether a condition joins the people involved, so that an incident may come up more than
        once.

    Returns
    -------
    list of CountedCell
        Cells with at least one incident.
    """
    rows = counted.order_by().values_list("unit_id", "occurred_on", "kind")
    grouped = rows.annotate(
        cases=Count("pk", distinct=joins_people),
        synthetic_cases=Count("pk", filter=Q(is_synthetic=True), distinct=joins_people),
    )
    return [CountedCell(*row) for row in grouped]


@dataclass(frozen=True)
class KnownCell:
    """How many incidents of a kind with a cause a unit had on a day."""

    unit_id: int
    day: dt.date
    kind: str
    cause: str
    cases: int


def known_cells(confidentiality: str, span: Span, *, known_by: dt.datetime) -> list[KnownCell]:
    """Count every incident of a class that the register knew at a moment.

    Parameters
    ----------
    confidentiality : str
    span : Span
        Days on which they happened.
    known_by : datetime

    Returns
    -------
    list of KnownCell
        Cells with at least one incident.
    """
    known = incidents_known(confidentiality, span, known_by=known_by).order_by()
    grouped = known.values_list("unit_id", "occurred_on", "kind", "cause")
    return [KnownCell(*row) for row in grouped.annotate(cases=Count("pk"))]
