"""Where did incidents happen: how many in each part of an area, during a period.

Counts of the incidents that the user may open, each once, in the area it was reported for or in
any area inside it. They are counts and no rates: where more people serve, more is counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

from django.db.models import Count, Q

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.incidents.queries import incidents_visible_to
from qorgau.records.places.models import Area
from qorgau.records.places.queries import children_of
from qorgau.records.places.rules import REPUBLIC, subtree_bounds


@dataclass(frozen=True)
class IncidentsByArea:
    """How many incidents happened in each part of an area.

    Attributes
    ----------
    area_code : str
        The area of the question.
    first_day, last_day : date
        The period, both days included.
    as_of : datetime
        When the register was read.
    by_code : mapping of str to int
        Incidents by the code of the part; every part is there, also with none.
    elsewhere_in_area : int
        Incidents in the area of which the register does not say in which part.
    without_area : int
        Incidents that name no area; known for a whole country only.
    method, version : str
    """

    area_code: str
    first_day: dt.date
    last_day: dt.date
    as_of: dt.datetime
    by_code: Mapping[str, int]
    elsewhere_in_area: int
    without_area: int
    method: str = "count"
    version: str = metadata.version("qorgau")

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_code.values()) + self.elsewhere_in_area + self.without_area


def incidents_by_area(
    user: User, *, area: Area, first_day: dt.date, last_day: dt.date
) -> IncidentsByArea:
    """Count incidents in each part of an area.

    Parameters
    ----------
    user : User
        Only incidents that the user may open are counted.
    area : Area
        Its direct parts are counted separately.
    first_day, last_day : date
        The period, both days included.

    Returns
    -------
    IncidentsByArea

    Raises
    ------
    ValueError
        When the period ends before it begins.
    """
    if last_day < first_day:
        raise ValueError("The period ends before it begins. Give the earlier day first.")
    lowest, below = subtree_bounds(area.path)
    within = Q(area__path__gte=lowest, area__path__lt=below)
    if area.level == REPUBLIC:
        within |= Q(area__isnull=True)
    rows = (
        incidents_visible_to(user)
        .filter(
            within,
            merged_at__isnull=True,
            occurred_on__gte=first_day,
            occurred_on__lte=last_day,
        )
        .order_by()
        .values_list("area__path")
        .annotate(incidents=Count("pk"))
    )
    parts = {part.path: part.code for part in children_of(area)}
    counts: Counter[str] = Counter(dict.fromkeys(parts.values(), 0))
    without_area = elsewhere = 0
    path_length = max(map(len, parts), default=0)
    for path, incidents in rows:
        if path is None:
            without_area += incidents
        elif path[:path_length] in parts:
            counts[parts[path[:path_length]]] += incidents
        else:
            elsewhere += incidents
    return IncidentsByArea(
        area_code=area.code,
        first_day=first_day,
        last_day=last_day,
        as_of=clock.now(),
        by_code={code: counts[code] for code in parts.values()},
        elsewhere_in_area=elsewhere,
        without_area=without_area,
    )
