"""SQLite keeps what was written, in order, in a file beside the database until it is emptied."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

# Who reads at this moment keeps the file from being emptied; the next time does it.
_WAIT_MILLISECONDS = 100


def empty_write_ahead_log() -> None:
    """Write it into the database and empty it, so that it does not tell the order of writes.

    Connections stay open between requests; closing the last one would do the same.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        return
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {usual}")
