"""Writers of one process come one after the other, in the order in which they asked."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock that goes to whoever has waited longest.

    SQLite lets a writer that finds the database locked sleep and try again, longer each time: who
    comes later often gets it earlier, and some wait many times as long as others.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def take(self, seconds: float) -> bool:
        """Wait for the turn; False if it did not come within that time."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=seconds):
            return True
        with self._guard:
            if called in self._waiting:
                self._waiting.remove(called)
                return False
        # The turn came in this very moment.
        return True

    def give(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
