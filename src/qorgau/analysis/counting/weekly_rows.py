"""Incidents by unit, day and measure, as the panel of weekly counts takes them."""

from __future__ import annotations

import numpy as np

from qorgau.analysis.figures.measures import MEASURES, measure_of
from qorgau.analysis.unit_cause_hierarchy.counts import IncidentRows
from qorgau.records.incidents.counted import CountedRows


def weekly_rows(counted: CountedRows) -> IncidentRows:
    """Count incidents by unit, day, kind and cause.

    Parameters
    ----------
    counted : CountedRows
        What counts.

    Returns
    -------
    IncidentRows
        Sorted.
    """
    found = sorted(counted.grouped("unit_id", "occurred_on", "kind", "cause"))
    narrowest = [MEASURES.index[measure_of(row[2], row[3])] for row in found]
    return IncidentRows(
        unit=np.array([row[0] for row in found], dtype=np.int64),
        day=np.array([row[1].toordinal() for row in found], dtype=np.int64),
        measures=MEASURES.paths[narrowest],
        cases=np.array([row[4] for row in found], dtype=np.int64),
    )
