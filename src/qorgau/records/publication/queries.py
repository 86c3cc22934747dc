"""Reads of plans and of what was published; for `analysis/disclosure`, which says who sees what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from qorgau.records.publication.models import Publication, PublicationPlan


def plans_of_years(years: Iterable[int]) -> QuerySet[PublicationPlan]:
    """The plans of some years, of every class of confidentiality."""
    return PublicationPlan.objects.filter(year__in=list(years)).order_by("year", "confidentiality")


def every_plan() -> QuerySet[PublicationPlan]:
    return PublicationPlan.objects.order_by("year", "confidentiality")


def publications_of(
    plans: Iterable[PublicationPlan], known_by: dt.datetime | None = None
) -> QuerySet[Publication]:
    """What was published of these plans, by a moment where one is given; the first ones first."""
    published = Publication.objects.filter(plan__in=list(plans))
    if known_by is not None:
        published = published.filter(known_by__lte=known_by)
    return published.order_by("plan_id", "last_month", "is_restatement")
