"""A small plan of publication, as it is stored."""

from __future__ import annotations

import datetime as dt

from qorgau.foundation.identity.models import User
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.publication import services as publication
from qorgau.records.publication.models import Publication, PublicationPlan


def plan_record(year: int = 2024, target_expected: float = 10.0) -> publication.PlanRecord:
    """One box of one unit."""
    return publication.PlanRecord(
        year=year,
        confidentiality=Confidentiality.MEDICAL,
        units=[1],
        causes=["injury:fall"],
        boxes=[([0], [0], list(range(12)))],
        expected=[12.0],
        has_population=[True],
        target_expected=target_expected,
        least_population=20.0,
        least_count=5,
    )


def publish_one_box(plan: PublicationPlan, *, acting_user: User | None) -> Publication:
    """Its year, with seven incidents of one unit."""
    return publication.publish_counts(
        plan=plan,
        last_month=11,
        is_restatement=False,
        known_by=dt.datetime(2025, 2, 1, tzinfo=dt.UTC),
        counts={0: {1: 7}},
        acting_user=acting_user,
    )
