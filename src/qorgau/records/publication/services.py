"""Writes of plans and publications: both are kept as they were, and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.records.people.authority import require_everywhere
from qorgau.records.publication.history import CountsPublished, PublicationPlanned
from qorgau.records.publication.models import Publication, PublicationPlan


@dataclass(frozen=True)
class PlanRecord:
    """A plan as it is stored; the boxes hold numbers of units, causes and months."""

    year: int
    confidentiality: str
    units: Sequence[int]
    causes: Sequence[str]
    boxes: Sequence[tuple[list[int], list[int], list[int]]]
    expected: Sequence[float]
    has_population: Sequence[bool]
    target_expected: float
    least_population: float
    least_count: int


@transaction.atomic
def keep_plan(
    *, record: PlanRecord, made_at: dt.datetime, acting_user: User | None
) -> PublicationPlan:
    """Store a plan; there is one for each year and class, and it stays."""
    require_everywhere(acting_user, Capability.SEE_EXACT_COUNTS)
    known = PublicationPlan.objects.filter(year=record.year, confidentiality=record.confidentiality)
    if known.exists():
        raise ValidationError(
            _(
                "The counts of %(year)s are planned already. A plan is not changed after it is"
                " made, because what changes after the counts are known gives them away."
            ),
            params={"year": record.year},
        )
    plan = PublicationPlan(**asdict(record), made_at=made_at)
    plan.full_clean()
    plan.save()
    append_entry(
        PublicationPlanned(
            year=plan.year,
            confidentiality=plan.confidentiality,
            boxes=len(plan.boxes),
            target_expected=plan.target_expected,
            least_population=plan.least_population,
            least_count=plan.least_count,
        ),
        subject=plan.uuid,
        acting_user=acting_user,
    )
    return plan


@transaction.atomic
def publish_counts(
    *,
    plan: PublicationPlan,
    last_month: int,
    is_restatement: bool,
    known_by: dt.datetime,
    counts: Mapping[int, Mapping[int, int]],
    acting_user: User | None,
) -> Publication:
    """Store what the boxes that end with a month (0 for January) held, by box and unit."""
    require_everywhere(acting_user, Capability.SEE_EXACT_COUNTS)
    published = Publication(
        plan=plan,
        last_month=last_month,
        is_restatement=is_restatement,
        known_by=known_by,
        counts={str(box): {str(u): n for u, n in units.items()} for box, units in counts.items()},
    )
    published.full_clean()
    published.save()
    append_entry(
        CountsPublished(plan.year, plan.confidentiality, last_month + 1, is_restatement),
        subject=plan.uuid,
        acting_user=acting_user,
    )
    return published
