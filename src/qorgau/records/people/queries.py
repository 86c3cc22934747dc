"""Reads of units, people and person-time; every read of protected rows is as a user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, F, Max, QuerySet

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import CAPABILITIES, Capability, roles_with
from qorgau.records.people.models import (
    Organisation,
    Person,
    PersonIdentity,
    Posting,
    RoleGrant,
    StrengthReport,
    Unit,
    UnitAncestry,
    UnitVersion,
)
from qorgau.records.people.rules import Exposure, Span


def grants_in_force(user: User, on: dt.date | None = None) -> QuerySet[RoleGrant]:
    day = on or clock.today()
    return RoleGrant.objects.filter(user_id=user.pk, valid_from__lte=day, valid_until__gt=day)


def roles_of(user: User) -> set[str]:
    return set(grants_in_force(user).values_list("role", flat=True)) if user.pk else set()


def capabilities_of(user: User) -> frozenset[str]:
    """Everything the user may do in some unit; ``units_visible_to`` returns which units."""
    return frozenset().union(*(CAPABILITIES[role] for role in roles_of(user)))


def granted_units(user: User, capability: Capability) -> QuerySet[Unit]:
    """The units named in the grants: the top units that the user may see."""
    return Unit.objects.filter(pk__in=_granted_unit_ids(user, capability))


def _granted_unit_ids(user: User, capability: Capability) -> QuerySet[RoleGrant]:
    return grants_in_force(user).filter(role__in=roles_with(capability)).values("unit_id")


def unit_ids_visible_to(user: User, capability: Capability) -> QuerySet[UnitAncestry]:
    """Ids of every unit, closed ones included, for which the user has the capability.

    Access depends on the last known tree: the person responsible for a unit today sees its past.
    """
    return (
        UnitAncestry.objects.filter(
            ancestor_id__in=_granted_unit_ids(user, capability), is_latest=True
        )
        .values_list("descendant_id", flat=True)
        .distinct()
    )


def units_visible_to(user: User, capability: Capability = Capability.SEE_UNITS) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=unit_ids_visible_to(user, capability))


def may(user: User, capability: Capability, unit: Unit | None = None) -> bool:
    """Whether the user has the capability, for ``unit`` if given, otherwise for any unit."""
    if unit is None:
        return grants_in_force(user).filter(role__in=roles_with(capability)).exists()
    above = UnitAncestry.objects.filter(descendant=unit, is_latest=True).values("ancestor_id")
    return grants_in_force(user).filter(role__in=roles_with(capability), unit_id__in=above).exists()


def users_who_may(capability: Capability, unit: Unit) -> QuerySet[User]:
    """Active accounts that have the capability for the unit today, by name."""
    today = clock.today()
    above = UnitAncestry.objects.filter(descendant=unit, is_latest=True).values("ancestor_id")
    grants = RoleGrant.objects.filter(
        role__in=roles_with(capability),
        unit_id__in=above,
        valid_from__lte=today,
        valid_until__gt=today,
    )
    return User.objects.filter(pk__in=grants.values("user_id"), is_active=True).order_by("username")


def sees_every_unit(user: User, capability: Capability) -> bool:
    """Whether the user has a grant for every top unit, so that a filter by unit is unnecessary."""
    granted = _granted_unit_ids(user, capability)
    return not top_units().exclude(pk__in=granted).exists() and granted.exists()


def top_units() -> QuerySet[Unit]:
    """Units without a parent in the last known tree."""
    under = UnitAncestry.objects.filter(depth__gt=0, is_latest=True).values("descendant_id")
    return Unit.objects.exclude(pk__in=under)


def unit_at(user: User, code: str, capability: Capability = Capability.SEE_UNITS) -> Unit | None:
    return units_visible_to(user, capability).filter(code=code).first()


def unit_of_code(code: str) -> Unit | None:
    """For a service that asks authority itself; nothing of the unit is shown before that."""
    # Written out, because every report asks it: built anew it takes four times as long.
    found = Unit.objects.raw(f"SELECT * FROM {Unit._meta.db_table} WHERE code = %s", [code])
    return next(iter(found), None)


def versions_on(
    units: Iterable[int] | QuerySet, on: dt.date | None = None
) -> QuerySet[UnitVersion]:
    """The version in force on a day of each unit; the caller has shown that they are visible."""
    day = on or clock.today()
    return UnitVersion.objects.filter(
        unit_id__in=units, valid_from__lte=day, valid_until__gt=day
    ).select_related("unit")


def latest_versions(units: Iterable[int] | QuerySet) -> QuerySet[UnitVersion]:
    """The last version of each unit, closed ones included."""
    return (
        UnitVersion.objects.filter(unit_id__in=units)
        .annotate(last_from=Max("unit__versions__valid_from"))
        .filter(valid_from=F("last_from"))
        .select_related("unit")
    )


def newest_versions_by_code(codes: Iterable[str]) -> dict[str, UnitVersion]:
    """The last version of the units with these codes, for imports and commands."""
    wanted = Unit.objects.filter(code__in=list(codes)).values("pk")
    versions = latest_versions(wanted).select_related("unit", "parent")
    return {version.unit.code: version for version in versions}


def units_above(
    user: User, unit: Unit, capability: Capability = Capability.SEE_UNITS
) -> list[Unit]:
    """The visible units above this one in the last known tree, the top unit first."""
    above = UnitAncestry.objects.filter(
        descendant=unit,
        is_latest=True,
        depth__gt=0,
        ancestor_id__in=unit_ids_visible_to(user, capability),
    )
    return [row.ancestor for row in above.select_related("ancestor").order_by("-depth")]


def latest_subtree(unit: Unit) -> QuerySet[UnitAncestry]:
    """Ids of the unit and of all units below it in the last known tree, closed ones included."""
    return UnitAncestry.objects.filter(ancestor=unit, is_latest=True).values_list(
        "descendant_id", flat=True
    )


def is_strength_known(unit: Unit, **figures: object) -> bool:
    """Whether this exact strength report is already in the register."""
    return StrengthReport.objects.filter(unit=unit, **figures).exists()


def organisation_of_code(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()


def parents_from(day: dt.date, before: dt.date) -> dict[int, int | None]:
    """The parent of every unit on a day, or when it was opened, if that was before another day."""
    units = Unit.objects.filter(closed_on__gt=day, opened_on__lt=before).order_by("code")
    parents: dict[int, int | None] = dict.fromkeys(units.values_list("pk", flat=True))
    rows = UnitAncestry.objects.filter(
        depth=1, valid_until__gt=day, descendant_id__in=list(parents)
    )
    for child, parent in rows.order_by("valid_from").values_list("descendant_id", "ancestor_id"):
        if parents[child] is None and parent in parents:
            parents[child] = parent
    return parents


def nearest_above(unit_ids: Iterable[int], among: Iterable[int]) -> dict[int, int]:
    """For units opened later: which of the others each was opened below, the nearest one."""
    rows = UnitAncestry.objects.filter(
        descendant_id__in=list(unit_ids), ancestor_id__in=list(among)
    ).order_by("valid_from", "depth")
    found: dict[int, int] = {}
    for unit_id, above in rows.values_list("descendant_id", "ancestor_id"):
        found.setdefault(unit_id, above)
    return found


def lives_of_units() -> dict[int, Span]:
    """From when until when every unit existed."""
    rows = Unit.objects.values_list("pk", "opened_on", "closed_on")
    return {key: Span(opened, closed) for key, opened, closed in rows}


def subtree_on(unit: Unit, on: dt.date) -> QuerySet[UnitAncestry]:
    """The unit and all below it on a day: one indexed range read."""
    return UnitAncestry.objects.filter(ancestor=unit, valid_from__lte=on, valid_until__gt=on)


def subtree_during(unit: Unit, span: Span) -> QuerySet[UnitAncestry]:
    """Every stay below the unit (itself included) that overlaps a span."""
    return UnitAncestry.objects.filter(
        ancestor=unit, valid_from__lt=span.end, valid_until__gt=span.start
    )


def stays_below(unit_ids: Iterable[int], span: Span) -> QuerySet[UnitAncestry]:
    """Every stay below each of these units (themselves included) that overlaps a span."""
    return UnitAncestry.objects.filter(
        ancestor_id__in=list(unit_ids), valid_from__lt=span.end, valid_until__gt=span.start
    )


def ever_below(unit_ids: Iterable[int]) -> QuerySet[UnitAncestry]:
    """Ids of these units and of all that ever belonged to one of them."""
    return (
        UnitAncestry.objects.filter(ancestor_id__in=list(unit_ids))
        .values_list("descendant_id", flat=True)
        .distinct()
    )


def children_on(unit: Unit, on: dt.date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.filter(
        parent=unit, valid_from__lte=on, valid_until__gt=on
    ).select_related("unit")


def people_visible_to(user: User) -> QuerySet[Person]:
    units = unit_ids_visible_to(user, Capability.SEE_IDENTITIES)
    return Person.objects.filter(postings__unit_id__in=units).distinct()


def codes_of_people(person_ids: Iterable[int]) -> dict[int, str]:
    """The codes of people by id; the caller has shown that the user may know them."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "code"))


