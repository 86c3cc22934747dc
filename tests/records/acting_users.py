"""Who calls the services in tests: somebody with roles over a unit and below it alone."""

from __future__ import annotations

from collections.abc import Iterable

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import RoleGrant, Unit
from tests.world import OPENED, World


def somebody(unit: Unit, roles: Iterable[str] = Role.values, name: str = "somebody") -> User:
    user = User.objects.create(username=name)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, valid_from=OPENED) for role in roles
    )
    return user


def who_may_everything(world: World) -> User:
    """Every role over the whole brigade, so that authority is no question."""
    return somebody(world.brigade, name="everything")
