"""Who has which role for which units."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.identity.services import create_user
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.languages import short_day
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.authority import require
from qorgau.records.people.history import RoleGranted, RoleRevoked
from qorgau.records.people.models import RoleGrant, Unit


@one_transaction
def enrol_user(
    *, username: str, display_name: str = "", role: str, unit: Unit, acting_user: User | None
) -> tuple[User, str]:
    """Create an account with its first role; return it with a first password, shown once."""
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    password = secrets.token_urlsafe(12)
    user = create_user(
        username=username, password=password, display_name=display_name, acting_user=acting_user
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
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    start = valid_from or clock.today()
    if valid_until <= start:
        raise ValidationError({"valid_until": _("A role must end after it begins.")})
    grants = RoleGrant.objects.filter(user=user, role=role, unit=unit)
    if grants.filter(valid_from__lte=start, valid_until__gt=start).exists():
        raise ValidationError(
            _("%(name)s already has this role in %(unit)s."),
            params={"name": user, "unit": unit.code},
        )
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


@one_transaction
def revoke_role(*, grant: RoleGrant, acting_user: User | None) -> None:
    """End a grant now; the register keeps it as a past grant."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    require(acting_user, Capability.MANAGE_ACCESS, grant.unit_id)
    today = clock.today()
    if grant.valid_until <= today:
        raise ValidationError(
            _("This role had already ended on %(day)s."),
            params={"day": short_day(grant.valid_until)},
        )
    grant.valid_until = today
    grant.save(update_fields=["valid_until"])
    append_entry(
        RoleRevoked(grant.role, grant.unit.code), subject=grant.user.uuid, acting_user=acting_user
    )
