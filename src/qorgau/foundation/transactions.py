"""One transaction, done again when the database ended it for the sake of another one.

On PostgreSQL two transactions may each wait for what the other holds; the database then ends one
of them. Or a row under the same unique key is written between our reading and our writing. Done
again, a transaction begins with what the other one left. On SQLite writers queue from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, transaction

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MOST_TRIES = 5
# By PostgreSQL: serialization failure, deadlock, and a unique key that is taken.
_ENDED_FOR_ANOTHER = frozenset(("40001", "40P01", "23505"))


def one_transaction(service: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Make a service one transaction. It changes none of its arguments: it may run again."""

    @wraps(service)
    def run(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        return in_one_transaction(lambda: service(*arguments, **named))

    return run


def in_one_transaction(
    work: Callable[[], Result], *, undo: Callable[[], object] | None = None
) -> Result:
    """Do the work in one transaction; ``undo`` what it remembers elsewhere before it is done again.

    Within another transaction it is a part of that one, which alone can be done again.
    """
    tries = 1 if transaction.get_connection().in_atomic_block else MOST_TRIES
    for tries_left in range(tries - 1, -1, -1):
        try:
            with transaction.atomic():
                return work()
        except DatabaseError as error:
            if not tries_left or not _was_ended_for_another(error):
                raise
            if undo is not None:
                undo()
    raise AssertionError("The last try returns or raises.")


def _was_ended_for_another(error: DatabaseError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _ENDED_FOR_ANOTHER
