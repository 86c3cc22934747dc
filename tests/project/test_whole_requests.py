"""What the application gets of a request, and what a client gets that is too slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from qorgau.project import whole_requests
from qorgau.project.whole_requests import WholeRequests

LARGEST = 100


class Headers:
    """As granian has them: names in lower case, one entry for each line."""

    def __init__(self, *lines: tuple[str, str]) -> None:
        self._lines = lines

    def get(self, name: str) -> str | None:
        return next((value for key, value in self._lines if key == name), None)

    def items(self) -> list[tuple[str, str]]:
        return list(self._lines)


class Line:
    """One request on the line, and what comes back."""

    def __init__(self, *chunks: bytes, stops: bool = False) -> None:
        self._chunks, self._stops = chunks, stops
        self.status, self.answer = 0, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk
        if self._stops:
            await asyncio.sleep(60)

    def response_bytes(self, status: int, _headers: object, body: bytes) -> None:
        self.status, self.answer = status, body


class Seen:
    """An application that keeps what it was asked."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start("200 OK", [])
        try:
            yield b"answered"
        finally:
            self.is_closed = True


def ask(line: Line, *headers: tuple[str, str]) -> Seen:
    seen = Seen()
    scope = SimpleNamespace(
        method="POST", path="/орын", query_string="a=%20", http_version="1.1", scheme="http",
        server="127.0.0.1:8000", client="[::1]:5000", headers=Headers(*headers),
    )  # fmt: skip
    application = WholeRequests(seen, threads=1, largest_body=lambda _path: LARGEST)
    asyncio.run(application.__rsgi__(scope, line))
    return seen


def test_a_request_is_given_whole_with_its_environment() -> None:
    line = Line(b"one,", b"two")
    headers = [("cookie", "a=1"), ("cookie", "b=2"), ("content-length", "7"), ("x-a", "x")]
    seen = ask(line, *headers, ("x_forwarded_for", "10.0.0.1"))
    assert seen.body == b"one,two"
    environ = seen.environ
    assert (environ["CONTENT_LENGTH"], environ["HTTP_COOKIE"]) == ("7", "a=1; b=2")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/орын"
    assert (environ["REMOTE_ADDR"], environ["HTTP_X_A"]) == ("::1", "x")
    assert "HTTP_X_FORWARDED_FOR" not in environ, "a header passed for another one"
    assert (line.status, line.answer, seen.is_closed) == (200, b"answered", True)


@pytest.mark.parametrize("header", [("content-length", "160"), ("transfer-encoding", "chunked")])
def test_of_a_body_that_is_too_large_only_its_length_is_known(header: tuple[str, str]) -> None:
    seen = ask(Line(b"x" * 80, b"x" * 80), header)
    assert (seen.body, seen.environ["CONTENT_LENGTH"]) == (b"", "160")


def test_a_body_without_an_end_is_not_read_for_ever() -> None:
    seen = ask(Line(*[b"x" * 80] * 1_000), ("transfer-encoding", "chunked"))
    assert int(seen.environ["CONTENT_LENGTH"]) < 4 * LARGEST


def test_who_stops_in_the_middle_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_requests, "PATIENCE_SECONDS", 0.01)
    line = Line(b"half", stops=True)
    seen = ask(line, ("content-length", "80"))
    assert (line.status, seen.environ) == (408, {})


def test_an_application_that_fails_is_an_answer_too() -> None:
    def fails(_environ: object, _start: object) -> Iterable[bytes]:
        raise ValueError

    scope = SimpleNamespace(
        method="GET", path="/", query_string="", http_version="1.1", scheme="http",
        server="a:1", client="b:2", headers=Headers(),
    )  # fmt: skip
    line = Line()
    application = WholeRequests(fails, threads=1, largest_body=lambda _path: LARGEST)
    asyncio.run(application.__rsgi__(scope, line))
    assert (line.status, line.answer) == (500, b"Internal Server Error\n")
