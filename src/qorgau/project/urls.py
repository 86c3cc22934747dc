"""Every address of the installation: administration, API, pages."""

from django.contrib import admin
from django.urls import include, path, re_path

from qorgau.api.entry import entry as api
from qorgau.web.urls import urlpatterns as pages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    # A line break, too: whatever a program asks for, the API answers it.
    re_path(r"^api/(?P<rest>(?s:.+))\Z", api, name="api"),
    *pages,
]
