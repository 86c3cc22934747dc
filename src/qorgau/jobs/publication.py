"""Counts for those who may not see exact ones: planned before a year, published when due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User

# From this month on, the next year is planned.
PLANNING_MONTH = 12


@dataclass(frozen=True)
class Published:
    """How many plans were made, and how many publications and restatements."""

    plans: int
    publications: int


def publish(
    now: dt.datetime,
    *,
    since: int | None = None,
    parameters: PlanParameters | None = None,
    acting_user: User | None = None,
) -> Published:
    """Plan the years that have no plan, and publish what is due; run again, it does only the rest.

    The years are those from `since` (this year by default) to this one, from December on the next.
    """
    today = clock.local_date(now)
    last = today.year + (today.month >= PLANNING_MONTH)
    plans = publications = 0
    for year in range(since or today.year, last + 1):
        # What is released of one year says how fine the boxes of the next are.
        publications += publish_due(now, acting_user=acting_user)
        plans += len(make_plans(year, made_at=now, acting_user=acting_user, parameters=parameters))
    publications += publish_due(now, acting_user=acting_user)
    return Published(plans, publications)


def replan(
    now: dt.datetime, year: int, *, parameters: PlanParameters, acting_user: User | None = None
) -> Published:
    """Replace the plans of a year, all or none of them, and publish what is due."""
    with transaction.atomic():
        plans = make_plans(
            year, made_at=now, acting_user=acting_user, parameters=parameters, is_replacing=True
        )
    return Published(len(plans), publish_due(now, acting_user=acting_user))
