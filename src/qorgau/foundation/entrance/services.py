"""Writes of the entrance: each is one transaction and says in the journal what it did."""

from __future__ import annotations

from qorgau.foundation.entrance.history import SignedIn
from qorgau.foundation.identity.authority import require_oneself
from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction


@one_transaction
def note_sign_in(*, user: User, is_known_device: bool, acting_user: User | None) -> None:
    require_oneself(acting_user, user)
    append_entry(SignedIn(is_known_device or None), subject=user.uuid, acting_user=acting_user)
