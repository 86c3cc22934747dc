"""Publishing what is due: each box once when its months are over, and once again a year later.

The counts are those that the register knew at the moment that was fixed by the plan, so that it
does not matter when this is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from qorgau.analysis.counting.incident_counts import known_cells
from qorgau.analysis.disclosure.cells import cause_cell
from qorgau.analysis.disclosure.stored_plan import StoredPlan, stored_plans
from qorgau.foundation.identity.models import User
from qorgau.records.people.queries import lives_of_units, nearest_above
from qorgau.records.people.rules import Span
from qorgau.records.publication.rules import first_publication, restatement
from qorgau.records.publication.services import publish_counts


def publish_due(now: dt.datetime, *, acting_user: User | None = None) -> int:
    """Publish and restate what is due.

    Parameters
    ----------
    now : datetime
    acting_user : User, optional
        None is the system.

    Returns
    -------
    int
        How many publications were made.
    """
    made = 0
    for stored in stored_plans(None, None):
        for last_month, is_restatement, known_by in _due(stored, now):
            publish_counts(
                plan=stored.row,
                last_month=last_month,
                is_restatement=is_restatement,
                known_by=known_by,
                counts=_counts(stored, last_month, known_by),
                acting_user=acting_user,
            )
            made += 1
    return made


def _due(stored: StoredPlan, now: dt.datetime) -> Iterator[tuple[int, bool, dt.datetime]]:
    known = {(one.last_month, one.is_restatement) for one in stored.publications}
    for last_month in sorted(set(stored.last_months.tolist())):
        first = first_publication(stored.row.year, last_month, stored.row.made_at)
        for is_restatement, moment in ((False, first), (True, restatement(first))):
            if moment <= now and (last_month, is_restatement) not in known:
                yield last_month, is_restatement, moment


def _counts(
    stored: StoredPlan, last_month: int, known_by: dt.datetime
) -> dict[int, dict[int, int]]:
    """By box and unit, the incidents of the boxes that end with a month."""
    row, box_of = stored.row, stored.plan.box_of
    number = {unit: place for place, unit in enumerate(row.units)}
    later = nearest_above([unit for unit in lives_of_units() if unit not in number], number)
    cause = {name: place for place, name in enumerate(row.causes)}
    counts: dict[int, dict[int, int]] = {}
    year = Span(dt.date(row.year, 1, 1), dt.date(row.year + 1, 1, 1))
    for cell in known_cells(row.confidentiality, year, known_by=known_by):
        place = number.get(later.get(cell.unit_id, cell.unit_id))
        kind = cause.get(cause_cell(cell.kind, cell.cause))
        if place is None or kind is None:
            continue
        box = int(box_of[place, kind, cell.day.month - 1])
        if stored.last_months[box] == last_month:
            of_units = counts.setdefault(box, {})
            of_units[cell.unit_id] = of_units.get(cell.unit_id, 0) + cell.cases
    return counts
