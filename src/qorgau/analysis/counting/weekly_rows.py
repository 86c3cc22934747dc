"""Incidents by unit, day and measure, as the panel of weekly counts takes them."""

from __future__ import annotations

import numpy as np
from django.db.models import Count, QuerySet

from qorgau.analysis.figures.measures import MEASURES, measure_of
from qorgau.analysis.unit_cause_hierarchy.counts import IncidentRows
from qorgau.records.incidents.models import Incident


def weekly_rows(counted: QuerySet[Incident]) -> IncidentRows:
    """Count incidents by unit, day, kind and cause.

    Parameters
    ----------
    counted : QuerySet of Incident
        What counts.

    Returns
    -------
    IncidentRows
        Sorted.
    """
    grouped = counted.order_by().values_list("unit_id", "occurred_on", "kind", "cause")
    found = sorted(grouped.annotate(cases=Count("pk")))
    narrowest = [MEASURES.index[measure_of(kind, cause)] for _u, _d, kind, cause, _n in found]
    return IncidentRows(
        unit=np.array([row[0] for row in found], dtype=np.int64),
        day=np.array([row[1].toordinal() for row in found], dtype=np.int64),
        measures=MEASURES.paths[narrowest],
        cases=np.array([row[4] for row in found], dtype=np.int64),
    )
