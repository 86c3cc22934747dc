"""Parts of a request that all pages read in the same way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from qorgau.foundation.keyset import Page, page_of


def requested_page(
    request: HttpRequest, rows: QuerySet[Any], *, key: tuple[str, ...], size: int
) -> Page:
    """The page of `rows` in the address; a damaged address gives the first, with a message."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return page_of(rows, key=key, size=size, after=after, before=before)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return page_of(rows, key=key, size=size)
