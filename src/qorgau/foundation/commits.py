"""On PostgreSQL the lock of the journal is given on before the disk has the bytes.

All writers queue for the head of the journal, and PostgreSQL keeps a row locked until the commit
is on the disk: as many commits as the disk has syncs. So a transaction that holds the head commits
without waiting (``synchronous_commit = off``), and a second, empty one waits for all that was
written up to it, together with those of others (decision 0023). SQLite does the same in
``foundation/sqlite``.
"""

from __future__ import annotations

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Part of a query inside the transaction; its end, and a return to a savepoint, undo it.
COMMIT_WITHOUT_WAITING = "set_config('synchronous_commit', 'off', true)"
# A commit waits for the disk only if its transaction wrote something. This writes 50 bytes into
# the log of PostgreSQL, and nothing into a table.
_WAIT = "SELECT pg_logical_emit_message(true, 'qorgau', '')"


def wait_after_commit(connection: BaseDatabaseWrapper) -> None:
    """After the commit, and before anybody is answered, wait until it is on the disk."""
    hooks = (hook for _savepoints, hook, _is_robust in connection.run_on_commit)
    if not any(hook is _wait for hook in hooks):
        transaction.on_commit(_wait)


def _wait() -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_WAIT)
