"""Everything a reader can get: pages by their links, files, the API by its schema, commands."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode, urljoin

from django.test import Client
from django.urls import NoReverseMatch, reverse

from qorgau.api.urls import api
from qorgau.foundation.identity.models import User
from tests.api.calling import ROOT, Program
from tests.security.commands import run_commands
from tests.web.batteries.trying import page_addresses

Answers = dict[str, tuple[int, tuple[tuple[str, str], ...], bytes]]
Question = Mapping[str, str]
# Leaving, and what is about the account alone.
NOT_FOLLOWED = re.compile(r"^/(static|account|admin|i18n|language|theme|api/v1/docs)")
LINK = re.compile(rb"(?:href|src|data-[a-z-]+)=\"([/?][^\"#]*)")
FILE = re.compile(r"\.(csv|svg)\?")
# Different at every request, whatever the register holds.
AT_RANDOM = (
    re.compile(rb"csrfmiddlewaretoken\" value=\"[^\"]+"),
    re.compile(rb"submission_key\" value=\"[^\"]+"),
)
HEADERS_AT_RANDOM = {"Set-Cookie", "Expires"}
REFUSED = 403
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Who may see the journal is shown that there are entries that he may not open: docs/disclosure.md.
JOURNAL = re.compile(r"^/(journal/|\?|$)")
CLOSED_ENTRY = re.compile(rb"\s*<tr>(?:(?!<tr>).)*Outside what you may open.*?</tr>", re.DOTALL)
ENTRY_NUMBER = re.compile(rb'<th scope="row" class="num inline">\d+</th>|Entries: [^<]*')


def everything(reader: User, questions: Iterable[Question], *, most_pages: int) -> Answers:
    """What a reader gets who opens every page and asks every question at every door."""
    asked = list(questions)
    commands = {
        f"qorgau {typed}": (status, (), output)
        for typed, (status, output) in run_commands(reader, asked).items()
    }
    return _pages(reader, asked, most_pages) | _program(reader, asked) | commands


def _pages(reader: User, questions: list[Question], most: int) -> Answers:
    """Pages without a name in their address, and what they link to, the nearest first.

    Files go before pages, so that few pages have them all; pictures are made of the same drawing.
    """
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
            linked = urljoin(address, html.unescape(link.decode()))
            if linked not in seen and not NOT_FOLLOWED.match(linked):
                seen.add(linked)
                (waiting.appendleft if FILE.search(linked) else waiting.append)(linked)
    return _by_order(found)


def _by_order(found: Answers) -> Answers:
    """The same, with identifiers in addresses replaced: in the order in which they come up."""
    known: dict[bytes, bytes] = {}
    return {
        UUID.sub(
            lambda one: known.setdefault(one[0], b"id-%d" % len(known)), address.encode()
        ).decode(): answer
        for address, answer in found.items()
    }


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
        if _comparable(address, one.get(address)) != _comparable(address, other.get(address))
    ]


def _comparable(address: str, answer: tuple[int, object, bytes] | None) -> object:
    """Identifiers are drawn at random for each row; closed entries of the journal are left out."""
    if answer is None:
        return None
    status, headers, content = answer
    if JOURNAL.match(address):
        headers = [one for one in headers if one[0] != "Content-Length"]
        content = ENTRY_NUMBER.sub(b"", CLOSED_ENTRY.sub(b"", content))
    return status, headers, UUID.sub(b"", content)
