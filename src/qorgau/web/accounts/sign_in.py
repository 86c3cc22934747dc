"""Sign-in: an administrator creates accounts; nobody can sign up; old sessions are swept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.names import normalised
from qorgau.foundation.identity.queries import account_of_name
from qorgau.foundation.identity.sessions import sweep_expired_sessions


class ClosedSignUp(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or password is wrong. Check both, and your keyboard language."
        ),
        "too_many_login_attempts": _("Too many attempts. Wait 5 minutes, then try again."),
        "account_inactive": _("This account is closed. Ask your administrator to reopen it."),
    }

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign the person in, and remove every session that has expired.

        Nobody who left without signing out stays in the register longer than that.
        """
        super().login(request, user)
        sweep_expired_sessions()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A name is found however it was typed; one from before as it was written then."""
        typed = str(credentials.get("username") or "")
        known = account_of_name(typed)
        name = known.get_username() if known else normalised(typed)
        return super().authenticate(request, **credentials | {"username": name})

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
