"""Sign-in: accounts are made by an administrator, nobody signs up from outside."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedSignUp(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "This name and this password do not belong together. Check both, and the language of "
            "the keyboard."
        ),
        "too_many_login_attempts": _(
            "Too many tries in a short time. Wait five minutes, then try again."
        ),
        "account_inactive": _("This account is closed. Ask the administrator to open it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
