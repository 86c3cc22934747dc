"""A refusal by a service about a record that the person may not know of is a page not found."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from qorgau.foundation.identity.authority import NotAuthorised


class UnknownRecordMiddleware:
    """Doors look a record up as the user; it may be moved or closed before the service locks it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAuthorised) and not exception.is_known:
            return page_not_found(request, Http404())
        return None
