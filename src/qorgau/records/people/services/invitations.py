"""A new account, for a person who sets the password himself."""

from __future__ import annotations

import datetime as dt

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import LinkPurpose, User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.identity.services import create_user
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.accounts import needs_approval
from qorgau.records.people.authority import require
from qorgau.records.people.models import Unit
from qorgau.records.people.services.access import grant_role
from qorgau.records.people.services.accounts import link_for
from qorgau.records.people.services.requests import request_role


@one_transaction
def invite_user(
    *,
    username: str,
    display_name: str = "",
    role: str,
    unit: Unit,
    valid_from: dt.date | None = None,
    valid_until: dt.date = FOREVER,
    reason: str = "",
    acting_user: User | None,
) -> tuple[User, str]:
    """Create an account with a role, or the request for one; return it with a link's secret."""
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    user = create_user(
        username=username, password=None, display_name=display_name, acting_user=acting_user
    )
    secret = link_for(user, LinkPurpose.INVITE, acting_user)
    given = {"user": user, "role": role, "unit": unit}
    days = {"valid_from": valid_from, "valid_until": valid_until}
    if acting_user is not None and needs_approval(role, user, acting_user):
        request_role(**given, **days, reason=reason, acting_user=acting_user)
    else:
        grant_role(**given, **days, acting_user=acting_user)
    return user, secret
