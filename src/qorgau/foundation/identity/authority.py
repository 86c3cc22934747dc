"""The refusal of a write, and what can be asked of a user without knowing units."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability, roles_with


class NotAuthorised(PermissionDenied):
    """The acting user may not write this.

    ``is_known`` is False when he may not even know that the record exists: then the refusal must
    read as one of a record that does not exist.
    """

    def __init__(self, *, is_known: bool = True) -> None:
        self.is_known = is_known
        super().__init__(
            _("Your role does not allow this. Ask the person who manages access in your unit.")
        )


def require_somewhere(acting_user: User | None, capability: Capability) -> None:
    """Refuse a user without the capability in any unit; None is the system at the machine."""
    if acting_user is None:
        return
    today = clock.today()
    # Of grants the foundation knows that users have them; over which unit is for ``people``.
    if acting_user.pk is None or not acting_user.role_grants.filter(
        role__in=roles_with(capability), valid_from__lte=today, valid_until__gt=today
    ):
        raise NotAuthorised


def require_oneself(acting_user: User | None, user: User) -> None:
    """Refuse anybody but this user: who holds a token of another acts in the other's name."""
    if acting_user is not None and (acting_user.pk is None or acting_user.pk != user.pk):
        raise NotAuthorised
