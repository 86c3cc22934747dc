"""Whether somebody may write to places, which belong to no unit."""

from __future__ import annotations

from qorgau.foundation.identity.authority import require_somewhere
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability


def require_places(acting_user: User | None) -> None:
    """Refuse a user who manages places nowhere; a superuser manages them on the admin site."""
    if acting_user is None or not (acting_user.is_active and acting_user.is_superuser):
        require_somewhere(acting_user, Capability.MANAGE_PLACES)
