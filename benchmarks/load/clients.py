"""Many clients that send reports at once, in one process that does little else.

A client opens a connection, sends a report, reads the answer, and does the same with its next one,
as a phone does. All of them are non-blocking sockets in one thread, the requests were written
before the clock starts, and of an answer only the first line and the receipt code are looked at: a
report costs this process a small part of what it costs the server. How much of a processor it took
is told, so that it can be seen that the server was what was waited for.

    python benchmarks/load/clients.py < load.json

reads ``{"port": 8000, "tokens": [...], "units": [...], "reports": 3000, "clients": 64,
"is_anonymous": false}`` and writes the seconds that each report took.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
import uuid
from dataclasses import dataclass
from typing import Any


@dataclass
class Sent:
    """A report on its way."""

    at: float
    rest: memoryview
    received: bytearray


def requests_of(load: dict[str, Any], first: int, number: int) -> list[bytes]:
    return [request(load, n) for n in range(first, first + number)]


def request(load: dict[str, Any], n: int) -> bytes:
    body = {
        "submission_key": uuid.uuid4().hex,
        "kind": "near_miss",
        "occurred_at": "2026-05-06T09:30:00+05:00",
        "narrative": "A lorry rolled back a metre; nobody stood behind it.",
        "unit": load["units"][n % len(load["units"])],
    }
    if load["is_anonymous"]:
        body |= {"is_anonymous": True, "precision": "day"}
    sent = json.dumps(body).encode()
    token = load["tokens"][n % len(load["tokens"])]
    head = (
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


class Clients:
    def __init__(self, port: int, waiting: list[bytes]) -> None:
        self.port = port
        self.waiting = waiting
        self.seconds: list[float] = []
        self.selector = selectors.DefaultSelector()

    def send_all(self, clients: int) -> None:
        for _client in range(clients):
            self._send_next()
        while self.selector.get_map():
            for key, _events in self.selector.select():
                self._go_on(key.fileobj, key.data)

    def _send_next(self) -> None:
        if not self.waiting:
            return
        connection = socket.socket()
        connection.setblocking(False)
        sent = Sent(time.perf_counter(), memoryview(self.waiting.pop()), bytearray())
        connection.connect_ex(("127.0.0.1", self.port))
        self.selector.register(connection, selectors.EVENT_WRITE, sent)

    def _go_on(self, connection: Any, sent: Sent) -> None:
        if sent.rest:
            sent.rest = sent.rest[connection.send(sent.rest) :]
            if not sent.rest:
                self.selector.modify(connection, selectors.EVENT_READ, sent)
            return
        got = connection.recv(65536)
        sent.received += got
        if got:
            return
        self.seconds.append(time.perf_counter() - sent.at)
        self.selector.unregister(connection)
        connection.close()
        if not sent.received.startswith(b"HTTP/1.1 200") or b'"receipt_code"' not in sent.received:
            raise SystemExit(f"A report was not taken: {sent.received[:300]!r}")
        self._send_next()


def main() -> int:
    load = json.load(sys.stdin)
    warm = Clients(load["port"], requests_of(load, 0, load["warm_up"]))
    warm.send_all(load["clients"])
    measured = Clients(load["port"], requests_of(load, load["warm_up"], load["reports"]))
    start, worked = time.perf_counter(), time.process_time()
    measured.send_all(load["clients"])
    wall, worked = time.perf_counter() - start, time.process_time() - worked
    json.dump({"seconds": measured.seconds, "wall": wall, "worked": worked}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
