"""Try an address as several people, each on the unchanged register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.models import JournalEntry
from tests.web.batteries.pages import PAGES
from tests.world import World, roles_tried


@dataclass(frozen=True)
class Answer:
    """The answer, and how many rows of the journal it wrote."""

    status: int
    text: str
    location: str
    rows_written: int

    def holds_any(self, secrets: Iterable[str]) -> list[str]:
        return [secret for secret in secrets if secret in self.text]


def page_addresses() -> set[str]:
    """Names of all pages; those of the admin have their own test, the API's are in tests/api."""
    names = _names(get_resolver())
    return {name for name in names if not name.startswith(("admin:", "api"))}


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def open_page(client: Client, name: str, world: World) -> HttpResponse:
    page = PAGES[name]
    url = reverse(name, kwargs=page.arguments(world) if page.arguments else {})
    if page.posted is not None:
        return client.post(url, page.posted(world))
    return client.get(url, page.query(world) if page.query else None)


def answer_to(client: Client, name: str, world: World) -> Answer:
    """Open the page, then undo all its changes."""
    before = JournalEntry.objects.count()
    savepoint = transaction.savepoint()
    response = open_page(client, name, world)
    content = b"".join(response) if response.streaming else response.content
    written = JournalEntry.objects.count() - before
    transaction.savepoint_rollback(savepoint)
    text = content.decode(errors="replace")
    return Answer(response.status_code, text, response.headers.get("Location", ""), written)


def answers_to(name: str, world: World, users: dict[str, User]) -> dict[str, Answer]:
    """The answer for each role that is tried on this database."""
    client = Client()
    found = {}
    for role in roles_tried(PAGES[name].roles):
        world.sign_in(client, users[role])
        found[role] = answer_to(client, name, world)
        client.cookies.clear()
    return found
