"""The first screen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qorgau.web.navigation import Entry

NAVIGATION = (Entry("overview", _("Overview"), "overview"),)


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "overview.html")


urlpatterns = [path("", overview, name="overview")]
