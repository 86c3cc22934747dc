"""Every address of the installation: API, pages, and the administration where it is wanted."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import TemplateView

from qorgau.api.entry import entry as api
from qorgau.web.urls import urlpatterns as pages


class ForgottenPassword(TemplateView):
    """Nothing is sent by email: whatever is posted, the page says whom to ask."""

    template_name = "account/password_reset.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.get(request)


# Of allauth what this installation uses: no email, no codes by email, nothing that nobody tests.
account_addresses = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("2fa/", include("allauth.mfa.urls")),
]


def addresses(*, has_admin_site: bool) -> list[URLPattern | URLResolver]:
    return [
        *([path("admin/", _admin_site().urls)] if has_admin_site else []),
        path("account/", include(account_addresses)),
        path("language/", include("django.conf.urls.i18n")),
        # A line break, too: whatever a program asks for, the API answers it.
        re_path(r"^api/(?P<rest>(?s:.+))\Z", api, name="api"),
        *pages,
    ]


def _admin_site() -> admin.AdminSite:
    """Django's, with our sign-in, and with what is saved through services, so in the journal."""
    for model in list(admin.site._registry):
        if not model.__module__.startswith("qorgau.records."):
            admin.site.unregister(model)
    admin.site.login = _sign_in_as_everywhere
    return admin.site


def _sign_in_as_everywhere(request: HttpRequest, **_context: Any) -> HttpResponse:
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))


urlpatterns = addresses(has_admin_site=settings.QORGAU_ADMIN_SITE)
