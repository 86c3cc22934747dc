"""Writes of plans and publications: what was published stays, with the plan it was made by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.languages import short_day
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.authority import require_everywhere
from qorgau.records.publication.history import (
    CountsPublished,
    PublicationPlanned,
    PublicationReplanned,
)
from qorgau.records.publication.models import Publication, PublicationPlan
from qorgau.records.publication.queries import publications_of


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


@one_transaction
def keep_plan(
    *, record: PlanRecord, made_at: dt.datetime, acting_user: User | None
) -> PublicationPlan:
    """Store a plan; there is one for each year and class."""
    require_everywhere(acting_user, Capability.SEE_EXACT_COUNTS)
    known = PublicationPlan.objects.filter(year=record.year, confidentiality=record.confidentiality)
    if known.exists():
        raise ValidationError(
            _("The counts of %(year)s are planned already."), params={"year": record.year}
        )
    plan = PublicationPlan(**asdict(record), made_at=made_at)
    plan.full_clean()
    plan.save()
    append_entry(PublicationPlanned(**_details(plan)), subject=plan.uuid, acting_user=acting_user)
    return plan


@one_transaction
def replace_plan(
    *, record: PlanRecord, made_at: dt.datetime, acting_user: User | None
) -> PublicationPlan:
    """Put another plan in the place of one, as long as nothing of its year was published."""
    require_everywhere(acting_user, Capability.SEE_EXACT_COUNTS)
    of_year = PublicationPlan.objects.select_for_update().filter(year=record.year)
    plan = next((one for one in of_year if one.confidentiality == record.confidentiality), None)
    if plan is None:
        raise ValidationError(
            _("There is no plan of %(year)s to replace."), params={"year": record.year}
        )
    _require_nothing_published(of_year, record.year)
    before = _details(plan)
    for name, value in asdict(record).items():
        setattr(plan, name, value)
    plan.made_at = made_at
    plan.full_clean()
    plan.save()
    replaced = PublicationReplanned(
        **_details(plan),
        target_before=before["target_expected"],
        population_before=before["least_population"],
        count_before=before["least_count"],
    )
    append_entry(replaced, subject=plan.uuid, acting_user=acting_user)
    return plan


def _require_nothing_published(plans: Iterable[PublicationPlan], year: int) -> None:
    first = publications_of(plans).order_by("known_by").first()
    if first is not None:
        raise ValidationError(
            _(
                "Counts of %(year)s are published already, the first as of %(day)s. Their plan"
                " can no longer be replaced: what two plans tell, put together, could give single"
                " incidents away. The plan of the next year can be another."
            ),
            params={"year": year, "day": short_day(clock.local_date(first.known_by))},
        )


def _details(plan: PublicationPlan) -> dict[str, Any]:
    return {
        "year": plan.year,
        "confidentiality": plan.confidentiality,
        "boxes": len(plan.boxes),
        "target_expected": plan.target_expected,
        "least_population": plan.least_population,
        "least_count": plan.least_count,
    }


@one_transaction
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
    # The counts are of the boxes of the plan that was read; it may have been replaced since.
    stored = PublicationPlan.objects.select_for_update().get(pk=plan.pk)
    if stored.made_at != plan.made_at:
        raise ValidationError(
            _("The plan of %(year)s was replaced meanwhile. Run it again: qorgau publish"),
            params={"year": plan.year},
        )
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
