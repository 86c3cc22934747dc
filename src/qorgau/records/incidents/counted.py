"""Which incidents count, now and as of a moment; `analysis/disclosure` says who sees how many.

As of a moment each incident counts as the register said then: the present state where it has been
so since, otherwise the revision of that moment. Both tables have the same columns, so a condition
is asked of both in the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, Exists, OuterRef, Q, QuerySet

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import InvolvedRole, Kind
from qorgau.records.incidents.models import Incident, IncidentRevision, InvolvedPerson
from qorgau.records.people import queries as people
from qorgau.records.people.models import Unit, UnitAncestry
from qorgau.records.people.rules import Span


class CountedRows:
    """Incidents that count: rows of the present, and as of a moment those of revisions too."""

    def __init__(
        self, present: QuerySet[Incident], past: QuerySet[IncidentRevision] | None = None
    ) -> None:
        self._present = present
        self._past = past
        self._joins_people = False

    def filter(self, *conditions: Q, **values: Any) -> CountedRows:
        """Those to which conditions on the columns of both tables apply."""
        return self._with(
            self._present.filter(*conditions, **values),
            None if self._past is None else self._past.filter(*conditions, **values),
        )

    def open_to(self, condition: Q) -> CountedRows:
        """Those which the reader to whom the condition belongs may count.

        Of a past state it must hold now as well: what was made confidential since is protected in
        every past state too.
        """
        if self._past is None:
            return self.filter(condition)
        now = Incident.objects.filter(condition, pk=OuterRef("incident_id"))
        return self._with(
            self._present.filter(condition), self._past.filter(condition).filter(Exists(now))
        )

    def with_injured(self, category: str) -> CountedRows:
        """Those in which somebody of a category was hurt; of an empty one, of no known category."""
        found = self._with(
            self._present.filter(involved__role=InvolvedRole.INJURED, involved__category=category),
            None
            if self._past is None
            else self._past.filter(injured_categories__contains=f"|{category}|"),
        )
        found._joins_people = True
        return found

    def annotate(self, **expressions: Any) -> CountedRows:
        """Both with further columns."""
        return self._with(
            self._present.annotate(**expressions),
            None if self._past is None else self._past.annotate(**expressions),
        )

    def grouped(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """By some columns, how many there are and how many of them are synthetic.

        A group may come up twice, from either table.
        """
        for rows, is_joined in ((self._present, self._joins_people), (self._past, False)):
            if rows is not None:
                yield from (
                    rows.order_by()
                    .values_list(*columns)
                    .annotate(
                        counted_cases=_count(is_joined),
                        counted_synthetic=_count(is_joined, filter=Q(is_synthetic=True)),
                    )
                )

    def total(self) -> int:
        """How many there are."""
        past = 0 if self._past is None else self._past.count()
        return int(self._present.distinct().count() + past)

    def first_day(self) -> dt.date | None:
        """The day of the first one."""
        days = [
            rows.order_by("occurred_on").values_list("occurred_on", flat=True).first()
            for rows in (self._present, self._past)
            if rows is not None
        ]
        return min((day for day in days if day is not None), default=None)

    def injured(self) -> Iterator[InjuredPerson]:
        """Those who were hurt in them; of a past state, as it says."""
        present = InvolvedPerson.objects.filter(
            role=InvolvedRole.INJURED, incident__in=self._present
        )
        columns = ("occurred_on", "pk", "unit_id", "is_synthetic")
        of_incident = [f"incident__{name}" for name in columns]
        rows = present.order_by("pk").values_list(*of_incident, "person__code")
        for day, incident_id, unit_id, is_synthetic, code in rows:
            yield InjuredPerson(day, incident_id, unit_id, code, is_synthetic)
        if self._past is not None:
            yield from _injured_then(self._past)

    def incident_ids(self) -> list[int]:
        """The ids of the incidents."""
        past = () if self._past is None else self._past.values_list("incident_id", flat=True)
        return [*self._present.values_list("pk", flat=True), *past]

    def _with(
        self, present: QuerySet[Incident], past: QuerySet[IncidentRevision] | None
    ) -> CountedRows:
        found = CountedRows(present, past)
        found._joins_people = self._joins_people
        return found


def counted_incidents(
    user: User,
    unit: Unit,
    span: Span,
    *,
    as_of: dt.datetime | None = None,
    capability: Capability = Capability.SEE_RATES,
) -> CountedRows:
    """Incidents that count for a unit's subtree during a span, by the tree of each day.

    Confidential ones count too. With ``as_of`` they count as the register said then: a figure
    published then comes out again.
    """
    was_below = UnitAncestry.objects.filter(
        ancestor=unit,
        descendant_id=OuterRef("unit_id"),
        valid_from__lte=OuterRef("occurred_on"),
        valid_until__gt=OuterRef("occurred_on"),
    )
    return _counted(user, span, as_of, capability).filter(Q(Exists(was_below)))


def counted_incidents_of(
    user: User,
    unit_ids: Iterable[int],
    span: Span,
    *,
    as_of: dt.datetime | None = None,
    capability: Capability = Capability.SEE_RATES,
) -> CountedRows:
    """Incidents that count for these very units during a span, wherever they were in the tree."""
    return _counted(user, span, as_of, capability).filter(unit_id__in=list(unit_ids))


def first_counted_day(
    user: User,
    unit_ids: Iterable[int],
    *,
    as_of: dt.datetime | None = None,
    capability: Capability = Capability.SEE_RATES,
    open_to: Q | None = None,
) -> dt.date | None:
    """Where the register begins: the first day with an incident in any of these units."""
    everything = Span(dt.date.min, dt.date.max)
    counted = _counted(user, everything, as_of, capability).filter(unit_id__in=list(unit_ids))
    return (counted if open_to is None else counted.open_to(open_to)).first_day()


def incidents_known(confidentiality: str, span: Span, *, known_by: dt.datetime) -> CountedRows:
    """Incidents of a class that count, as the register knew them at a moment; of no reader.

    For publications, which say what may be shown of them to whom.
    """
    return _known(span, known_by).filter(confidentiality=confidentiality)


@dataclass(frozen=True)
class InjuredPerson:
    """Somebody who was hurt: the day, the unit, and the person's code where it is known."""

    day: dt.date
    incident_id: int
    unit_id: int
    code: str | None
    is_synthetic: bool


def injured_people(
    user: User, unit: Unit, span: Span, *, as_of: dt.datetime | None = None
) -> list[InjuredPerson]:
    """Those hurt in the injuries that count for a unit's subtree, to who sees medical detail.

    By day. As of a moment: those whom the register knew then.
    """
    counted = counted_incidents(user, unit, span, as_of=as_of, capability=Capability.SEE_MEDICAL)
    return sorted(
        counted.filter(kind=Kind.INJURY).injured(), key=lambda one: (one.day, one.incident_id)
    )


def _injured_then(past: QuerySet[IncidentRevision]) -> Iterator[InjuredPerson]:
    states = list(past.only("occurred_on", "incident_id", "unit_id", "is_synthetic", "involved"))
    hurt = [
        (state, one["person"])
        for state in states
        for one in state.involved
        if one["role"] == InvolvedRole.INJURED
    ]
    codes = people.codes_of_people(person for _, person in hurt if person is not None)
    for state, person in hurt:
        yield InjuredPerson(
            state.occurred_on,
            state.incident_id,
            state.unit_id,
            codes.get(person),
            state.is_synthetic,
        )


def _counted(
    user: User, span: Span, as_of: dt.datetime | None, capability: Capability
) -> CountedRows:
    counted = _known(span, as_of)
    if not people.sees_every_unit(user, capability):
        counted = counted.filter(unit_id__in=people.unit_ids_visible_to(user, capability))
    return counted


def _known(span: Span, as_of: dt.datetime | None) -> CountedRows:
    days = {"occurred_on__gte": span.start, "occurred_on__lt": span.end}
    present = Incident.objects.filter(merged_at__isnull=True, **days)
    if as_of is None:
        return CountedRows(present)
    past = IncidentRevision.objects.filter(merged_at__isnull=True, **days)
    return CountedRows(
        present.filter(recorded_at__lte=as_of, revised_at__lte=as_of),
        past.filter(recorded_at__lte=as_of, valid_from__lte=as_of, valid_until__gt=as_of),
    )


def _count(is_joined: bool, **options: Any) -> Aggregate:
    return Count("pk", distinct=is_joined, **options)
