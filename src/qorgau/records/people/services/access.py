"""Who has which role for which units; nobody gives a guarded role alone."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability, roles_with
from qorgau.foundation.identity.services import create_user
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.languages import short_day
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.accounts import manages_access_without, needs_approval
from qorgau.records.people.authority import require
from qorgau.records.people.history import RoleGranted, RoleRevoked
from qorgau.records.people.models import RoleGrant, Unit


@one_transaction
def enrol_user(
    *, username: str, display_name: str = "", role: str, unit: Unit, acting_user: User | None
) -> tuple[User, str]:
    """Create an account with its first role; return it with a first password, shown once.

    The password is known to whoever created the account, so it must be changed at first sign-in.
    """
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    password = secrets.token_urlsafe(12)
    user = create_user(
        username=username,
        password=password,
        display_name=display_name,
        must_change_password=True,
        acting_user=acting_user,
    )
    grant_role(user=user, role=role, unit=unit, acting_user=acting_user)
    return user, password


@one_transaction
def grant_role(
    *,
    user: User,
    role: str,
    unit: Unit,
    valid_from: dt.date | None = None,
    valid_until: dt.date = FOREVER,
    acting_user: User | None,
) -> RoleGrant:
    """Give a role that one administrator may give alone; for others there are requests."""
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    if acting_user is not None and needs_approval(role, user, acting_user):
        raise ValidationError(
            _("A second administrator has to approve this role. Ask for it with a request."),
            code="needs_approval",
        )
    return give(user, role, unit, valid_from, valid_until, acting_user)


def give(
    user: User,
    role: str,
    unit: Unit,
    valid_from: dt.date | None,
    valid_until: dt.date,
    acting_user: User | None,
) -> RoleGrant:
    """Give a role, within the transaction of a service that has asked who may."""
    start = valid_from or clock.today()
    require_grantable(user, role, unit, start, valid_until)
    grants = RoleGrant.objects.filter(user=user, role=role, unit=unit)
    # A role that is ended and given again on the same day is one row.
    grant = grants.filter(valid_from=start).first() or RoleGrant(
        user=user, role=role, unit=unit, valid_from=start
    )
    grant.valid_until = valid_until
    grant.full_clean()
    grant.save()
    append_entry(
        RoleGranted(role, unit.code, grant.valid_from, valid_until),
        subject=user.uuid,
        acting_user=acting_user,
    )
    return grant


def require_grantable(
    user: User, role: str, unit: Unit, start: dt.date, valid_until: dt.date
) -> None:
    """Refuse days in the wrong order, a role that is held already, and a closed account."""
    if valid_until <= start:
        raise ValidationError({"valid_until": _("A role must end after it begins.")})
    if not user.is_active:
        raise ValidationError(_("This account is closed. Reopen it first."))
    grants = RoleGrant.objects.filter(user=user, role=role, unit=unit)
    if grants.filter(valid_from__lte=start, valid_until__gt=start).exists():
        raise ValidationError(
            _("%(name)s already has this role in %(unit)s."),
            params={"name": user, "unit": unit.code},
        )


@one_transaction
def revoke_role(*, grant: RoleGrant, on: dt.date | None = None, acting_user: User | None) -> None:
    """End a grant now, or on a later day than today; the register keeps it as a past grant."""
    locked = _locked_with_managers(grant)
    require(acting_user, Capability.MANAGE_ACCESS, locked.unit_id)
    today = clock.today()
    last_day = on or today
    if locked.valid_until <= today:
        raise ValidationError(
            _("This role had already ended on %(day)s."),
            params={"day": short_day(locked.valid_until)},
        )
    if not today <= last_day <= locked.valid_until:
        raise ValidationError(
            _("A role can end today or later, but not later than it ends already. Give it again.")
        )
    require_not_the_last([locked], acting_user)
    locked.valid_until = last_day
    locked.save(update_fields=["valid_until"])
    append_entry(
        RoleRevoked(locked.role, locked.unit.code, on),
        subject=locked.user.uuid,
        acting_user=acting_user,
    )


def _locked_with_managers(grant: RoleGrant) -> RoleGrant:
    """The grant as stored, locked; and all grants of administrators if it is one of them."""
    if grant.role in roles_with(Capability.MANAGE_ACCESS):
        lock_managers()
    return RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)


def lock_managers() -> None:
    """Let two who end each other's role wait for each other, until the transaction ends."""
    managing = RoleGrant.objects.filter(role__in=roles_with(Capability.MANAGE_ACCESS))
    list(managing.order_by("pk").select_for_update().values_list("pk", flat=True))


def require_not_the_last(grants: list[RoleGrant], acting_user: User | None) -> None:
    """Refuse to end one's own role of managing access, or that of the last who has it."""
    today = clock.today()
    managing = [
        grant
        for grant in grants
        if grant.role in roles_with(Capability.MANAGE_ACCESS)
        and grant.valid_from <= today < grant.valid_until
    ]
    if acting_user is not None and any(grant.user_id == acting_user.pk for grant in managing):
        raise ValidationError(
            _("You cannot end your own role of administrator. Ask another administrator.")
        )
    for grant in managing:
        if grant.user.is_active and not manages_access_without(grant.unit, grants=managing):
            raise ValidationError(
                _(
                    "Nobody else manages access in %(unit)s. Give the role of administrator to "
                    "somebody else first."
                ),
                params={"unit": grant.unit.code},
            )
