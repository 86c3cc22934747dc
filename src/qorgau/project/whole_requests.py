"""Requests are read whole, and answers written whole, before and after a thread works on them.

A thread works on one request at a time and there are few of them. If a thread read the body of a
request itself, a handful of senders that stop in the middle would hold all of them, and the server
would answer nobody. Here the event loop reads bodies and sends answers, with a limit on how slow
the other side may be; threads get whole requests and leave whole answers.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

logger = logging.getLogger(__name__)

# A sender has this long before the first byte of a body, and for each byte at the slowest rate
# that still is a connection: 300 MB over a poor line take hours, and may.
PATIENCE_SECONDS = 15.0
SLOWEST_BYTES_PER_SECOND = 2_000
IN_MEMORY_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
# RFC 9110, section 5.3: fields of one name are one list; cookies have their own separator.
_SEPARATORS = {"cookie": "; "}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WholeRequests:
    """An RSGI application around a WSGI one, which works in ``threads`` threads.

    ``largest_body`` returns how many bytes a request to a path may have.
    """

    def __init__(
        self, application: Application, *, threads: int, largest_body: Callable[[str], int]
    ) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._largest_body = largest_body

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        with (
            SpooledTemporaryFile(IN_MEMORY_BYTES) as body,
            SpooledTemporaryFile(IN_MEMORY_BYTES) as written,
        ):
            answer = _Answer(written)
            try:
                length = await self._read_body(scope, protocol, body)
            except TimeoutError:
                answer.refuse(HTTPStatus.REQUEST_TIMEOUT)
            else:
                environ = environ_of(scope, body, length)
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._threads, self._work, environ, answer)
            await answer.send(protocol)

    async def _read_body(self, scope: Any, protocol: Any, body: IO[bytes]) -> int:
        """Write the body of the request into ``body``; return how long the request says it is.

        Of a body that is too large nothing is kept. The application refuses it by its length, in
        its own words; a browser shows them if what it still sends is taken for a while.
        """
        headers = scope.headers
        stated = headers.get("content-length") or ""
        if not stated and not headers.get("transfer-encoding"):
            return 0
        largest = self._largest_body(scope.path)
        begun, received = asyncio.get_running_loop().time(), 0
        chunks = aiter(protocol)
        while received <= 2 * largest:
            patience = PATIENCE_SECONDS + received / SLOWEST_BYTES_PER_SECOND
            try:
                async with asyncio.timeout_at(begun + patience):
                    # With a default, Python 3.11 crashes on awaitables that are not its own.
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                break
            received += len(chunk)
            if received <= largest:
                body.write(chunk)
        if received > largest:
            body.seek(0)
            body.truncate()
        body.seek(0)
        return max(received, int(stated) if stated.isdecimal() else 0)

    def _work(self, environ: dict[str, Any], answer: _Answer) -> None:
        try:
            answer.take(self._application(environ, answer.start))
        except Exception:
            logger.exception("A request ended without an answer.")
            answer.refuse(HTTPStatus.INTERNAL_SERVER_ERROR)


class _Answer:
    """What the application answered, whole; large ones are in a file without a name."""

    def __init__(self, body: IO[bytes]) -> None:
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._body = body

    def start(
        self, status: str, headers: list[tuple[str, str]], _problem: object = None
    ) -> Callable[[bytes], int]:
        """``start_response`` of PEP 3333."""
        self._status, self._headers = int(status.split(" ", 1)[0]), headers
        return self._body.write

    def take(self, parts: Iterable[bytes]) -> None:
        try:
            for part in parts:
                self._body.write(part)
        finally:
            # Django ends the request here, and gives its connections back.
            getattr(parts, "close", lambda: None)()

    def refuse(self, status: HTTPStatus) -> None:
        self._body.seek(0)
        self._body.truncate()
        self.start(
            f"{status} {status.phrase}",
            [("content-type", "text/plain; charset=utf-8"), ("connection", "close")],
        )
        self._body.write(f"{status.phrase}\n".encode())

    async def send(self, protocol: Any) -> None:
        length = self._body.tell()
        self._body.seek(0)
        if length <= CHUNK_BYTES:
            protocol.response_bytes(self._status, self._headers, self._body.read())
            return
        stream = protocol.response_stream(self._status, self._headers)
        try:
            while chunk := self._body.read(CHUNK_BYTES):
                async with asyncio.timeout(
                    PATIENCE_SECONDS + CHUNK_BYTES / SLOWEST_BYTES_PER_SECOND
                ):
                    await stream.send_bytes(chunk)
        except (TimeoutError, RuntimeError):
            # The reader is gone or takes nothing; nothing can be said to it any more.
            return


def environ_of(scope: Any, body: IO[bytes], length: int) -> dict[str, Any]:
    """The environment of PEP 3333 for a request whose body was read."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # An underscore would give a header the name of another one, such as X_Forwarded_For.
        if "_" in name or name in {"content-length", "content-type"}:
            continue
        key = f"HTTP_{name.upper().replace('-', '_')}"
        before = environ.get(key)
        separator = _SEPARATORS.get(name, ",")
        environ[key] = value if before is None else f"{before}{separator}{value}"
    environ["CONTENT_LENGTH"] = str(length) if length else ""
    environ["CONTENT_TYPE"] = scope.headers.get("content-type") or ""
    return environ