def identities_visible_to(user: User) -> QuerySet[PersonIdentity]:
    return PersonIdentity.objects.filter(person__in=people_visible_to(user).values("pk"))


def exposures(
    user: User, unit: Unit, span: Span, categories: Iterable[str] | None = None
) -> list[Exposure]:
    """Who served in ``unit`` and below during ``span``, as spans with a strength.

    On days for which a unit reported its strength, the report counts; on other days the postings
    of its people count; never both. Only units are read for which the user may see rates.
    """
    wanted = set(categories) if categories else None
    return [
        exposure
        for exposure in _exposures(_visible_stays(user, unit, span), span)
        if wanted is None or exposure.category in wanted
    ]


def exposures_of(unit_ids: Iterable[int], span: Span) -> list[Exposure]:
    """Who served in these very units; of no reader, for plans of what readers will be shown."""
    return _exposures({unit_id: [span] for unit_id in unit_ids}, span)


def _visible_stays(user: User, unit: Unit, span: Span) -> dict[int, list[Span]]:
    visible = unit_ids_visible_to(user, Capability.SEE_RATES)
    stays: dict[int, list[Span]] = {}
    for unit_id, start, end in (
        subtree_during(unit, span)
        .filter(descendant_id__in=visible)
        .values_list("descendant_id", "valid_from", "valid_until")
    ):
        shared = Span(start, end).meet(span)
        if shared:
            stays.setdefault(unit_id, []).append(shared)
    return stays


