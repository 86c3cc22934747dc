"""Reads of accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.tokens import digest_of_token


def user_of_token(plain: str) -> User | None:
    """The active user of an unrevoked token."""
    return User.objects.filter(
        is_active=True,
        api_tokens__digest=digest_of_token(plain),
        api_tokens__revoked_at__isnull=True,
    ).first()


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens of a user that are in force, oldest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True).order_by("pk")


def user_of_name(username: str) -> User | None:
    return User.objects.filter(username=username, is_active=True).first()


def has_users() -> bool:
    return User.objects.exists()
