"""A limit delays an address, forgets it, and never holds it in the clear."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from qorgau.foundation import rate_limits
from qorgau.foundation.rate_limits import KEY_SECONDS, RateLimit


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> RateLimit:
    return RateLimit(most=3, seconds=60, seconds_now=clock)


def test_the_allowance_is_used_up_and_grows_back(limit: RateLimit, clock: Clock) -> None:
    assert [limit.wait_seconds("10.0.0.7") for _try in range(4)] == [0, 0, 0, 20]
    clock.seconds += 19
    assert limit.wait_seconds("10.0.0.7") == 1
    clock.seconds += 1
    assert limit.wait_seconds("10.0.0.7") == 0
    assert limit.wait_seconds("10.0.0.7") == 20


def test_who_waits_as_long_as_was_said_may_go_on(limit: RateLimit, clock: Clock) -> None:
    for _try in range(20):
        clock.seconds += limit.wait_seconds("10.0.0.7")
    assert limit.wait_seconds("10.0.0.7") in (0, 20)


def test_a_refused_try_costs_nothing(limit: RateLimit, clock: Clock) -> None:
    for _try in range(50):
        limit.wait_seconds("10.0.0.7")
    clock.seconds += 20
    assert limit.wait_seconds("10.0.0.7") == 0


def test_one_address_does_not_delay_another(limit: RateLimit) -> None:
    for _try in range(5):
        limit.wait_seconds("10.0.0.7")
    assert limit.wait_seconds("10.0.0.8") == 0


def test_the_allowance_never_grows_past_its_most(limit: RateLimit, clock: Clock) -> None:
    limit.wait_seconds("10.0.0.7")
    clock.seconds += 3600
    assert [limit.wait_seconds("10.0.0.7") for _try in range(4)][-1] > 0


def test_no_address_is_held_in_the_clear_and_its_key_is_replaced_daily(
    limit: RateLimit, clock: Clock
) -> None:
    limit.wait_seconds("10.20.30.40")
    held = pickle.dumps((limit._allowances, limit._key))
    assert b"10.20.30.40" not in held
    before = (limit._key, set(limit._allowances))
    clock.seconds += KEY_SECONDS
    limit.wait_seconds("10.20.30.40")
    assert limit._key != before[0]
    assert not before[1] & set(limit._allowances)


def test_idle_addresses_are_forgotten(
    limit: RateLimit, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "MOST_ADDRESSES", 10)
    for host in range(10):
        limit.wait_seconds(f"10.0.0.{host}")
    clock.seconds += 3600
    limit.wait_seconds("10.0.1.1")
    assert len(limit._allowances) == 1


def test_tries_at_the_same_moment_are_counted_each() -> None:
    limit = RateLimit(most=50, seconds=3600, seconds_now=lambda: 0.0)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(limit.wait_seconds, ["10.0.0.7"] * 200))
    assert waits.count(0) == 50
