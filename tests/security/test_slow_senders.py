"""Whoever sends slowly, or stops in the middle, holds a connection and nobody else's answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.how_long import how_many
from tests.security.host import Browser, Host, Served

N_SENDERS = how_many(60, 500)
N_QUESTIONS = how_many(5, 100)
# With this cookie, which anybody can have, the body is read: it may hold the token of the form.
COOKIE = f"Cookie: csrftoken={'x' * 32}\r\n"
HEAD = f"POST /receipt/ HTTP/1.1\r\nHost: localhost\r\n{COOKIE}"
FORM = f"{HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
LARGE_FILE = "/static/vendor/maplibre-gl-csp.js"
HALF_SENT = {
    "a head that ends in its middle": HEAD,
    "no body": f"{FORM}Content-Length: 100\r\n\r\n",
    "half a body": f"{FORM}Content-Length: 100\r\n\r\ncode=half",
    "a chunk without an end": f"{FORM}Transfer-Encoding: chunked\r\n\r\n10\r\ncode=",
    "a file that stops": (
        f"{FORM.replace('/receipt/', '/imports/')}Content-Length: 90000000\r\n\r\n" + "x" * 100_000
    ),
    "an answer that nobody reads": (
        "GET /static/vendor/maplibre-gl-csp.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    ),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Host(tmp_path_factory.mktemp("slow")).serve()
    yield server
    server.kill()


def test_half_sent_requests_keep_nobody_waiting(served: Served) -> None:
    begun = list(HALF_SENT.values())
    connections = []
    for at in range(N_SENDERS):
        connection = socket.create_connection(("127.0.0.1", served.port), timeout=60)
        connection.sendall(begun[at % len(begun)].encode())
        connections.append(connection)
    for _question in range(N_QUESTIONS):
        status, text = Browser(served.port).ask("GET", "/receipt/")
        assert status == 200
        assert "</html>" in text
    for connection in connections:
        connection.close()


def test_a_request_in_small_pieces_is_answered(served: Served) -> None:
    body = b"code=ABCDEFGH"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(f"{FORM}Content-Length: {len(body)}\r\n\r\n".encode())
        for at in range(len(body)):
            connection.sendall(body[at : at + 1])
        assert connection.recv(12) == b"HTTP/1.1 403", "the form lacks its token, as it should"


def test_what_is_too_large_is_refused_by_the_application(served: Served) -> None:
    body = b"[" + b"1," * 6_000_000 + b"1]"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        head = "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = connection.recv(65_536).decode()
    assert answer.startswith("HTTP/1.1 4")
    assert "application/problem+json" in answer
