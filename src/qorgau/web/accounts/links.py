"""The link of an account: shown once to an administrator, opened by the person it is for."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from qorgau.foundation.addresses import address_of
from qorgau.foundation.identity.links import link_of, open_links
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.services import use_account_link
from qorgau.foundation.rate_limits import LINKS_PER_ADDRESS
from qorgau.web.accounts.forms import NewPasswordForm
from qorgau.web.frame.qr import qr_code

NAVIGATION = ()


def shown_link(request: HttpRequest, account: User, secret: str) -> HttpResponse:
    """The page that shows a link, once: only the digest of its secret is stored."""
    where = reverse("set_password_by_link", kwargs={"secret": secret})
    address = request.build_absolute_uri(where)
    context = {
        "account": account,
        "link": open_links(account).first(),
        "address": address,
        "qr": qr_code(address),
    }
    answer = render(request, "accounts/link.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@never_cache
def set_password_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open to everybody: the link is the permission. Looking at it does not use it up."""
    wait = LINKS_PER_ADDRESS.wait_seconds(address_of(request.META))
    if wait:
        answer = render(request, "accounts/link_wait.html", {"wait_seconds": wait}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    link, form = link_of(secret), NewPasswordForm(request.POST or None)
    if link is None:
        return _alone(render(request, "accounts/link_over.html", status=410))
    if request.method == "POST" and form.is_valid():
        try:
            use_account_link(secret=secret, password=form.cleaned_data["password"])
        except ValidationError as error:
            is_of_link = getattr(error, "code", "") == "link"
            form.add_error(None if is_of_link else "password", error)
        else:
            # Whoever else was signed in here is not whom the password belongs to.
            logout(request)
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("account_login")
    context = {"form": form, "link": link, "account": link.user}
    status = 422 if form.is_bound else 200
    return _alone(render(request, "accounts/set_password.html", context, status=status))


def _alone(answer: HttpResponse) -> HttpResponse:
    """The address is a secret: no link from here tells it to another page.

    With ``no-referrer`` browsers say nothing of where a form comes from either, and it is refused.
    """
    answer["Referrer-Policy"] = "strict-origin"
    return answer


urlpatterns = [
    path("password/<str:secret>/", set_password_by_link, name="set_password_by_link"),
]
