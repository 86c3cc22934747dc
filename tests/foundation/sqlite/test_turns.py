"""Writers get their turns in the order in which they asked, and give up in time."""

from __future__ import annotations

import threading

from qorgau.foundation.sqlite.turns import Turns


def test_turns_are_taken_in_the_order_of_asking() -> None:
    turns = Turns()
    taken: list[int] = []

    def write(number: int) -> None:
        assert turns.take(60)
        taken.append(number)
        turns.give()

    assert turns.take(60)
    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        while turns.waiting < number + 1:
            pass
    turns.give()
    for thread in threads:
        thread.join()
    assert taken == list(range(8))


def test_whoever_gave_up_waiting_is_not_called() -> None:
    turns = Turns()
    assert turns.take(60)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(60)
