"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import ApiToken, FormerName, User
from qorgau.foundation.identity.names import name_key, normalised
from qorgau.foundation.identity.tokens import digest_of_token

# What the second step of signing in may be; recovery codes alone are none.
SECOND_FACTORS = ("totp", "webauthn")

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
    """The open account of this name."""
    return account_of_name(username, is_active=True)


def account_of_name(username: str, **conditions: object) -> User | None:
    """The account of this name, closed ones included."""
    named = User.objects.filter(**conditions)
    # As it was typed first: accounts of before names had one spelling keep theirs.
    return (
        named.filter(username=username).first()
        or named.filter(username=normalised(username)).first()
    )


def every_account() -> QuerySet[User]:
    """For the machine itself; pages ask for the accounts that a user manages."""
    return User.objects.order_by("username")


def require_free_name(username: str, *, of: User | None = None) -> None:
    """Refuse a name that looks like that of another account, also like one that it had before."""
    key, own = name_key(username), of.pk if of else None
    is_taken = (
        User.objects.filter(name_key=key).exclude(pk=own).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=own).exists()
    )
    if is_taken:
        raise ValidationError(
            {
                "username": _(
                    "Another account has this name or one that looks like it, or had it before. "
                    "Choose another one."
                )
            }
        )


def has_second_factor(user: User) -> bool:
    return user.authenticator_set.filter(type__in=SECOND_FACTORS).exists()


def with_second_factor() -> QuerySet[User]:
    """The accounts that have a second factor."""
    return User.objects.filter(authenticator__type__in=SECOND_FACTORS)


def names_of_accounts(uuids: Iterable[str]) -> dict[str, str]:
    """The names with which accounts sign in, by uuid."""
    wanted = set(uuids)
    if not wanted:
        return {}
    found = User.objects.filter(uuid__in=wanted).values_list("uuid", "username")
    return {str(key): name for key, name in found}


def uuids_of_accounts(username: str) -> list[str]:
    """Of the account that has or had this name, open or closed."""
    named = User.objects.filter(
        Q(username=username) | Q(former_names__username=username)
    ).distinct()
    return [str(key) for key in named.values_list("uuid", flat=True)]


def has_users() -> bool:
    return User.objects.exists()
