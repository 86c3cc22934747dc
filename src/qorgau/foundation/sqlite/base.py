"""Django's SQLite with the lock held no longer than a transaction needs (decision 0023).

A transaction waits for its turn in the process, commits without waiting for the disk, gives the
turn on, and only then waits, together with others, until its bytes are on the disk. Nothing goes
on after ``COMMIT`` before that: what was answered is durable, as with SQLite's own
``synchronous=FULL``, which single statements outside of a transaction still use.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from qorgau.foundation.sqlite.shared_syncs import SharedSyncs, sync_file
from qorgau.foundation.sqlite.turns import Turns


@dataclass
class Writers:
    """What the connections of this process to one file share."""

    syncs: SharedSyncs
    turns: Turns = field(default_factory=Turns)


_writers: dict[str, Writers] = {}
_guard = threading.Lock()


def writers_of(database: str) -> Writers:
    with _guard:
        if database not in _writers:
            log = Path(f"{database}-wal")
            _writers[database] = Writers(SharedSyncs(partial(sync_file, log)))
        return _writers[database]


class DatabaseWrapper(base.DatabaseWrapper):
    # None where there is no write-ahead log, as in memory: then all is as Django has it.
    _writers: Writers | None = None
    _has_turn = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (sync,) = connection.execute("PRAGMA synchronous").fetchone()
        is_durable = mode == "wal" and sync >= 2
        self._writers = writers_of(str(self.settings_dict["NAME"])) if is_durable else None
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._writers is not None:
            self._take_turn(self._writers)
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn()
            raise

    def _take_turn(self, writers: Writers) -> None:
        if not writers.turns.take(self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked")
        self._has_turn = True
        self.connection.execute("PRAGMA synchronous=NORMAL")

    def _commit(self) -> None:
        super()._commit()
        if self._has_turn:
            self._give_turn()
            self._writers.syncs.wait()

    def _rollback(self) -> None:
        super()._rollback()
        self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn(is_closed=True)

    def _give_turn(self, *, is_closed: bool = False) -> None:
        if not self._has_turn:
            return
        self._has_turn = False
        try:
            # Refused inside a transaction, which is where a failed rollback leaves a connection.
            if not is_closed and not self.connection.in_transaction:
                self.connection.execute("PRAGMA synchronous=FULL")
        finally:
            self._writers.turns.give()
