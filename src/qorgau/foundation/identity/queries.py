"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.tokens import digest_of_token

# Written out, because every call of a program asks it.
_USER_OF_TOKEN = f"""
    SELECT account.*
    FROM {User._meta.db_table} AS account
    JOIN {ApiToken._meta.db_table} AS token ON token.user_id = account.id
    WHERE token.digest = %s AND token.revoked_at IS NULL AND account.is_active
"""


def user_of_token(plain: str) -> User | None:
    """The active user of an unrevoked token."""
    found = User.objects.raw(_USER_OF_TOKEN, [digest_of_token(plain)])
    user = next(iter(found), None)
    if user is not None:
        user.is_signed_in_by_token = True
    return user


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens of a user that are in force, oldest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True).order_by("pk")


def user_of_name(username: str) -> User | None:
    return User.objects.filter(username=username, is_active=True).first()


def names_of_accounts(uuids: Iterable[str]) -> dict[str, str]:
    """The names with which accounts sign in, by uuid."""
    wanted = set(uuids)
    if not wanted:
        return {}
    found = User.objects.filter(uuid__in=wanted).values_list("uuid", "username")
    return {str(key): name for key, name in found}


def uuids_of_accounts(username: str) -> list[str]:
    """Of the account with this name, open or closed."""
    found = User.objects.filter(username=username).values_list("uuid", flat=True)
    return [str(key) for key in found]


def has_users() -> bool:
    return User.objects.exists()
