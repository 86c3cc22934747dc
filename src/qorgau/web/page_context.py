"""The context of every page: capabilities, menu, theme, and the mark of synthetic data."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qorgau.foundation import clock
from qorgau.records.people.queries import capabilities_of, has_synthetic_units
from qorgau.web.frame.display import theme_of
from qorgau.web.frame.navigation import menu_for
from qorgau.web.urls import NAVIGATION

VERSION = version("qorgau")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """`may` contains the person's capabilities, so that templates can use `{% if may.report %}`."""
    capabilities = SimpleLazyObject(lambda: _capabilities(request))
    return {
        "installation_name": settings.QORGAU_INSTALLATION_NAME,
        "qorgau_version": VERSION,
        "languages": settings.LANGUAGES,
        "theme": theme_of(request),
        "as_of": clock.now,
        # A view that does not show the register overrides this in its own context.
        "data_mark": SimpleLazyObject(lambda: _data_mark(request)),
        "may": SimpleLazyObject(lambda: dict.fromkeys(capabilities, True)),
        "menu": SimpleLazyObject(lambda: menu_for(request, NAVIGATION, frozenset(capabilities))),
    }


def _capabilities(request: HttpRequest) -> frozenset[str]:
    return capabilities_of(request.user) if request.user.is_authenticated else frozenset()


def _data_mark(request: HttpRequest) -> str:
    is_marked = request.user.is_authenticated and has_synthetic_units(request.user)
    return "synthetic" if is_marked else ""
