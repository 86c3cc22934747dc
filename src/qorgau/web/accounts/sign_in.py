"""Sign-in: an administrator creates accounts; nobody can sign up; old sessions are swept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.addresses import address_of
from qorgau.foundation.entrance.devices import known_device, remember_device
from qorgau.foundation.entrance.services import note_sign_in
from qorgau.foundation.identity.sessions import sweep_expired_sessions


class ClosedSignUp(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or password is wrong, or the account is closed. Check both, and your "
            "keyboard language."
        ),
        "account_inactive": _("This account is closed. Ask your administrator to reopen it."),
    }

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign the person in, and remove every session that has expired.

        Nobody who left without signing out stays in the register longer than that.
        """
        super().login(request, user)
        note_sign_in(user=user, is_known_device=bool(known_device(request, user)), acting_user=user)
        sweep_expired_sessions()

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **said: Any) -> HttpResponse:
        answer = super().post_login(request, user, **said)
        remember_device(request, answer, user)
        return answer

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request.META)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
