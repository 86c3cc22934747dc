"""Sign-in: an administrator creates accounts; nobody can sign up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedSignUp(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or password is wrong. Check both, and your keyboard language."
        ),
        "too_many_login_attempts": _("Too many attempts. Wait 5 minutes, then try again."),
        "account_inactive": _("This account is closed. Ask your administrator to reopen it."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
