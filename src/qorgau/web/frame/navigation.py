"""The menu on every page, depending on what the person may do.

Each file of pages declares its entries as `NAVIGATION`, next to its `urlpatterns`; `urls` combines
them in order. The menu shows them in sections, but only sections in which the person has an entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.roles import Capability

# A longer section would be a list to search, not a menu.
MOST_ENTRIES = 6


class Section(Enum):
    """The sections of the menu, in their order."""

    TODAY = _("Today")
    SAFETY = _("Safety")
    FIGURES = _("Figures")
    ADMINISTRATION = _("Administration")


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu and the capability that it needs; None for everyone signed in."""

    section: Section
    url_name: str
    label: str | Promise
    icon: str
    capability: Capability | None = None


@dataclass(frozen=True)
class MenuLine:
    """An entry on a page."""

    address: str
    label: str | Promise
    icon: str
    is_current: bool


@dataclass(frozen=True)
class MenuSection:
    """A section on a page."""

    key: str
    label: str | Promise
    lines: list[MenuLine]


def menu_for(
    request: HttpRequest, entries: Iterable[MenuEntry], capabilities: frozenset[str]
) -> list[MenuSection]:
    """The menu of this person; the entry with the longest matching address is current."""
    allowed = [
        (reverse(entry.url_name), entry)
        for entry in entries
        if entry.capability is None or entry.capability in capabilities
    ]
    reached = [address for address, _entry in allowed if request.path.startswith(address)]
    current = max(reached, key=len, default="")
    lines: dict[Section, list[MenuLine]] = {section: [] for section in Section}
    for address, entry in allowed:
        line = MenuLine(address, entry.label, entry.icon, address == current)
        lines[entry.section].append(line)
    return [
        MenuSection(section.name.lower(), section.value, lines[section])
        for section in Section
        if lines[section]
    ]
