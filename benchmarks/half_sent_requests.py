"""Do normal requests stay fast while others hold half-sent ones?

A server as ``qorgau serve`` starts it, on SQLite. The peer is the same server before the half-sent
requests came, in the same run. The limit is one second for 99 of 100 requests.

    python benchmarks/half_sent_requests.py [--connections 500] [--requests 300]
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.security.host import Browser, Host
from tests.security.test_slow_senders import HALF_SENT

LIMIT_SECONDS = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--requests", type=int, default=300)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder:
        served = Host(Path(folder)).serve()
        try:
            alone = report("alone", waits(served.port, arguments.requests))
            held = hold(served.port, arguments.connections)
            among = report(
                f"with {arguments.connections} half-sent", waits(served.port, arguments.requests)
            )
            print(f"ratio {among / alone:.1f}, limit {LIMIT_SECONDS * 1_000:.0f} ms")
            for connection in held:
                connection.close()
        finally:
            served.kill()
    return 0 if among <= LIMIT_SECONDS else 1


def hold(port: int, n: int) -> list[socket.socket]:
    begun = list(HALF_SENT.values())
    held = [socket.create_connection(("127.0.0.1", port), timeout=60) for _connection in range(n)]
    for at, connection in enumerate(held):
        connection.sendall(begun[at % len(begun)].encode())
    return held


def waits(port: int, n: int) -> list[float]:
    taken = []
    for _request in range(n):
        begun = time.perf_counter()
        status, _text = Browser(port).ask("GET", "/receipt/")
        taken.append(time.perf_counter() - begun)
        assert status == 200
    return sorted(taken)


def report(name: str, taken: list[float]) -> float:
    p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    print(f"{name:24} p50 {p50 * 1_000:6.1f} ms   p99 {p99 * 1_000:6.1f} ms")
    return p99


if __name__ == "__main__":
    sys.exit(main())
