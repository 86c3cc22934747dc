"""Many writers wait for the disk together: one sync serves all who committed before it began."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

# Where a file's times are not written as well, a sync takes less.
_sync = getattr(os, "fdatasync", os.fsync)


def sync_file(path: Path) -> None:
    # Opened anew each time: SQLite removes the log and creates another one.
    with path.open("r+b") as file:
        _sync(file.fileno())


class SharedSyncs:
    """Syncs of one file, each shared by everyone who waits for it.

    Whoever comes while a sync runs waits for the next one, as the running one may have begun
    before the bytes of the newcomer were written.
    """

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._changed = threading.Condition()
        self._asked = 0
        self._begun = 0
        self._done = 0
        self._is_running = False
        self._failure: Exception | None = None

    @property
    def waiting(self) -> int:
        """How many wait for a sync that has not begun."""
        return self._asked - self._begun

    def wait(self) -> None:
        """Return when all that this thread has written is on the disk.

        Once a sync has failed none can be trusted: the system drops what it could not write and
        says so only once. Everyone who waits from then on gets the same failure, until the
        process starts anew and reads what is really there.
        """
        with self._changed:
            self._asked += 1
            mine = self._asked
            while self._done < mine and self._is_running:
                self._changed.wait()
            self._refuse_after_failure()
            if self._done >= mine:
                return
            covered = self._begun = self._asked
            self._is_running = True
        try:
            self._sync()
        except Exception as failure:
            self._failure = failure
            raise
        finally:
            with self._changed:
                self._is_running = False
                if self._failure is None:
                    self._done = covered
                self._changed.notify_all()

    def _refuse_after_failure(self) -> None:
        if self._failure is not None:
            raise OSError("The disk did not take an earlier write.") from self._failure
