"""What the brigade would have published, had it run the register all these years."""

from __future__ import annotations

import datetime as dt

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due


def publish_every_year(
    first_day: dt.date, last_day: dt.date, parameters: PlanParameters | None = None
) -> None:
    """Plan each year when it begins, and publish what was due by then and by the last day."""
    for year in range(first_day.year, last_day.year + 1):
        new_year = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
        publish_due(new_year)
        make_plans(year, made_at=new_year, acting_user=None, parameters=parameters)
    after = last_day + dt.timedelta(days=1)
    publish_due(dt.datetime.combine(after, dt.time(), tzinfo=dt.UTC))
