"""Writes to accounts and to the tokens of programs."""

from __future__ import annotations

import secrets

from qorgau.foundation import clock
from qorgau.foundation.identity.authority import require_oneself, require_somewhere
from qorgau.foundation.identity.history import TokenIssued, TokenRevoked, UserCreated
from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.identity.tokens import digest_of_token
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction


@one_transaction
def create_user(
    *, username: str, password: str, display_name: str = "", acting_user: User | None
) -> User:
    require_somewhere(acting_user, Capability.MANAGE_ACCESS)
    user = User(username=username, display_name=display_name)
    user.set_password(password)
    user.full_clean()
    user.save()
    append_entry(UserCreated(username), subject=user.uuid, acting_user=acting_user)
    return user


@one_transaction
def issue_api_token(*, user: User, name: str, acting_user: User | None) -> str:
    """Create a token and return it in plain text; it cannot be shown again."""
    require_oneself(acting_user, user)
    plain = "qrg_" + secrets.token_urlsafe(32)
    token = ApiToken(user=user, name=name, digest=digest_of_token(plain))
    token.full_clean()
    token.save()
    append_entry(TokenIssued(name), subject=user.uuid, acting_user=acting_user)
    return plain


@one_transaction
def revoke_api_token(*, token: ApiToken, acting_user: User | None) -> None:
    require_oneself(acting_user, token.user)
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    append_entry(TokenRevoked(token.name), subject=token.user.uuid, acting_user=acting_user)
