"""Who may open a page: signed in, and holding a capability over some unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(capability: Capability) -> Callable[[View[P]], View[P]]:
    """Ask for a sign-in, then for the capability somewhere; which rows, the queries decide."""

    def guard(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(request.user, capability):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard
