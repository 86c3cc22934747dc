"""The one place where a password is checked, whatever page or program asks.

Django, allauth and anything that is added ask the authentication backend; it counts the try, makes
one hash in each case, and says in the journal what failed.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from qorgau.foundation import clock
from qorgau.foundation.addresses import address_of
from qorgau.foundation.entrance.back_off import Key, Tried, begin_try, end_try
from qorgau.foundation.entrance.devices import known_device
from qorgau.foundation.entrance.history import NO_ACCOUNT, PasswordRefused, UnknownNameTried
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.names import normalised
from qorgau.foundation.identity.queries import account_of_name
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction


class OneEntrance(ModelBackend):
    """Accounts by name and password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_others: Any,
    ) -> User | None:
        if not username or not password or "\x00" in username:
            return None
        user = account_of_name(username)
        keys = _keys_of(request, username, user)
        begin_try(keys)
        is_right = _is_right(user, password)
        if user is not None and is_right and user.is_active:
            end_try(keys)
            return user
        _journal_refusal(request, user, is_closed=is_right)
        return None


def _is_right(user: User | None, password: str) -> bool:
    """One hash in each case, so that the time does not tell whether there is such an account."""
    if user is None:
        make_password(password)
        return False
    return user.check_password(password)


def _keys_of(request: HttpRequest | None, username: str, user: User | None) -> list[Key]:
    device = known_device(request, user)
    if user is not None and device:
        return [Key(Tried.DEVICE, f"{user.uuid}|{device}")]
    keys = [Key(Tried.ACCOUNT, str(user.uuid) if user else normalised(username))]
    if request is not None:
        keys.append(Key(Tried.ADDRESS, address_of(request.META)))
    return keys


@one_transaction
def _journal_refusal(request: HttpRequest | None, user: User | None, *, is_closed: bool) -> None:
    """An unknown name is not written down, as people type passwords there, and once an hour."""
    if user is not None:
        signed_in = getattr(request, "user", None)
        is_owner = signed_in is not None and signed_in.pk == user.pk
        append_entry(
            PasswordRefused(is_closed or None),
            subject=user.uuid,
            acting_user=user if is_owner else None,
        )
        return
    hour = clock.hour_of(clock.now())
    noted = JournalEntry.objects.filter(action=UnknownNameTried.key, at__gte=hour)
    if not noted.exists():
        append_entry(UnknownNameTried(), subject=NO_ACCOUNT, acting_user=None)
