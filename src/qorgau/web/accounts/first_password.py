"""A password that somebody else knows is changed before anything else is opened."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# Changing it, signing out, the second step; and what every page has.
OPEN_ADDRESSES = ("/account/", "/password/", "/language/", "/theme/", "/static/", "/api/")


class FirstPasswordMiddleware:
    """Lead whoever signed in with a first password to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_ADDRESSES) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.must_change_password:
            return self.get_response(request)
        messages.info(request, _("Choose a password of your own: others know the first one."))
        return redirect("account_change_password")
