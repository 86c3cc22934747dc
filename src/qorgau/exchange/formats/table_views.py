"""Open files of tables as views: Parquet or CSV, of any size, read by DuckDB as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Memory that DuckDB may use while it sorts; the rest goes to a temporary folder.
MEMORY_LIMIT = "600MB"


def connect(folder: Path) -> DuckDBPyConnection:
    """Open a database in memory; data that does not fit goes to a folder.

    Raises
    ------
    FormatError
        When DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise FormatError(
            gettext_noop("DuckDB, which reads these tables, is missing: install qorgau[tables].")
        ) from None
    # DuckDB reads only files of this machine and loads nothing from the network.
    return duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """Turn an error of DuckDB into a sentence about the file."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise FormatError(
            gettext_noop("%(name)s cannot be read: %(reason)s"),
            name=name,
            reason=str(error).partition("\n")[0],
        ) from None


def open_view(
    base: DuckDBPyConnection,
    table: str,
    path: Path,
    *,
    needed: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> None:
    """Open a file under the name of its table; optional columns that it lacks are empty.

    Parameters
    ----------
    base : DuckDBPyConnection
    table : str
        Name of the view.
    path : Path
        A ``.parquet`` file, or several with ``*`` in the name; any other file is CSV.
    needed, optional : tuple of str
        Columns; every cell of the view is text, NULL when absent or empty in the file.

    Raises
    ------
    FormatError
        When the file is missing or unreadable, or lacks a column.
    """
    if "*" not in path.name and not path.is_file():
        raise FormatError(gettext_noop("There is no file %(path)s."), path=str(path))
    # Every cell stays text until it is needed, so that an error can name it.
    reader = (
        "read_parquet($path)"
        if path.suffix.lower() == ".parquet"
        else "read_csv($path, header = true, all_varchar = true)"
    )
    quoted = str(path).replace("'", "''")
    source = reader.replace("$path", f"'{quoted}'")
    with in_sentences(path.name):
        described = base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    there = {row[0].strip().lower(): row[0] for row in described}
    for name in needed:
        if name not in there:
            raise FormatError(
                gettext_noop("%(path)s has no column “%(column)s”. It needs: %(needed)s."),
                path=path.name,
                column=name,
                needed=", ".join(needed),
            )
    columns = []
    for name in (*needed, *optional):
        given = '"' + there[name].replace('"', '""') + '"' if name in there else "NULL"
        columns.append(f"nullif(trim(CAST({given} AS VARCHAR)), '') AS \"{name}\"")
    base.execute(f"CREATE VIEW {table} AS SELECT {', '.join(columns)} FROM {source}")
