"""Sign-in: an administrator creates accounts; nobody can sign up; old sessions are swept."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
