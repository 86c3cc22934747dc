"""Where a person can go from every page, by what they may do.

Each door file declares its lines as `NAVIGATION`, beside its `urlpatterns`; `urls` puts them
together in the order of the doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from qorgau.foundation.identity.roles import Capability


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: the capability that shows it, None for everybody signed in."""

    url_name: str
    label: str | Promise
    icon: str
    capability: Capability | None = None


@dataclass(frozen=True)
class Line:
    """An entry as it stands on a page."""

    address: str
    label: str | Promise
    icon: str
    is_current: bool


def lines_for(
    request: HttpRequest, entries: Iterable[Entry], capabilities: frozenset[str]
) -> list[Line]:
    """What this person may open; the longest address that begins the page's path is current."""
    lines = [
        (reverse(entry.url_name), entry)
        for entry in entries
        if entry.capability is None or entry.capability in capabilities
    ]
    reached = [address for address, _entry in lines if request.path.startswith(address)]
    current = max(reached, key=len, default="")
    return [Line(address, entry.label, entry.icon, address == current) for address, entry in lines]
