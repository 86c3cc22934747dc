"""Several writers at once: a database that threads share, and threads that wait for each other."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections


@contextmanager
def database_for_threads(folder: Path) -> Iterator[None]:
    """On SQLite a file with the settings of a host, in place of the tests' database in memory."""
    usual = connections["default"]
    if usual.vendor != "sqlite":
        yield
        return
    usual.ensure_connection()
    file = str(folder / "register.sqlite3")
    copy = sqlite3.connect(file)
    usual.connection.backup(copy)
    copy.close()
    usual_settings = connections.settings["default"]
    connections.settings["default"] = {**usual_settings, "NAME": file}
    connections["default"] = connections.create_connection("default")
    # As on a host, the file was opened before: the first to open it turns its journal to WAL.
    connections["default"].ensure_connection()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = usual_settings
        connections["default"] = usual


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Start every work at the same moment, each in a thread with a connection of its own."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]
