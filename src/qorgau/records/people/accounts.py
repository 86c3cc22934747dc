"""Reads of accounts, their roles, and what waits for a second administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.names import name_key
from qorgau.foundation.identity.queries import has_second_factor, with_second_factor
from qorgau.foundation.identity.roles import GUARDED_ROLES, Capability, roles_with
from qorgau.records.people.choices import RequestState
from qorgau.records.people.models import AccessRequest, RoleGrant, Unit, UnitAncestry
from qorgau.records.people.queries import grants_in_force, unit_ids_visible_to

ENDS_SOON = dt.timedelta(days=14)


def accounts_managed_by(user: User) -> QuerySet[User]:
    """Accounts with a role, past or to come, over a unit that the user manages, or with none.

    Whether the user may change the account itself is another question: ``authority`` answers it.
    """
    managed = unit_ids_visible_to(user, Capability.MANAGE_ACCESS)
    grants = RoleGrant.objects.filter(user=OuterRef("pk"))
    requests = waiting_requests().filter(user=OuterRef("pk"), unit__isnull=False)
    manages = grants_in_force(user).filter(role__in=roles_with(Capability.MANAGE_ACCESS))
    return User.objects.filter(
        Exists(grants.filter(unit_id__in=managed))
        | Exists(requests.filter(unit_id__in=managed))
        | (~Exists(grants) & ~Exists(requests) & Exists(manages))
    )


def searched(accounts: QuerySet[User], text: str) -> QuerySet[User]:
    """Those whose user name or shown name has this in it, however its letters are typed."""
    wanted = text.strip()
    if not wanted:
        return accounts
    return accounts.filter(
        Q(name_key__contains=name_key(wanted))
        | Q(display_name__icontains=wanted)
        # SQLite knows capitals of Latin letters alone.
        | Q(display_name__contains=wanted.capitalize())
        | Q(display_name__contains=wanted.lower())
    )


def grants_of(user: User, reader: User) -> QuerySet[RoleGrant]:
    """The roles of an account over units that the reader manages, those not yet over first."""
    units = unit_ids_visible_to(reader, Capability.MANAGE_ACCESS)
    rows = RoleGrant.objects.filter(user=user, unit_id__in=units).select_related("unit")
    return rows.order_by("-valid_until", "role", "unit__code")


def grants_to_end(user: User, role: str, unit: Unit) -> QuerySet[RoleGrant]:
    """What the account holds of a role over this very unit, now or later; for the machine."""
    return RoleGrant.objects.filter(
        user=user, role=role, unit=unit, valid_until__gt=clock.today()
    ).order_by("valid_from")


def current_grants_of(users: Iterable[User], reader: User) -> QuerySet[RoleGrant]:
    """The roles in force of these accounts over units that the reader manages."""
    return grants_managed_by(reader).filter(user__in=list(users))


def grants_managed_by(user: User) -> QuerySet[RoleGrant]:
    """Roles in force over the units for which the user manages access."""
    day = clock.today()
    units = unit_ids_visible_to(user, Capability.MANAGE_ACCESS)
    return (
        RoleGrant.objects.filter(unit_id__in=units, valid_from__lte=day, valid_until__gt=day)
        .select_related("user", "unit")
        .order_by("user__username", "role", "unit__code")
    )


def ending_grants(user: User) -> QuerySet[RoleGrant]:
    """Of those, the ones of open accounts that end soon: in time to give them again."""
    last = clock.today() + ENDS_SOON
    return grants_managed_by(user).filter(valid_until__lte=last, user__is_active=True)


def guarded_without_second_factor(user: User) -> QuerySet[User]:
    """Open accounts with a guarded role over the user's units and without a second factor."""
    guarded = grants_managed_by(user).filter(role__in=GUARDED_ROLES)
    accounts = User.objects.filter(pk__in=guarded.order_by().values("user_id"), is_active=True)
    return accounts.exclude(pk__in=with_second_factor().values("pk"))


def is_guarded(user: User) -> bool:
    """Whether the account has a guarded role, now or later."""
    grants = RoleGrant.objects.filter(user=user, role__in=GUARDED_ROLES)
    return grants.filter(valid_until__gt=clock.today()).exists()


def needs_approval(role: str, user: User, acting_user: User) -> bool:
    """Whether this user may not give this role to this account alone."""
    return role in GUARDED_ROLES or user.pk == acting_user.pk


def needs_approval_for_password(user: User) -> bool:
    """Whether a link to a new password would let its maker alone read what is guarded."""
    return user.has_usable_password() and is_guarded(user) and not has_second_factor(user)


def units_of_account(user: User) -> list[int]:
    """The units of its roles, now and later, and of roles that are requested for it."""
    grants = RoleGrant.objects.filter(user=user, valid_until__gt=clock.today())
    asked = waiting_requests().filter(user=user, unit__isnull=False)
    units = (rows.values_list("unit_id", flat=True) for rows in (grants, asked))
    return sorted({unit_id for found in units for unit_id in found})


def waiting_requests() -> QuerySet[AccessRequest]:
    """Requests that can still be decided: after their time they are over by themselves."""
    return AccessRequest.objects.filter(state=RequestState.WAITING, expires_at__gt=clock.now())


def requests_visible_to(user: User) -> QuerySet[AccessRequest]:
    """Requests for roles over the user's units, and about the user's accounts; newest first."""
    units = unit_ids_visible_to(user, Capability.MANAGE_ACCESS)
    accounts = accounts_managed_by(user).values("pk")
    rows = AccessRequest.objects.filter(
        Q(unit_id__in=units) | Q(unit__isnull=True, user_id__in=accounts)
    )
    return rows.select_related("user", "unit", "asked_by", "decided_by").order_by("-asked_at")


def requests_to_decide(user: User) -> QuerySet[AccessRequest]:
    """Those of them that wait, and that the user may decide: neither asked by him nor about him."""
    waiting = requests_visible_to(user).filter(pk__in=waiting_requests().values("pk"))
    return waiting.exclude(asked_by_id=user.pk).exclude(user_id=user.pk)


def access_managers(unit_ids: Iterable[int]) -> QuerySet[User]:
    """Open accounts that manage access over every one of these units today."""
    today = clock.today()
    managers = User.objects.filter(is_active=True)
    for unit_id in unit_ids:
        above = UnitAncestry.objects.filter(descendant_id=unit_id, is_latest=True)
        grants = RoleGrant.objects.filter(
            role__in=roles_with(Capability.MANAGE_ACCESS),
            unit_id__in=above.values("ancestor_id"),
            valid_from__lte=today,
            valid_until__gt=today,
        )
        managers = managers.filter(pk__in=grants.values("user_id"))
    return managers


def deciders_of(request: AccessRequest) -> QuerySet[User]:
    """The administrators who may decide a request."""
    units = [request.unit_id] if request.unit_id else units_of_account(request.user)
    return access_managers(units).exclude(pk__in=(request.asked_by_id, request.user_id))


def manages_access_without(unit: Unit, *, grants: Iterable[RoleGrant]) -> bool:
    """Whether somebody still manages access over a unit when these roles are over."""
    today = clock.today()
    above = UnitAncestry.objects.filter(descendant=unit, is_latest=True).values("ancestor_id")
    others = RoleGrant.objects.filter(
        role__in=roles_with(Capability.MANAGE_ACCESS),
        unit_id__in=above,
        valid_from__lte=today,
        valid_until__gt=today,
        user__is_active=True,
    )
    return others.exclude(pk__in=[grant.pk for grant in grants]).exists()