def _exposures(stays: Mapping[int, Sequence[Span]], span: Span) -> list[Exposure]:
    reported = list(_strength_rows(stays, span))
    reported_days: dict[int, list[Span]] = {}
    for unit_id, _category, start, end, _strength in reported:
        reported_days.setdefault(unit_id, []).append(Span(start, end))
    posted = (
        (unit_id, category, piece.start, piece.end, strength)
        for unit_id, category, start, end, strength in _posting_rows(stays, span)
        for piece in Span(start, end).without(reported_days.get(unit_id, ()))
    )
    found = []
    for unit_id, category, start, end, strength in (*reported, *posted):
        for stay in stays[unit_id]:
            shared = Span(start, end).meet(stay)
            if shared:
                found.append(Exposure(unit_id, category, shared, strength))
    return found


_Row = tuple[int, str, dt.date, dt.date, int]


def _strength_rows(unit_ids: Iterable[int], span: Span) -> Iterable[_Row]:
    return StrengthReport.objects.filter(
        unit_id__in=list(unit_ids), valid_from__lt=span.end, valid_until__gt=span.start
    ).values_list("unit_id", "category", "valid_from", "valid_until", "strength")


def _posting_rows(unit_ids: Iterable[int], span: Span) -> Iterable[_Row]:
    """Postings, counted together when unit, category and dates are equal."""
    return (
        Posting.objects.filter(
            unit_id__in=list(unit_ids), valid_from__lt=span.end, valid_until__gt=span.start
        )
        .order_by()
        .values_list("unit_id", "category", "valid_from", "valid_until")
        .annotate(strength=Count("pk"))
    )


def strength_on(user: User, unit: Unit, on: dt.date) -> int:
    """How many served in the unit and below on a day."""
    day = Span(on, on + dt.timedelta(days=1))
    return sum(exposure.strength for exposure in exposures(user, unit, day))


def reported_strength(user: User, unit: Unit) -> QuerySet[StrengthReport]:
    visible = unit_ids_visible_to(user, Capability.SEE_UNITS)
    return StrengthReport.objects.filter(unit=unit, unit_id__in=visible).order_by("-valid_from")


def has_synthetic_units(user: User) -> bool:
    """Whether the user reports for or sees such a unit; every page asks, so it is one query."""
    roles = {*roles_with(Capability.REPORT), *roles_with(Capability.SEE_UNITS)}
    granted = grants_in_force(user).filter(role__in=roles).values("unit_id")
    return UnitAncestry.objects.filter(
        ancestor_id__in=granted, is_latest=True, descendant__is_synthetic=True
    ).exists()
