"""Everything that a reader can get: pages by their links, files, and the API by its own schema."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from django.test import Client
from django.urls import NoReverseMatch, reverse

from qorgau.api.urls import api
from qorgau.foundation.identity.models import User
from tests.api.calling import ROOT, Program
from tests.web.batteries.trying import page_addresses

Answers = dict[str, tuple[int, tuple[tuple[str, str], ...], bytes]]
Question = Mapping[str, str]
# Leaving, and what is about the account alone.
NOT_FOLLOWED = re.compile(r"^/(static|account|admin|i18n|language|theme|api/v1/docs)")
LINK = re.compile(rb"(?:href|src|data-[a-z-]+)=\"(/[^\"#]*)")
# Different at every request, whatever the register holds.
AT_RANDOM = (
    re.compile(rb"csrfmiddlewaretoken\" value=\"[^\"]+"),
    re.compile(rb"submission_key\" value=\"[^\"]+"),
)
HEADERS_AT_RANDOM = {"Set-Cookie", "Expires"}
REFUSED = 403
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def everything(reader: User, questions: Iterable[Question], *, most_pages: int) -> Answers:
    """What a reader gets who opens every page and asks every question by page and by program."""
    asked = list(questions)
    return _pages(reader, asked, most_pages) | _program(reader, asked)


def _pages(reader: User, questions: list[Question], most: int) -> Answers:
    """Pages without a name in their address, and what they link to, the nearest first."""
    client = Client()
    client.force_login(reader)
    waiting = deque([*_first_addresses(questions)])
    found: Answers = {}
    seen = set(waiting)
    while waiting and len(found) < most:
        address = waiting.popleft()
        response = client.get(address)
        found[address] = _answer(response)
        for link in LINK.findall(found[address][2]):
            linked = html.unescape(link.decode())
            if linked not in seen and not NOT_FOLLOWED.match(linked):
                seen.add(linked)
                waiting.append(linked)
    return found


def _first_addresses(questions: list[Question]) -> Iterator[str]:
    for question in questions:
        rest = {name: value for name, value in question.items() if name != "unit"}
        yield f"{reverse('unit', kwargs={'code': question['unit']})}?{urlencode(rest)}"
    for name in sorted(page_addresses()):
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if not NOT_FOLLOWED.match(address):
            yield address
            # Pages that ask back, such as whether an action worked, answer the last question.
            yield f"{address}?{urlencode(questions[-1])}"


def _program(reader: User, questions: list[Question]) -> Answers:
    """Every operation that reads and needs no name in its address, asked as far as it goes."""
    program = Program(reader)
    found: Answers = {}
    for address, methods in api.get_openapi_schema()["paths"].items():
        if "get" not in methods or "{" in address:
            continue
        takes = {one["name"] for one in methods["get"].get("parameters", ())}
        for question in questions:
            query = {name: value for name, value in question.items() if name in takes}
            whole = f"{address}?{urlencode(query)}"
            if whole in found:
                continue
            found[whole] = _answer(program.get(address.removeprefix(ROOT), **query))
            if found[whole][0] == REFUSED:
                break
    return found


def _answer(response: object) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    content = b"".join(response) if response.streaming else response.content
    for pattern in AT_RANDOM:
        content = pattern.sub(b"", content)
    headers = {
        name: value for name, value in response.headers.items() if name not in HEADERS_AT_RANDOM
    }
    return response.status_code, tuple(sorted(headers.items())), content


def what_differs(one: Answers, other: Answers) -> list[str]:
    """The addresses whose answers are not the same, byte by byte."""
    return [
        address
        for address in {**one, **other}
        if _without_uuids(one.get(address)) != _without_uuids(other.get(address))
    ]


def _without_uuids(answer: tuple[int, object, bytes] | None) -> object:
    """Identifiers are drawn at random for each row."""
    return answer and (answer[0], answer[1], UUID.sub(b"", answer[2]))
