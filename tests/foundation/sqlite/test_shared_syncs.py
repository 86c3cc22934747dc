"""Who waits for the disk returns after a sync that began later than the own write."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from qorgau.foundation.sqlite.shared_syncs import SharedSyncs

WRITERS = 8


def test_a_sync_that_was_running_already_is_not_enough() -> None:
    written: list[int] = []
    on_disk: list[int] = []
    numbers = count()

    def sync() -> None:
        # What is written while it runs may be missed.
        held = list(written)
        threading.Event().wait(0.001)
        on_disk[:] = held

    syncs = SharedSyncs(sync)

    def write() -> bool:
        mine = next(numbers)
        written.append(mine)
        syncs.wait()
        return mine in on_disk

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [pool.submit(write) for _write in range(500)]
    assert all(answer.result() for answer in answers)


def test_those_who_come_during_a_sync_share_the_next_one() -> None:
    began, may_end = threading.Semaphore(0), threading.Semaphore(0)
    n_syncs = count(1)
    last = 0

    def sync() -> None:
        nonlocal last
        last = next(n_syncs)
        began.release()
        may_end.acquire()

    syncs = SharedSyncs(sync)
    with ThreadPoolExecutor(WRITERS) as pool:
        first = pool.submit(syncs.wait)
        began.acquire()
        others = [pool.submit(syncs.wait) for _writer in range(WRITERS - 1)]
        while syncs.waiting < WRITERS - 1:
            assert not any(other.done() for other in others)
        may_end.release()
        first.result()
        began.acquire()
        assert not any(other.done() for other in others)
        may_end.release()
        for other in others:
            other.result()
    assert last == 2


def test_after_a_failed_sync_nobody_is_told_that_it_is_on_the_disk() -> None:
    failures = [OSError("the disk is gone")]

    def sync() -> None:
        if failures:
            raise failures.pop()

    syncs = SharedSyncs(sync)
    with pytest.raises(OSError, match="gone"):
        syncs.wait()
    with pytest.raises(OSError, match="earlier"):
        syncs.wait()
