"""Writes to accounts and to the tokens of programs."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password

from qorgau.foundation import clock
from qorgau.foundation.identity.authority import require_oneself, require_somewhere
from qorgau.foundation.identity.history import (
    PasswordSetByLink,
    TokenIssued,
    TokenRevoked,
    UserCreated,
)
from qorgau.foundation.identity.links import locked_link_of
from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.names import normalised, require_plain_name
from qorgau.foundation.identity.queries import require_free_name
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.identity.tokens import digest_of_token
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction


@one_transaction
def create_user(
    *,
    username: str,
    password: str | None,
    display_name: str = "",
    must_change_password: bool = False,
    acting_user: User | None,
) -> User:
    """Create an account; without a password nobody signs in before a link was used."""
    require_somewhere(acting_user, Capability.MANAGE_ACCESS)
    username = normalised(username)
    require_plain_name(username)
    require_free_name(username)
    user = User(
        username=username, display_name=display_name, must_change_password=must_change_password
    )
    # None: Django stores what no password fits.
    user.set_password(password)
    user.full_clean()
    user.save()
    append_entry(UserCreated(username), subject=user.uuid, acting_user=acting_user)
    return user


@one_transaction
def use_account_link(*, secret: str, password: str) -> User:
    """Set the password of the account that a link belongs to; the link is then used up.

    Who acts is the person whose account it is: the link is what tells.
    """
    link = locked_link_of(secret)
    user = link.user
    validate_password(password, user)
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    user.set_password(password)
    user.must_change_password = False
    user.session_epoch += 1
    user.save(update_fields=["password", "must_change_password", "session_epoch"])
    append_entry(PasswordSetByLink(link.purpose), subject=user.uuid, acting_user=user)
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
