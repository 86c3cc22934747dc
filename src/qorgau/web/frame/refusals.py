"""Refusals that any page may meet: a record not to be known of, and too many tries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.rate_limits import TooManyTriesError


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


class TooManyTriesMiddleware:
    """Whoever tried a password or code too often reads when to try again, whatever page it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyTriesError):
            return None
        answer = render(request, "429.html", {"wait_seconds": exception.seconds}, status=429)
        answer["Retry-After"] = str(exception.seconds)
        return answer
