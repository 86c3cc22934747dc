"""Where the addresses for programs begin; what lies behind is loaded when the first one calls."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def entry(request: HttpRequest, rest: str) -> HttpResponse:
    """Half a second of every start is saved. A token in a header needs no guard of forms."""
    found = resolve(request.path_info, "qorgau.api.urls")
    return found.func(request, *found.args, **found.kwargs)
