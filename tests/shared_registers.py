"""Registers that many tests begin with: written once, then lent to one test after the other.

A fixture made by ``shared_register`` gives each test a copy of its own of what was made. The rows
are in a transaction around those of the tests: what a test changes is undone, and the rows remain
until a test needs another register or an empty one. Tests that need the same register run one
after the other.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

Make = Callable[[], Any]


class Lender:
    """Holds the rows of at most one register, and what its maker returned."""

    def __init__(self) -> None:
        # Lets the database be reached outside of a test; known once there is a database.
        self.unblock: Callable[[], AbstractContextManager[None]] | None = None
        self._wanted: Make | None = None
        self._make: Make | None = None
        self._made: Any = None
        self._around: transaction.Atomic | None = None

    def want(self, make: Make | None) -> None:
        """Say before a test which register it begins with; None is the empty one."""
        self._wanted = make
        if self.unblock is not None:
            self.prepare_wanted()

    def prepare_wanted(self) -> None:
        """Leave the rows of the wanted register in the database, and no others."""
        if self._wanted is self._make or self.unblock is None:
            return
        with self.unblock(), translation.override("en"):
            self._clear()
            if self._wanted is not None:
                self._prepare(self._wanted)

    def copy_of(self, make: Make) -> Any:
        assert make is self._make, "the register was prepared before the test"
        return pickle.loads(self._made)

    def close(self) -> None:
        assert self.unblock is not None
        with self.unblock():
            self._clear()
        self.unblock = None

    def _prepare(self, make: Make) -> None:
        assert not connection.in_atomic_block, "a shared register needs an empty database"
        self._around, self._make = transaction.atomic(), make
        self._around.__enter__()
        try:
            # A copy is read from this in a third of the time of copying what was made.
            self._made = pickle.dumps(make())
        except BaseException:
            self._clear()
            raise

    def _clear(self) -> None:
        if self._around is not None:
            transaction.set_rollback(True)
            self._around.__exit__(None, None, None)
        self._around = self._make = self._made = None


LENDER = Lender()
# Their tests come first: the first tests that a worker gets are many, so one worker has them all.
TAKES_LONG: set[Make] = set()


def shared_register(make: Make, *, takes_long: bool = False) -> Any:
    """A fixture that lends each test what ``make`` writes into the empty database."""
    if takes_long:
        TAKES_LONG.add(make)

    def lend(request: pytest.FixtureRequest, db: None) -> Any:
        if runs_without_transaction(request.node):
            return make()
        return LENDER.copy_of(make)

    lend.__doc__ = make.__doc__
    lend.makes_register = make  # type: ignore[attr-defined]
    return pytest.fixture(lend)


def runs_without_transaction(item: Any) -> bool:
    """Whether the test leaves its rows behind, after which Django empties every table."""
    mark = item.get_closest_marker("django_db")
    is_said = mark is not None and bool(mark.kwargs.get("transaction"))
    return is_said or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def register_of(item: Any) -> Make | None:
    """What makes the register that a test begins with."""
    if runs_without_transaction(item):
        return None
    fixtures = item._fixtureinfo.name2fixturedefs
    functions = [fixtures[name][-1].func for name in item.fixturenames if name in fixtures]
    found = {makes for each in functions if (makes := getattr(each, "makes_register", None))}
    if len(found) > 1:
        raise pytest.UsageError(f"{item.nodeid} begins with two registers; it can have one.")
    return found.pop() if found else None


def side_by_side(items: list[Any]) -> list[Any]:
    """The same tests, those of one register after each other, those without transaction last.

    Those whose register takes long to make come first.
    """
    places: dict[Make | None, int] = {}
    order = {}
    for item in items:
        make = register_of(item)
        is_last = runs_without_transaction(item)
        order[item] = (is_last, make not in TAKES_LONG, places.setdefault(make, len(places)))
    return sorted(items, key=order.__getitem__)
