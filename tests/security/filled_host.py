"""A host whose register is a copy of the one that a test filled, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection
from psycopg.conninfo import make_conninfo

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.identity.services import issue_api_token
from qorgau.records.reporting.services import make_reporting_point
from tests.security.host import PASSWORD, Host
from tests.world import World
from tools.with_postgres import Cluster, throw_away_cluster

LEFT_LONG_AGO = "leftlongagowithoutsigningout00"
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@dataclass
class Known:
    """What somebody on the host knows: an account, a poster, a unit, and a token."""

    username: str
    poster: str
    unit: str
    token: str


def fill(world: World) -> Known:
    """A sender, a poster, and a session of somebody who left long ago without signing out."""
    sender = world.inside[Role.REPORTER]
    # Tests sign in with a digest that no host takes.
    sender.password = PBKDF2PasswordHasher().encode(PASSWORD, "a salt of a test", iterations=1000)
    sender.save()
    point = make_reporting_point(unit=world.company, place="Gate 2", acting_user=None)
    Session.objects.all().delete()
    Session.objects.create(
        session_key=LEFT_LONG_AGO,
        session_data="x",
        expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    )
    token = issue_api_token(user=sender, name="phone", acting_user=None)
    return Known(sender.username, point.code, world.company.code, token)


@dataclass
class FilledHost(Host):
    open: Callable[[], Any] = lambda: None

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with closing(self.open()) as database:
            answer: list[tuple[Any, ...]] = database.execute(question).fetchall()
        return answer

    def every_row(self) -> dict[str, list[str]]:
        """The rows of every table, written out."""
        names = [name for (name,) in self.ask(TABLES[connection.vendor])]
        return {name: [str(row) for row in self.ask(f'SELECT * FROM "{name}"')] for name in names}


@contextmanager
def host_with_copy(folder: Path, *, is_own_cluster: bool = False) -> Iterator[FilledHost]:
    """Copy the test's register, which is in no transaction.

    With its own cluster, PostgreSQL can be killed as well.
    """
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield _with_file(folder)
    elif is_own_cluster:
        with throw_away_cluster(is_durable=True) as cluster:
            _copy_into(cluster)
            yield _with_postgres(folder, cluster.connection, cluster)
    else:
        with _copied_beside() as name:
            yield _with_postgres(folder, _database_of_tests(name))


def _with_file(folder: Path) -> FilledHost:
    path = folder / "qorgau.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return FilledHost(folder, _environment(), open=lambda: sqlite3.connect(path))


def _with_postgres(folder: Path, where: str, cluster: Cluster | None = None) -> FilledHost:
    environment = _environment() | {"QORGAU_POSTGRES": where}
    return FilledHost(folder, environment, 2, cluster, open=lambda: psycopg.connect(where))


def _environment() -> dict[str, str]:
    """Digests in the copy were made with the key of the tests."""
    return {"QORGAU_SECRET_KEY": settings.SECRET_KEY}


@contextmanager
def _copied_beside() -> Iterator[str]:
    name, copied = f"host_{uuid.uuid4().hex}", _name()
    # PostgreSQL copies a database that nobody uses.
    connection.close()
    server = _database_of_tests("postgres")
    with closing(psycopg.connect(server, autocommit=True)) as maintenance:
        maintenance.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"'.encode())
        try:
            yield name
        finally:
            maintenance.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _copy_into(cluster: Cluster) -> None:
    dump = [cluster.programs / "pg_dump", "--no-owner", "--dbname", _database_of_tests(_name())]
    dumped = subprocess.run(dump, capture_output=True, check=True).stdout
    restore = [cluster.programs / "psql", "--quiet", "--dbname", cluster.connection]
    subprocess.run(restore, input=dumped, stdout=subprocess.DEVNULL, check=True)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _database_of_tests(name: str) -> str:
    return make_conninfo(os.environ["QORGAU_POSTGRES"], dbname=name)
